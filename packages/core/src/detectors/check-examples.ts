import { expandExample, type Pack, type Recogniser } from '@flyball/detectors';
import type { Finding } from '../contract/detector.ts';
import { compileWithContext } from '../detection/compile-with-context.ts';
import { runDetector } from '../detection/run-detector.ts';
import { lookingDetector } from './looking.ts';
import { prepare } from './preparations.ts';
import { isToken, detectorOf } from './recogniser.ts';
import { tokenFind } from './token-find.ts';

/** The work of `checkExamples`. In a module of its own, because it brings the scanner along. */
export async function examplesGoneWrong(pack: Pack): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const recogniser of Object.values(pack.parts).flat()) {
    const spans = await finder(recogniser, pack);
    for (const written of recogniser.finds) {
      const { text, start, end } = expandExample(written);
      const found = await spans(text);
      if (found !== `${start}-${end}`)
        problems.push(`${recogniser.type} should find ${start}-${end} in \`${text}\`, and found ${found || 'nothing'}`);
    }
    for (const written of recogniser.ignores) {
      const { text } = expandExample(written);
      const found = await spans(text);
      if (found !== '') problems.push(`${recogniser.type} should find nothing in \`${text}\`, and found ${found}`);
    }
  }
  return problems;
}

/** A detector that is code and slower than this is broken. */
const LONGEST_MS = 30_000;

/** How a recogniser alone is asked about a text. */
async function finder(recogniser: Recogniser, pack: Pack): Promise<(text: string) => Promise<string>> {
  if (recogniser.looking !== undefined) {
    const detector = lookingDetector(recogniser, pack, compileWithContext);
    await prepare(detector);
    const prompts = recogniser.prompt === undefined ? [] : [recogniser.prompt];
    return async (text) => {
      const answer = await runDetector(
        detector,
        { text, channel: 'text', path: 'text', settled: 0, prompts },
        { deadlineMs: LONGEST_MS },
      );
      return answer.ok ? spansOf(text.length, answer.findings) : answer.code;
    };
  }
  const tokens = recogniser.forms.map(({ find }) => find).filter(isToken);
  const detector = detectorOf(
    { recogniser, version: pack.version, except: [] },
    tokens.length === 0 ? undefined : tokenFind(tokens),
  );
  const set = await compileWithContext(detector.patterns!);
  return async (text) => {
    const found: Omit<Finding, 'type' | 'score'>[] = [];
    const scan = set.open((_, start, end) => void found.push({ start, end }));
    scan.write(text);
    scan.end();
    return spansOf(text.length, found);
  };
}

/** What is found, matches that overlap as one: `4-8 12-15`. */
function spansOf(length: number, findings: readonly Omit<Finding, 'type' | 'score'>[]): string {
  const found = new Uint8Array(length + 1);
  for (const { start, end } of findings) found.fill(1, start, end);
  const spans: string[] = [];
  for (let at = 0; at < length; at++) {
    if (found[at] !== 1) continue;
    const start = at;
    while (found[at] === 1) at++;
    spans.push(`${start}-${at}`);
  }
  return spans.join(' ');
}
