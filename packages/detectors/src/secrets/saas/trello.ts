import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Trello. */
export const trello: Recogniser = {
  type: 'secret.trello',
  name: 'Trello (trello)',
  forms: [issued(['ATTA'], /ATTA[a-f0-9]{64}[A-F0-9]{8}/)],
  source: 'Trello; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «ATTA{hex:64}{HEX:8}» x'],
  ignores: ['ATTAyour_key_goes_here_xxxxxxxxxxxx'],
};
