import { describe, expect, it } from 'vitest';
import { compileWithContext } from '../detection/compile-with-context.ts';
import type { PatternSet } from '../scanner/types.ts';
import { detectorsFor } from './catalogue.ts';
import { loadPacks } from './packs.ts';

const PROSE = `The governor of a steam engine keeps its speed by closing the valve as the engine runs faster. James Watt fitted
one to his engines in 1788, after a device that millers had long used to set the gap between their stones. It doesn't measure the load, it
reads the speed alone: two weights, a spindle, an arm. When a machine is started at 9:30 and stopped at 17:45, on 3 October or
12 November, the weights have risen and fallen some 4,000 times (give or take 50). Customers who'd ordered part no. 7-114 were told
"it's on its way", and that a well-known, self-acting regulator — the first of its kind — would follow within two weeks.\n`;

async function packs(...names: readonly string[]): Promise<PatternSet> {
  const { detectors } = detectorsFor(
    names.map((use) => ({ use, except: [] })),
    [],
    await loadPacks(names, []),
  );
  return compileWithContext(detectors.flatMap((detector) => detector.patterns!));
}

/** Units that wait after each unit of prose, on average. */
function meanHeld(set: PatternSet): number {
  const scan = set.open(() => {
    throw new Error('nothing is there to find');
  });
  let held = 0;
  for (const unit of PROSE) {
    scan.write(unit);
    held += scan.position - scan.hold;
  }
  return held / PROSE.length;
}

describe('the packs', () => {
  it('hold at most 4 units of prose on average', async () => {
    const withEmail = meanHeld(await packs('pii', 'secrets'));
    expect(withEmail).toBeLessThanOrEqual(4);
    expect(withEmail).toBeGreaterThan(1);
  });

  it('give the scanner no reason to warn', async () => {
    expect((await packs('pii', 'secrets')).warnings).toEqual([]);
  });
});
