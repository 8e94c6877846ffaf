import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** age encryption; it has a check, bech32, which is not demanded: a mangled token is worth hiding too. */
export const age: Recogniser = {
  type: 'secret.age',
  name: 'age encryption (age)',
  forms: [issued(['AGE-SECRET-KEY-1'], /AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}/)],
  source: 'age encryption, documentation',
  since: '0.2.0',
  finds: ['key «AGE-SECRET-KEY-1{BECH32:58}» x'],
  ignores: ['AGE-SECRET-KEY-1your_key_goes_here_xxxxxxxxxxxx'],
};
