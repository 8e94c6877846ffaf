import { kindsIn, ZERO_WIDTH } from '../../attack/invisible.ts';
import type { Recogniser } from '../../recogniser.ts';

/** A run of one kind is padding, as mails have it before their text. */
const carriesData = (run: string): boolean => (run.length >= 8 ? kindsIn(run) >= 2 : kindsIn(run) >= 3);

/**
 * Two kinds of zero-width characters are the two digits of a number: eight of them are a letter. One character alone
 * has its uses: the joiner of emoji, the non-joiner of Persian and Indic scripts, the byte order mark at the beginning
 * of a file.
 */
export const zeroWidth: Recogniser = {
  type: 'hidden.zero_width',
  name: 'Data in zero-width characters',
  exceptable: false,
  forms: [
    {
      find: new RegExp(`(?<![${ZERO_WIDTH}])[${ZERO_WIDTH}]{4,}(?![${ZERO_WIDTH}])`),
      score: 1,
      accepts: (run) => carriesData(run),
    },
    // One behind each letter: a word that no list of words finds, or data spread over a text.
    { find: new RegExp(`(?:[A-Za-z][${ZERO_WIDTH}]{1,8}){4}`), score: 0.9 },
    { find: new RegExp(`[A-Za-z](?:[ ,.]?[${ZERO_WIDTH}]{2,8}[ ,.]?[A-Za-z]){3}`), score: 0.9 },
  ],
  source: 'Unicode Standard, chapter 23: format characters',
  since: '0.2.0',
  finds: [
    'The report«\u200B\u200C\u200B\u200B\u200C\u200C\u200B\u200C» is attached.',
    'Please «i\u200Bg\u200Bn\u200Bo\u200Br\u200B»e it.',
    'Sum«\u2062\u2064\u200B\u2063»mary',
  ],
  ignores: [
    '\uFEFFid,name\n1,Ann',
    'family \u{1F468}\u200D\u{1F469}\u200D\u{1F467}\u200D\u{1F466}',
    '\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645 \u06A9\u062A\u0627\u0628\u200C\u0647\u0627',
    'a_very_long\u200B_name\u200B_that may break',
    'Hello\u200C\u200C\u200C\u200C\u200C\u200C\u200C\u200C\u200C\u200C',
  ],
  limits: 'data in a single kind of character, or one character here and there',
};
