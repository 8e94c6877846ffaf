import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Anthropic. */
export const anthropicAdmin: Recogniser = {
  type: 'secret.anthropic_admin',
  name: 'Anthropic (anthropic-admin)',
  forms: [issued(['sk-ant-admin'], /sk-ant-admin\d\d-[\w-]{80,120}/)],
  source: 'Anthropic; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «sk-ant-admin{digits:1}{digits:1}-{base62:80}» x'],
  ignores: ['sk-ant-adminyour_key_goes_here_xxxxxxxxxxxx'],
};
