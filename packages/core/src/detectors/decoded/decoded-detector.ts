import type { Recogniser } from '@flyball/detectors';
import type { Detector, Finding, Pattern } from '../../contract/detector.ts';
import { nextTurn } from '../../scanner/run/next-turn.ts';
import { SLICE_WORK } from '../../scanner/run/work.ts';
import type { PatternSet } from '../../scanner/types.ts';
import { defineDetector } from '../detector.ts';
import { unescaped } from './escapes.ts';
import { respelled } from './respelled.ts';
import { decodedRuns } from './runs.ts';
import type { View } from './view.ts';

/** What was encoded may be encoded again. */
const DEPTH = 3;
/** Views of one text: more are made by nobody who writes one by hand. */
const MOST_VIEWS = 64;
/** Letters of an order in text that nobody sees. */
const CONCEALED = /[a-z]{2,}[^a-z]+[a-z]{2,}/i;
const CONCEALED_SCORE = 0.9;

/** Streams are looked at in windows that overlap by half: an encoded order of half a window is seen whole. */
const WINDOW = { size: 2048, stride: 1024 } as const;

/**
 * A detector that decodes what a text encodes and looks there for `patterns`. Reports its own type, at the place of
 * what was encoded, with the score of what was found. `compiled` compiles once, and whoever assembles a policy asks for
 * it before the first event.
 */
export function decodedDetector(
  { type }: Recogniser,
  version: string,
  patterns: readonly Pattern[],
  compiled: () => Promise<PatternSet>,
): Detector {
  return defineDetector({
    id: type,
    version,
    types: [type],
    window: WINDOW,
    async detect({ text, signal }) {
      const found = new Map<string, Finding>();
      let left = MOST_VIEWS;
      const look = async (views: readonly View[], depth: number, back: View['spanOf']): Promise<void> => {
        for (const view of views) {
          if (left-- <= 0 || signal.aborted) return;
          const origin: View['spanOf'] = (start, end) => back(...view.spanOf(start, end));
          const report = (score: number, start: number, end: number): void => {
            const [from, to] = origin(start, end);
            const key = `${from}-${to}`;
            if (from < to && (found.get(key)?.score ?? 0) < score)
              found.set(key, { type, score, start: from, end: to });
          };
          if (view.concealed === true && CONCEALED.test(view.text)) report(CONCEALED_SCORE, 0, view.text.length);
          await scan(await compiled(), patterns, view.text, report);
          if (depth < DEPTH) await look(viewsOf(view.text), depth + 1, origin);
        }
      };
      await look(viewsOf(text), 1, (start, end) => [start, end]);
      return [...found.values()];
    },
  });
}

function viewsOf(text: string): readonly View[] {
  const plain = unescaped(text);
  return [...decodedRuns(text), ...(plain === undefined ? [] : [plain]), ...respelled(text)];
}

async function scan(
  set: PatternSet,
  patterns: readonly Pattern[],
  text: string,
  report: (score: number, start: number, end: number) => void,
): Promise<void> {
  const stream = set.open((pattern, start, end) => report(patterns[pattern]!.score ?? 1, start, end));
  let at = 0;
  while ((at = stream.writeSome(text, at, SLICE_WORK)) < text.length) await nextTurn();
  stream.end();
}
