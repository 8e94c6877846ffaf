import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Descope management key. */
export const descope: Recogniser = {
  type: 'secret.descope',
  name: 'Descope management key',
  forms: [marked('P2[A-Za-z0-9]{25}:K2[A-Za-z0-9]{25,60}')],
  source: 'Descope, documentation',
  since: '0.3.0',
  finds: ['key «P2{base62:25}:K2{base62:25}» x'],
  ignores: ['P2your_key_goes_here:K2'],
};
