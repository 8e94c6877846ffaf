import { isPlaceholder } from '../../check/placeholder.ts';
import { looksIssued } from '../../check/random.ts';
import { VALUE } from '../../form/value.ts';
import type { Recogniser } from '../../recogniser.ts';

/** The id of a key right before it, and little more than the name of the secret in between. */
const BEHIND_ID = /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])[^]{1,40}$/;

/** The secret half of an AWS key: 40 signs that say nothing by themselves, behind the id that does. */
export const awsSecretKey: Recogniser = {
  type: 'secret.aws_secret_key',
  name: 'AWS secret access key behind its id',
  exceptable: false,
  forms: [
    {
      find: VALUE,
      score: 1,
      accepts: (match, before) =>
        /^[A-Za-z0-9/+]{40}$/.test(match) &&
        !/^[0-9a-f]+$/.test(match) &&
        BEHIND_ID.test(before) &&
        looksIssued(match) &&
        !isPlaceholder(match),
    },
  ],
  source: 'AWS IAM user guide, managing access keys',
  since: '0.5.0',
  finds: ['access_key = "AKIAQ7RK2VZX6LMT4PWC"\nsecret_key = "«{base62:40}»"', 'AKIAQ7RK2VZX6LMT4PWC / «{base62:40}»'],
  ignores: ['AKIAQ7RK2VZX6LMT4PWC in commit {hex:40}', 'secret_key = "{base62:40}"'],
};
