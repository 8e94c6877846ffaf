import type { Recogniser } from '../../recogniser.ts';

const AT =
  '(?:\\[ ?(?:at|AT|At|ät|arroba|a|@) ?\\]|\\( ?(?:at|AT|At|ät|arroba|a|@) ?\\)|\\{ ?(?:at|AT|@) ?\\}|< ?(?:at|AT) ?>|- ?(?:at|AT) ?-|_AT_)';
const DOT =
  '(?: ?(?:\\[ ?(?:dot|DOT|punkt|punto|\\.) ?\\]|\\( ?(?:dot|DOT|punkt|punto|\\.) ?\\)|\\{ ?(?:dot|DOT|\\.) ?\\}|< ?(?:dot|DOT) ?>|- ?(?:dot|DOT) ?-|_DOT_) ?| dot | DOT | punto | punkt |\\.)';
/** Between brackets: the host of an address whose `@` is one. */
const BRACKET_DOT = '(?: ?(?:\\[ ?(?:dot|DOT|punkt|\\.) ?\\]|\\( ?(?:dot|DOT|punkt|\\.) ?\\)) ?| dot | DOT )';
const WORD_DOT = '(?: dot | DOT | punto | punkt )';
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,40}[A-Za-z0-9])?';
/** In plain words only what every reader takes for a domain. */
const TOP =
  '(?:com|org|net|edu|gov|io|co|de|fr|uk|eu|es|it|nl|ch|at|pl|se|no|dk|fi|pt|br|mx|in|jp|cn|ru|info|biz|dev|app|ai|me|example)';
/** Does not end with a dot: a sentence that is over is no beginning. */
const LOCAL = '(?<![A-Za-z0-9._+-])[A-Za-z0-9](?:[A-Za-z0-9._+-]{0,62}[A-Za-z0-9_+-])?';

/**
 * E-mail addresses spelled out: `ada [at] acme [dot] example`, `ada at acme dot example`. On request, `use:
 * pii/spelled`: any word may be followed by ` at `, so every space behind a word is held until the next sign has come.
 */
export const email: Recogniser = {
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
    // Only the dot is spelled, or there are spaces around the sign.
    {
      find: new RegExp(`${LOCAL} ?@ ?${LABEL}(?:${BRACKET_DOT}${LABEL}){1,3}(?![A-Za-z0-9])`),
      score: 0.9,
    },
    {
      find: new RegExp(`${LOCAL}(?: @ ?|@ )${LABEL}(?:\\.${LABEL}){0,2}\\. ?${TOP}(?![A-Za-z0-9])`),
      score: 0.8,
    },
  ],
  source: 'how people write them',
  since: '0.2.0',
  finds: [
    'Write to «ada [at] acme [dot] example».',
    'Mail «ada(at)acme.example»',
    'mail «ada at acme dot example», please',
    '«ada[@]acme[.]example»',
    '«ada @ acme.example»',
    '«ada@acme(dot)example»',
    '«ada_AT_acme_DOT_example»',
  ],
  ignores: ['meet me at the station', 'look at polka dot dresses', 'a [at] b', 'two @ 3.50 each', 'look_at_me.html'],
};
