import { expandExample, type Pack } from '@flyball/detectors';
import type { PatternSet } from '../scanner/types.ts';
import { compileWithContext } from '../detection/context-set.ts';
import { isToken, detectorOf } from './recogniser.ts';
import { tokenFind } from './token-find.ts';

/** The work of `checkExamples`. In a module of its own, because it brings the scanner along. */
export async function examplesGoneWrong(pack: Pack): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const recogniser of Object.values(pack.parts).flat()) {
    const tokens = recogniser.forms.map(({ find }) => find).filter(isToken);
    const detector = detectorOf(
      { recogniser, version: pack.version, except: [] },
      tokens.length === 0 ? undefined : tokenFind(tokens),
    );
    const set = await compileWithContext(detector.patterns!);
    for (const written of recogniser.finds) {
      const { text, start, end } = expandExample(written);
      const found = spansIn(set, text);
      if (found !== `${start}-${end}`)
        problems.push(`${recogniser.type} should find ${start}-${end} in \`${text}\`, and found ${found || 'nothing'}`);
    }
    for (const written of recogniser.ignores) {
      const { text } = expandExample(written);
      const found = spansIn(set, text);
      if (found !== '') problems.push(`${recogniser.type} should find nothing in \`${text}\`, and found ${found}`);
    }
  }
  return problems;
}

/** What is found, matches that overlap as one: `4-8 12-15`. */
function spansIn(set: PatternSet, text: string): string {
  const found = new Uint8Array(text.length + 1);
  const scan = set.open((_, start, end) => void found.fill(1, start, end));
  scan.write(text);
  scan.end();
  const spans: string[] = [];
  for (let at = 0; at < text.length; at++) {
    if (found[at] !== 1) continue;
    const start = at;
    while (found[at] === 1) at++;
    spans.push(`${start}-${at}`);
  }
  return spans.join(' ');
}
