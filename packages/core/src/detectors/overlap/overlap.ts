import { decodedText } from '@flyball/detectors';
import { GRAM, lettersOf, REACH, tellingWords, type PromptIndex } from './prompt-index.ts';

/** A stretch that repeats a prompt, and how surely. */
export interface Repeated {
  readonly score: number;
  readonly start: number;
  readonly end: number;
}

/** Letters in a row that nobody says by chance: seven or eight words. Of a short prompt most of it. */
const ENOUGH = 40;
const SHORT = 0.75;
const FEWEST = 24;

/** What of a text repeats a prompt: word for word, in whichever way it is spelled; else by its words. */
export function repeatedIn(text: string, prompt: PromptIndex): readonly Repeated[] {
  if (prompt.grams.size === 0) return [];
  const exact = [...verbatim(text, prompt), ...encoded(text, prompt)];
  return exact.length > 0 ? exact : paraphrased(text, prompt);
}

function verbatim(text: string, prompt: PromptIndex): readonly Repeated[] {
  const { text: letters, from } = lettersOf(text);
  const place = (start: number, end: number): Repeated => ({ score: 1, start: from[start]!, end: from[end - 1]! + 1 });
  const forwards = runs(letters, prompt).map(([start, end]) => place(start, end));
  if (forwards.length > 0) return forwards;
  const backwards = letters.split('').reverse().join('');
  return runs(backwards, prompt).map(([start, end]) => place(letters.length - end, letters.length - start));
}

/** Stretches all of whose grams are the prompt's. */
function runs(letters: string, { grams, letters: length }: PromptIndex): readonly (readonly [number, number])[] {
  const enough = Math.max(FEWEST, Math.min(ENOUGH, Math.ceil(length * SHORT)));
  const found: [number, number][] = [];
  let start = -1;
  for (let at = 0; at + GRAM <= letters.length + 1; at++) {
    const isShared = at + GRAM <= letters.length && grams.has(letters.slice(at, at + GRAM));
    if (isShared && start < 0) start = at;
    if (isShared || start < 0) continue;
    const end = at - 1 + GRAM;
    if (end - start >= enough) found.push([start, end]);
    start = -1;
  }
  return found;
}

const RUN = /[A-Za-z0-9+/_-]{32,}={0,2}/g;
/** Signs of base64 that hold whole bytes. */
const QUANTUM = 4;

/** A window of a stream may cut a run anywhere: each of the four places at which it may begin is tried. */
function encoded(text: string, prompt: PromptIndex): readonly Repeated[] {
  const found: Repeated[] = [];
  for (const { 0: run, index } of text.matchAll(RUN)) {
    for (let skip = 0; skip < QUANTUM; skip++) {
      const whole = run.slice(skip, run.length - ((run.length - skip) % QUANTUM));
      const said = decodedText(whole) ?? decodedText(whole.slice(0, -QUANTUM));
      if (said === undefined || verbatim(said, prompt).length === 0) continue;
      found.push({ score: 1, start: index, end: index + run.length });
      break;
    }
  }
  return found;
}

/** Telling words that are looked at together, and how many of them must stand as they do in the prompt. */
const GROUP = 14;
const SHARE = 0.7;
const PARAPHRASE_SCORE = 0.6;

function paraphrased(text: string, { pairs }: PromptIndex): readonly Repeated[] {
  const words = tellingWords(text);
  if (words.length < GROUP) return [];
  const isShared = words.map(() => false);
  for (const [at, { stem }] of words.entries()) {
    for (let next = at + 1; next <= at + REACH && next < words.length; next++) {
      if (!pairs.has(`${stem} ${words[next]!.stem}`)) continue;
      isShared[at] = true;
      isShared[next] = true;
    }
  }
  for (let at = 0; at + GROUP <= words.length; at++) {
    const shared = isShared.slice(at, at + GROUP).filter(Boolean).length;
    if (shared >= GROUP * SHARE)
      return [{ score: PARAPHRASE_SCORE, start: words[at]!.start, end: words[at + GROUP - 1]!.end }];
  }
  return [];
}
