import { describe, expect, it } from 'vitest';
import { isEqual, compare, expected } from './compare.ts';
import { chunked, type GateCase } from './policy-case.ts';
import { RealGate } from './real-gate.ts';
import { CASES_PER_POLICY, emptyTally, runPolicy } from './run-cases.ts';

const SEED = 1;
const POLICIES = Number(process.env['LEAK_POLICIES'] ?? 100);

describe('the gate against the reference', () => {
  it(
    `G1, G2, G5, G6: ${POLICIES * CASES_PER_POLICY} random cases leak nothing, hold nothing needlessly and end alike (seed ${SEED})`,
    { timeout: 60_000 + POLICIES * 400 },
    async () => {
      const tally = emptyTally();
      for (let number = 0; number < POLICIES; number++) await runPolicy(SEED, number, tally);
      const { cases, leakedChars, needlessHolds, mismatches, failures } = tally;
      expect({ leakedChars, needlessHolds, mismatches, failures }).toEqual({
        leakedChars: 0,
        needlessHolds: 0,
        mismatches: 0,
        failures: [],
      });
      expect(cases).toBe(POLICIES * CASES_PER_POLICY);
      expect(tally.stopped).toBeGreaterThan(POLICIES / 3);
    },
  );
});

describe('the comparison', () => {
  const policy: GateCase = {
    patterns: [{ type: 'k', source: 'KEY\\d', flags: '' }],
    reactions: { k: { kind: 'redact', mask: '[K]' } },
    arrivals: [{ channel: 'text', block: 'b', text: 'my KEY1 is' }],
  };
  const cut = chunked(policy.arrivals, () => 4);
  const released = (...texts: readonly string[]) => ({
    stopped: false,
    cutPairs: 0,
    facts: '',
    moments: texts.map((text) => new Map([['text/b', text]])),
  });

  it('accepts the gate', async () => {
    const gate = await RealGate.compile(policy);
    expect(isEqual(compare(expected(policy), cut, gate.run(cut)))).toBe(true);
    expect(isEqual(compare(expected(policy), cut, released('my ', 'my [K] ', 'my [K] is', 'my [K] is')))).toBe(true);
  });

  it('counts a leak, a needless hold and a wrong end', () => {
    expect(compare(expected(policy), cut, released('my K', 'my [K] ', 'my [K] is', 'my [K] is'))).toMatchObject({
      leakedChars: 1,
    });
    expect(compare(expected(policy), cut, released('my', 'my [K] ', 'my [K] is', 'my [K] is'))).toEqual({
      leakedChars: 0,
      needlessHolds: 1,
      mismatch: false,
    });
    expect(compare(expected(policy), cut, released('my ', 'my [K] ', 'my [K] i', 'my [K] i'))).toMatchObject({
      mismatch: true,
    });
    expect(
      compare(expected(policy), cut, { ...released('my ', 'my [K] ', 'my [K] is', 'my [K] is'), stopped: true }),
    ).toMatchObject({ mismatch: true });
  });
});
