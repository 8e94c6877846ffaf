import type { Recogniser } from '../../recogniser.ts';

const AT = '(?:\\[ ?(?:at|AT|ät) ?\\]|\\( ?(?:at|AT|ät) ?\\)|\\{ ?(?:at|AT) ?\\})';
const DOT =
  '(?: ?(?:\\[ ?(?:dot|DOT|punkt) ?\\]|\\( ?(?:dot|DOT|punkt) ?\\)|\\{ ?(?:dot|DOT) ?\\}) ?| dot | DOT | punto | punkt |\\.)';
const WORD_DOT = '(?: dot | DOT | punto | punkt )';
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,40}[A-Za-z0-9])?';
/** In plain words only what every reader takes for a domain. */
const TOP =
  '(?:com|org|net|edu|gov|io|co|de|fr|uk|eu|es|it|nl|ch|at|pl|se|no|dk|fi|pt|br|mx|in|jp|cn|ru|info|biz|dev|app|ai|me|example)';
const LOCAL = '(?<![A-Za-z0-9._+-])[A-Za-z0-9][A-Za-z0-9._+-]{0,63}';

/** E-mail addresses spelled out: `ada [at] acme [dot] example`, `ada at acme dot example`. */
export const emailSpelled: Recogniser = {
  type: 'pii.email.spelled',
  name: 'E-mail address, spelled out',
  fold: true,
  forms: [
    { find: new RegExp(`${LOCAL} ?${AT} ?${LABEL}(?:${DOT}${LABEL}){1,3}(?![A-Za-z0-9])`), score: 0.9 },
    {
      find: new RegExp(
        `${LOCAL} (?:at|AT|arroba|chez) ${LABEL}(?:${WORD_DOT}${LABEL}){0,2}${WORD_DOT}${TOP}(?![A-Za-z0-9])`,
      ),
      score: 0.8,
    },
  ],
  source: 'how people write them',
  since: '0.2.0',
  finds: [
    'Write to «ada [at] acme [dot] example».',
    'Mail «ada(at)acme.example»',
    'mail «ada at acme dot example», please',
  ],
  ignores: ['meet me at the station', 'look at polka dot dresses', 'a [at] b'],
};
