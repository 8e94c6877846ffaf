import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** AWS. */
export const awsMws: Recogniser = {
  type: 'secret.aws_mws',
  name: 'AWS (aws-mws)',
  forms: [marked('amzn\\.mws\\.[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}')],
  source: 'AWS; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «amzn.mws.{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}» x'],
  ignores: ['amznyour_key_goes_here_xxxxxxxxxxxx'],
};
