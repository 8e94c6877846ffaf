import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../packages/core/src/policy/canonical-json.ts';
import { compilePolicy } from '../../packages/core/src/policy/compile.ts';
import { decide } from '../../packages/core/src/decision/decide.ts';
import { loadPolicy } from '../../packages/core/src/policy/document/load.ts';
import { settle } from '../../packages/core/src/decision/settle.ts';
import { referenceDecide } from '../reference/decide.ts';
import { decisionVectors, ledgerEntry, readLedger } from './decisions.ts';

const ledger = readLedger();

describe.each(decisionVectors())(
  'decision vectors of $file',
  ({ policy: document, detectors, behaviorVersion, cases }) => {
    const compiled = loadPolicy(document).then((loaded) => compilePolicy(loaded, detectors));

    test('D5: the policy compiles to the published behaviour version', async () => {
      expect((await compiled).behaviorVersion).toBe(behaviorVersion);
    });

    test.each(cases)('$name', async ({ event, findings, snapshot, ruling, answers, settled }) => {
      const decided = decide(await compiled, event, findings, snapshot);
      expect(decided).toEqual(ruling);
      expect(canonicalJson(decided)).toBe(canonicalJson(ruling));
      expect(canonicalJson(referenceDecide(await compiled, event, findings, snapshot))).toBe(canonicalJson(ruling));
      if (answers !== undefined) expect(settle(decided, answers)).toEqual(settled);
    });

    test('D5: no vector changed since it was published under its behaviour version', async () => {
      for (const vector of cases) {
        const { facts, ruling } = await ledgerEntry(vector);
        expect(ledger[behaviorVersion]?.[facts], `${vector.name}: run publish-decisions.ts`).toBe(ruling);
        expect(vector.ruling.behaviorVersion).toBe(behaviorVersion);
      }
    });
  },
);
