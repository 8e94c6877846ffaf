import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compare, expected, isEqual } from '../../leaktest/compare.ts';
import { chunked, type GateCase } from '../../leaktest/policy-case.ts';
import { RealGate } from '../../leaktest/real-gate.ts';

interface ReleaseCase extends GateCase {
  readonly name: string;
  readonly expected: {
    readonly stopped: boolean;
    readonly released: readonly { readonly channel: string; readonly block: string; readonly text: string }[];
  };
}

const cases = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8')) as ReleaseCase);

/** As the case says, unit by unit, in pairs, and as long as possible. */
const CUTS = [undefined, 1, 2, 1000];

describe('release cases', () => {
  it.each(cases.map((releaseCase) => [releaseCase.name, releaseCase] as const))('%s', async (_, releaseCase) => {
    const { blocks, stoppedAt } = expected(releaseCase);
    const released = blocks.map(({ channel, block, text }) => ({ channel, block, text }));
    expect({ stopped: stoppedAt !== undefined, released }, 'the reference').toEqual(releaseCase.expected);

    const gate = await RealGate.compile(releaseCase);
    const { facts } = gate.run(chunked(releaseCase.arrivals, () => 1));
    for (const cut of CUTS) {
      const arrivals = cut === undefined ? releaseCase.arrivals : chunked(releaseCase.arrivals, () => cut);
      const difference = compare(expected(releaseCase), arrivals, gate.run(arrivals), facts);
      expect(isEqual(difference), `the gate, cut ${cut ?? 'as given'}: ${JSON.stringify(difference)}`).toBe(true);
    }
  });
});
