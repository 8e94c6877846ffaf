import { plainWords, type Form } from '@flyball/detectors';
import type { PatternContext } from '../contract/detector.ts';

/** Units around the word that the scanner finds in which the rest of a phrase is looked for. */
const BEFORE = 160;
const BEHIND = 100;

/** What stands around the word that was found decides whether it belongs to a phrase. */
export function phraseContext({ upTo, behind }: NonNullable<Form['phrase']>): PatternContext {
  return {
    before: BEFORE,
    after: BEHIND,
    asWritten: true,
    accepts(match, before, after) {
      const phrase = phraseIn(upTo, before + match);
      if (phrase === undefined) return false;
      const start = quotedStart(before + match, phrase);
      if (after === undefined) return start === undefined && behind === undefined ? true : undefined;
      if (behind !== undefined && phraseIn(behind, after) === undefined) return false;
      return start === undefined || !isMention(before + match, start, after);
    },
  };
}

/** Many phrases are asked about one text in a row. */
let lastText = '';
let lastPlain = '';

function plainOf(text: string): string {
  if (text !== lastText) {
    lastPlain = plainWords(text);
    lastText = text;
  }
  return lastPlain;
}

/**
 * Cyrillic and Greek letters that look like Latin ones. The word itself is found by the scanner, with its own, larger
 * table.
 */
const IMITATING =
  '\u0430\u0435\u043E\u0440\u0441\u0445\u0443\u0456\u0458\u0455\u04BB\u0501\u051B\u051D\u03BF\u03B1\u03BD\u03C1\u03B9\u0131\u0261\u0578\u057D';
const IMITATED = 'aeopcxyijshdqwoavpiignu';
const LOOK_ALIKE = new RegExp(`[${IMITATING}]`, 'g');

/** What of the text the form matches, in plain words, or with look-alikes as Latin letters. `undefined` if nothing. */
function phraseIn(form: RegExp, text: string): string | undefined {
  const plain = plainOf(text);
  const found = form.exec(plain);
  if (found !== null) return found[0];
  if (!LOOK_ALIKE.test(plain)) return undefined;
  LOOK_ALIKE.lastIndex = 0;
  return form.exec(plain.replaceAll(LOOK_ALIKE, (letter) => IMITATED[IMITATING.indexOf(letter)]!))?.[0];
}

const QUOTES = '"\'`\u2018\u2019\u201C\u201D\u201E\u00AB\u00BB';
const QUOTE = new RegExp(`[${QUOTES}]`, 'g');
/** Units up to the end of the quote: it holds the phrase and nothing else, or little else. */
const ALONE = 12;
const NEARLY_ALONE = 60;
const MENTIONS =
  /\b(?:quot\w+|phrases?|words?|examples?|e\.g|such as|like|called|sentences?|strings?|texts?|says?|said|displays?|attack\w*|payloads?|injections?|asserts?\w*|detect\w*|flag\w*|fixtures?|samples?|let|const|studies|paraphrases|includ\w+|explains?|why|avoid|against|not follow|mention\w*|label\w*|transcripts?|compare\w*|discuss\w*)\b[^.!?\n]{0,40}$/i;

/** Where a phrase begins that stands right behind an opening quote. `undefined` if it does not. */
function quotedStart(text: string, phrase: string): number | undefined {
  for (const { index } of text.matchAll(QUOTE))
    if (plainWords(text.slice(index + 1)) === phrase.trimStart()) return index + 1;
  return undefined;
}

/**
 * The phrase is quoted as an example of its kind, by whoever warns of it, tests for it or writes about it. Whoever
 * obeys what stands in such a quote has nothing to do.
 */
function isMention(text: string, start: number, after: string): boolean {
  const end = after.search(QUOTE);
  if (end < 0 || end > NEARLY_ALONE) return false;
  const before = text.slice(0, start - 1);
  // Behind a word: the value of a field stands behind a colon.
  return MENTIONS.test(before) || (end <= ALONE && /[\p{L}\p{N}] $/u.test(before));
}
