import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Anthropic. */
export const anthropicApi: Recogniser = {
  type: 'secret.anthropic_api',
  name: 'Anthropic (anthropic-api)',
  forms: [issued(['sk-ant-api'], /sk-ant-api\d\d-[\w-]{80,120}/)],
  source: 'Anthropic; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «sk-ant-api{digits:1}{digits:1}-{base62:80}» x'],
  ignores: ['sk-ant-apiyour_key_goes_here_xxxxxxxxxxxx'],
};
