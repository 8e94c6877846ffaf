import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Ruling } from '../../packages/core/src/contract/ruling.ts';
import { canonicalJson } from '../../packages/core/src/policy/canonical-json.ts';
import { compilePolicy } from '../../packages/core/src/policy/compile.ts';
import type { CompiledPolicy, CompiledRule } from '../../packages/core/src/policy/compiled.ts';
import { decide } from '../../packages/core/src/decision/decide.ts';
import type { PolicyDocument, RuleDocument } from '../../packages/core/src/policy/document/document.ts';
import { loadPolicy } from '../../packages/core/src/policy/document/load.ts';
import { PolicyError } from '../../packages/core/src/policy/document/policy-error.ts';
import { referenceDecide } from '../reference/decide.ts';
import { CATALOGUE, policyDocuments, random, situation } from './decide-arbitraries.ts';
import type { Situation } from './decide-arbitraries.ts';

const compile = async (document: PolicyDocument): Promise<CompiledPolicy> =>
  compilePolicy(await loadPolicy(document), CATALOGUE);

/**
 * Runs `check` on `events` random situations for each of `policies` random policies. A failure prints policy and seed.
 */
async function forAll(
  policies: number,
  events: number,
  check: (policy: CompiledPolicy, situation: Situation, document: PolicyDocument) => void | Promise<void>,
): Promise<number> {
  let pairs = 0;
  await fc.assert(
    fc.asyncProperty(policyDocuments, fc.integer({ min: 0 }), async (document, seed) => {
      const policy = await compile(document);
      const rng = random(seed);
      for (let i = 0; i < events; i++) {
        await check(policy, situation(rng), document);
        pairs++;
      }
    }),
    { numRuns: policies },
  );
  return pairs;
}

const rule = (policy: CompiledPolicy, situation: Situation): Ruling =>
  decide(policy, situation.event, situation.findings, situation.snapshot);

const matchedRules = (policy: CompiledPolicy, { event }: Situation, ruling: Ruling): readonly CompiledRule[] => {
  const ids = new Set(ruling.rules.filter(({ shadow }) => shadow !== true).map(({ id }) => id));
  return policy.stages[event.stage].rules.filter(({ id }) => ids.has(id));
};

const NO_CONTROLS = { controls: [], cooldowns: [], limits: [], errors: [] };
const passes = (ruling: Ruling): boolean => ruling.verdict.outcome === 'ALLOW' || ruling.verdict.outcome === 'NO_OP';

/** `npm run thorough` tries 100,000 pairs. */
const POLICIES = Number(process.env['DECIDE_POLICIES'] ?? 500);
const EVENTS = 50;

describe('the decision against its reference', () => {
  test(
    `D5: engine and reference rule alike, byte for byte, on ${POLICIES * EVENTS} random pairs of policy and event`,
    { timeout: 600_000 },
    async () => {
      const seen = new Set<string>();
      const pairs = await forAll(POLICIES, EVENTS, (policy, situation) => {
        const ruling = rule(policy, situation);
        const expected = referenceDecide(policy, situation.event, situation.findings, situation.snapshot);
        if (canonicalJson(ruling) !== canonicalJson(expected)) expect(ruling).toEqual(expected);
        seen.add(ruling.verdict.reason.replace(/^P_.*/, 'P') + ruling.outcome);
      });
      expect(pairs).toBeGreaterThanOrEqual(POLICIES * EVENTS);
      // The draw is worth something only if it reaches every way a decision can end.
      expect([...seen].sort()).toMatchInlineSnapshot(`
        [
          "COOLDOWN_ACTIVECOOLDOWN",
          "COOLDOWN_ACTIVENO_OP",
          "DEFAULT_BLOCKBLOCK",
          "DEFAULT_BLOCKNO_OP",
          "EDIT_NOT_APPLICABLEBLOCK",
          "EDIT_NOT_APPLICABLENO_OP",
          "FAILED_CLOSEDBLOCK",
          "FAILED_CLOSEDNO_OP",
          "FAILED_OPENALLOW",
          "FAILED_OPENNO_OP",
          "GOVERNANCE_OFFNO_OP",
          "HALTEDBLOCK",
          "INPUT_TOO_LARGEBLOCK",
          "INPUT_TOO_LARGENO_OP",
          "LIMIT_EXCEEDEDBLOCK",
          "LIMIT_EXCEEDEDCOOLDOWN",
          "LIMIT_EXCEEDEDNO_OP",
          "MEDIA_NOT_READBLOCK",
          "MEDIA_NOT_READNO_OP",
          "NOT_GOVERNEDNO_OP",
          "NO_RULE_OBJECTEDALLOW",
          "NO_RULE_OBJECTEDNO_OP",
          "PALLOW",
          "PBLOCK",
          "PCOOLDOWN",
          "PNO_OP",
        ]
      `);
    },
  );
});

describe('the guarantees of the decision', () => {
  test('D1: no matching rule is stricter than the outcome', async () => {
    await forAll(200, 40, (policy, situation) => {
      const ruling = rule(policy, situation);
      const effects = matchedRules(policy, situation, ruling).map(({ then }) => then);
      if (effects.includes('block')) expect(ruling.verdict.outcome).toBe('BLOCK');
      else if (effects.includes('cooldown')) expect(ruling.verdict.outcome).toBe('COOLDOWN');
    });
  });

  test('D2: the order of rules and of what they list does not matter, nor does saying a rule twice', async () => {
    await forAll(200, 1, async (policy, _, document) => {
      const reversed = [...(document.rules ?? [])]
        .reverse()
        .map((each) => ({ ...each, on: [each.on].flat().toReversed() }));
      const shuffled = await compile({ ...document, rules: reversed });
      const twice = await compile({
        ...document,
        rules: [...(document.rules ?? []), ...reversed.map((each) => ({ ...each, id: `${each.id}-again` }))],
      });
      const rng = random(1);
      for (let i = 0; i < 20; i++) {
        const drawn = situation(rng);
        const ruling = rule(policy, drawn);
        expect(canonicalJson(rule(shuffled, drawn))).toBe(canonicalJson(ruling));
        const { outcome, reason, ruleId, verdict, edits, labels, retryAfterMs } = rule(twice, drawn);
        const { strikes } = rule(twice, drawn);
        expect({ outcome, reason, ruleId, verdict, edits, labels, retryAfterMs }).toEqual({
          outcome: ruling.outcome,
          reason: ruling.reason,
          ruleId: ruling.ruleId,
          verdict: ruling.verdict,
          edits: ruling.edits,
          labels: ruling.labels,
          retryAfterMs: ruling.retryAfterMs,
        });
        expect(strikes.map(({ ladder, points }) => ({ ladder, points }))).toEqual(
          ruling.strikes.map(({ ladder, points }) => ({ ladder, points })),
        );
      }
    });
  });

  test('D3: under `default: block` only a matched allow rule lets an event pass', async () => {
    await forAll(200, 40, (policy, situation) => {
      const blocked: Situation = { ...situation, snapshot: NO_CONTROLS };
      const ruling = rule(policy, blocked);
      if (policy.mode === 'off' || policy.stages[situation.event.stage].default !== 'block') return;
      const allowed = matchedRules(policy, blocked, ruling).some(({ then }) => then === 'allow');
      if (!allowed) expect(['BLOCK', 'COOLDOWN']).toContain(ruling.verdict.outcome);
    });
  });

  test('D4: a failure never removes what the evaluated part asked for, and permits nothing', async () => {
    await forAll(200, 40, (policy, situation) => {
      const sound: Situation = { ...situation, findings: { ...situation.findings, errors: [] } };
      const before = rule(policy, sound);
      const errors = [...situation.findings.errors, { part: 'detector', id: 'mail', code: 'TIMEOUT' } as const];
      const after = rule(policy, { ...sound, findings: { ...sound.findings, errors } });
      const stage = policy.stages[situation.event.stage];
      // A condition that negates a signal can hold because the signal is absent; what then is unknown was not
      // evaluated.
      const negating = stage.rules.some(({ when }) => when?.source.includes('!detected') === true);
      if (!negating && !passes(before)) expect(passes(after)).toBe(false);
      if (stage.default === 'block' && policy.mode !== 'off' && passes(after)) {
        expect(
          matchedRules(policy, sound, after).some(({ then }) => then === 'allow') ||
            after.verdict.reason === 'GOVERNANCE_OFF',
        ).toBe(true);
      }
    });
  });

  test('D5: the same policy and facts give the same ruling, however often and in whichever compilation', async () => {
    await forAll(100, 1, async (policy, _, document) => {
      const again = await compile(JSON.parse(JSON.stringify(document)) as PolicyDocument);
      expect(again.behaviorVersion).toBe(policy.behaviorVersion);
      const rng = random(2);
      for (let i = 0; i < 20; i++) {
        const drawn = situation(rng);
        const ruling = rule(policy, drawn);
        expect(canonicalJson(rule(policy, drawn))).toBe(canonicalJson(ruling));
        expect(canonicalJson(rule(again, JSON.parse(JSON.stringify(drawn)) as Situation))).toBe(canonicalJson(ruling));
        expect(Object.isFrozen(ruling)).toBe(true);
      }
    });
  });

  test('D5: nonsense among the signals neither throws nor lets an edit leave its segment unnamed', async () => {
    const nonsense = fc.record({
      type: fc.constantFrom('pii.email', 'secret', '', '__proto__', 'pii..', 'unheard.of'),
      score: fc.constantFrom(0.5, 1, Number.NaN, -1, Infinity),
      detector: fc.constantFrom('mail', 'constructor'),
      segment: fc.constantFrom('content[0]', 'nowhere', '__proto__'),
      start: fc.constantFrom(0, 3, -2, 1e9, Number.NaN),
      end: fc.constantFrom(0, 5, -1, 2e9, Number.NaN),
    });
    await fc.assert(
      fc.asyncProperty(
        policyDocuments,
        fc.array(nonsense, { maxLength: 6 }),
        fc.nat(),
        async (document, signals, seed) => {
          const policy = await compile(document);
          const drawn = situation(random(seed));
          const ruling = rule(policy, { ...drawn, findings: { ...drawn.findings, signals } });
          for (const edit of ruling.edits)
            expect(edit.start < edit.end && edit.mask !== '' && edit.segment !== '').toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('D6: a halt in scope beats everything, mode off included', async () => {
    await forAll(100, 40, (policy, situation) => {
      const halt = {
        id: 'h',
        kind: 'halt',
        scope: { tenant: situation.event.subject.tenant },
        who: 'op',
        why: 'stop',
        at: 0,
      } as const;
      const snapshot = { ...situation.snapshot, controls: [...situation.snapshot.controls, halt] };
      expect(rule(policy, { ...situation, snapshot })).toMatchObject({ outcome: 'BLOCK', reason: 'HALTED' });
    });
  });

  test('D7: shadow and enforce come to the same verdict, and shadow asks nothing of the adapter', async () => {
    const mode = (name: 'enforce' | 'shadow') =>
      ({ id: 'm', kind: 'mode', mode: name, scope: {}, who: 'op', why: 'try', at: 0 }) as const;
    await forAll(200, 40, (policy, situation) => {
      const inMode = (name: 'enforce' | 'shadow'): Ruling =>
        rule(policy, { ...situation, snapshot: { ...situation.snapshot, controls: [mode(name)] } });
      const [enforced, shadowed] = [inMode('enforce'), inMode('shadow')];
      expect(shadowed.verdict).toEqual(enforced.verdict);
      expect([shadowed.labels, shadowed.strikes, shadowed.rules]).toEqual([
        enforced.labels,
        enforced.strikes,
        enforced.rules,
      ]);
      expect(shadowed).toMatchObject({ outcome: 'NO_OP', reason: 'SHADOWED', edits: [] });
    });
  });

  test('D7: a rule in shadow changes nothing but the list of rules', async () => {
    await forAll(200, 20, async (_, situation, { masks: __, exempt: ___, ...document }) => {
      const policy = await compile(document);
      const without = (ruling: Ruling): unknown => ({
        ...ruling,
        rules: ruling.rules.filter(({ shadow }) => shadow !== true),
        errors: ruling.errors.filter(({ part }) => part !== 'condition'),
        behaviorVersion: '',
      });
      const voting = (document.rules ?? []).filter(({ mode }) => mode !== 'shadow');
      const ladders = (document.cooldowns ?? []).filter(({ id }) =>
        voting.some(({ ladder, strike }) => ladder === id || strike?.[id] !== undefined),
      );
      const bare = await compile({ ...document, rules: voting, cooldowns: ladders });
      const cooldowns = situation.snapshot.cooldowns.filter(({ ladder }) => ladders.some(({ id }) => id === ladder));
      const known = { ...situation, snapshot: { ...situation.snapshot, cooldowns, errors: [] } };
      expect(without(rule(policy, known))).toEqual(without(rule(bare, known)));
    });
  });

  test('D8: one fault anywhere in a policy that loads keeps it from loading', { timeout: 180_000 }, async () => {
    const faults: readonly ((rule: RuleDocument, document: PolicyDocument) => PolicyDocument | RuleDocument)[] = [
      (rule) => ({ ...rule, thn: 'block' }) as RuleDocument,
      (rule) => ({ ...rule, on: 'outptu' }) as unknown as RuleDocument,
      (rule) => ({ ...rule, on: [] }),
      (rule) => ({ ...rule, detect: 'pii.emial' }),
      (rule) => ({ ...rule, detect: { type: 'pii', min: 1.1 } }),
      (rule) => ({ ...rule, when: 'tool.arg.amount > 5' }),
      (rule) => ({ ...rule, when: 'subject.tenant > 5' }),
      (rule) => ({ ...rule, when: 'tool.args.amount' }),
      (rule) => ({ ...rule, when: 'detected("nothing")' }),
      (rule) => ({ ...rule, strike: { nobody: 1 } }),
      (rule) => ({ ...rule, then: 'cooldown', reason: 'P_XX', ladder: 'nobody' }),
      (rule) => ({ ...rule, then: 'blok' }) as unknown as RuleDocument,
      (rule) => ({ ...rule, then: 'block', reason: 'HALTED' }),
      (rule) => ({ ...rule, on: 'input', tool: 'refund' }),
      (rule) => ({ ...rule, then: 'allow', mask: '***' }),
      (rule, document) => ({ ...document, rules: [...(document.rules ?? []), rule] }),
      (_, document) => ({ ...document, limits: [{ id: 'l', allow: 1, per: '1m', unit: 'a b' }] }),
      (_, document) => ({ ...document, masks: { 'pii.phone': 'x' } }),
      (_, document) => ({ ...document, onErorr: 'block' }) as PolicyDocument,
    ];
    await fc.assert(
      fc.asyncProperty(policyDocuments, fc.nat(), fc.constantFrom(...faults), async (document, at, fault) => {
        const rules = document.rules ?? [];
        const index = at % Math.max(1, rules.length);
        const chosen = rules[index];
        fc.pre(chosen !== undefined);
        const broken = fault(chosen, document);
        const policy = 'policy' in broken ? broken : { ...document, rules: rules.with(index, broken) };
        await compile(document);
        await expect(compile(policy)).rejects.toThrow(PolicyError);
      }),
      { numRuns: 600 },
    );
  });
});
