import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Anthropic. */
export const anthropicOauth: Recogniser = {
  type: 'secret.anthropic_oauth',
  name: 'Anthropic (anthropic-oauth)',
  forms: [issued(['sk-ant-oat', 'sk-ant-ort'], /sk-ant-o[ar]t\d\d-[\w-]{90,110}/)],
  source: 'Anthropic, issued tokens',
  since: '0.2.0',
  finds: ['key «sk-ant-oat{digits:1}{digits:1}-{base62:90}» x'],
  ignores: ['sk-ant-oatyour_key_goes_here_xxxxxxxxxxxx'],
};
