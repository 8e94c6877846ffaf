import { afterEach, describe, expect, it } from 'vitest';
import { createMemorySink } from '../audit/memory-sink.ts';
import type { Detector } from '../contract/detector.ts';
import type { AuditRecord, DecisionRecord } from '../contract/record.ts';
import { ruleAgain, rulingIn } from '../decision/rule-again.ts';
import { compileMaterial } from '../evidence.ts';
import { createGovernor } from '../governor.ts';
import { canonicalJson } from '../policy/canonical-json.ts';
import type { CompiledPolicy } from '../policy/compiled.ts';
import type { PolicyDocument } from '../policy/document/document.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { AdapterGovernor } from './api.ts';

const SEED = Number(process.env['SEED'] ?? 7);

const POLICY = {
  policy: 'mixed',
  version: 3,
  detectors: [{ use: 'pii' }, { use: 'secrets' }, { id: 'codename', phrases: ['Project Nightjar'] }],
  maxInput: 200,
  maxHold: { units: 64, then: 'block' },
  rules: [
    { id: 'secret-out', on: 'output', detect: 'secret', then: 'block', reason: 'P_SECRET' },
    { id: 'pii-out', on: ['output', 'tool_result'], detect: 'pii', then: 'redact', reason: 'P_PII' },
    { id: 'named', on: 'tool_result', detect: 'codename', then: 'redact', extent: 'value', reason: 'P_NAMED' },
    { id: 'odd', on: 'output', detect: { type: 'odd', min: 0.5 }, then: 'block', reason: 'P_ODD' },
    {
      id: 'probe',
      on: 'input',
      detect: 'codename',
      role: 'user',
      then: 'block',
      reason: 'P_PROBE',
      strike: { abuse: 1 },
    },
    { id: 'calm', on: 'input', when: 'attributes.risk > 0.8', then: 'cooldown', ladder: 'abuse', reason: 'P_RISK' },
    { id: 'args-mask', on: 'tool_call', detect: 'pii', then: 'redact', reason: 'P_ARGS', editArgs: true },
    { id: 'cap', on: 'tool_call', tool: 'refund', when: 'tool.args.amount > 500', then: 'block', reason: 'P_CAP' },
    {
      id: 'why',
      on: 'tool_call',
      when: 'tool.args.why.contains("fraud") && count("pii") > 0.0',
      then: 'block',
      reason: 'P_WHY',
    },
    { id: 'seen', on: 'retrieval', label: 'untrusted' },
    {
      id: 'flow',
      on: 'tool_call',
      tool: 'mail',
      when: 'label("untrusted")',
      then: 'block',
      reason: 'P_FLOW',
      mode: 'shadow',
    },
  ],
  cooldowns: [{ id: 'abuse', key: ['tenant', 'user'], after: { strikes: 3, within: '10m' }, for: '1m' }],
  limits: [{ id: 'rate', allow: 40, per: '1m' }],
  facts: ['tool.args.amount'],
} as unknown as PolicyDocument;

const open: AdapterGovernor[] = [];
afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

/** Code that reports two types, of which rules read one, and fails when it is told to. */
const odd = (fails: () => boolean): Detector => ({
  id: 'odd',
  version: '1',
  types: ['odd', 'even'],
  detect({ text }) {
    if (fails()) throw new Error('the detector broke');
    return [{ type: text.length % 2 === 0 ? 'even' : 'odd', score: 0.123456789 * (text.length % 7), start: 0, end: 1 }];
  },
});

/** Lehmer's generator: the same traffic for the same seed. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => Math.floor(((state = (state * 48271) % 2147483647) / 2147483647) * below);
}

async function replayed(records: readonly AuditRecord[]): Promise<{ same: number; differ: string[] }> {
  const policies = new Map<string, CompiledPolicy>();
  for (const record of records) {
    if (record.kind !== 'policy' || record.material === undefined) continue;
    const compiled = await compileMaterial(JSON.parse(JSON.stringify(record.material)) as typeof record.material);
    expect(compiled.behaviorVersion).toBe(record.behaviorVersion);
    policies.set(compiled.behaviorVersion, compiled);
  }
  const differ: string[] = [];
  let same = 0;
  for (const record of records) {
    if (record.kind !== 'decision') continue;
    const kept = JSON.parse(canonicalJson(record)) as DecisionRecord;
    const again = ruleAgain(policies.get(kept.decision.behaviorVersion), kept);
    if (canonicalJson(again) === canonicalJson(rulingIn(kept.decision))) same++;
    else differ.push(`${kept.inputs.by} ${kept.event.stage} ${kept.decision.reason}: ${canonicalJson(again)}`);
  }
  return { same, differ };
}

describe('A4: a record alone, and the policy kept with it, make the ruling again', () => {
  it(`for every kind of mixed traffic (seed ${SEED})`, async () => {
    const sink = createMemorySink(10_000);
    let now = Date.UTC(2026, 0, 1);
    let fails = false;
    const governor = (await createGovernor({
      policy: [POLICY, { policy: 'closed', version: 1, default: 'block' }],
      audit: sink,
      store: createMemoryStore({ now: () => now }),
      detectors: [odd(() => fails)],
    })) as AdapterGovernor;
    open.push(governor);
    const roll = dice(SEED);
    const pick = <T>(list: readonly T[]): T => list[roll(list.length)]!;
    const texts = [
      'hello',
      'Project Nightjar',
      'mail a@b.example now',
      'AKIAIOSFODNN7EXAMPLE',
      'x'.repeat(201),
      '',
      '4111 1111 1111 1111',
    ];
    for (let i = 0; i < 1200; i++) {
      now += roll(20_000);
      fails = roll(10) === 0;
      const subject = { tenant: pick(['acme', 'globex']), user: `user${roll(20)}` };
      const interaction = governor.interaction(roll(40) === 0 ? undefined : subject, {
        policy: roll(25) === 0 ? pick(['closed', 'nobody']) : 'mixed',
      });
      const attributes = pick<object>([
        { risk: 0 },
        { risk: -0 },
        { risk: 0.9 },
        {},
        { risk: 'high' },
        { risk: 0.1, note: '\uD800' },
      ]);
      if (roll(60) === 0) {
        const init = { who: 'ops', why: 'drill', forMs: 1 + roll(30_000) };
        if (roll(2) === 0) await governor.control.halt(subject, init);
        else
          await governor.control.setMode({ tenant: subject.tenant }, pick(['off', 'shadow', 'enforce'] as const), init);
      }
      switch (roll(8)) {
        case 0:
        case 1:
          await governor.decide(
            interaction.event({
              stage: 'input',
              attributes,
              content: [{ text: pick(texts), role: pick(['user', 'system'] as const) }, { text: pick(texts) }],
            } as never),
          );
          break;
        case 2: {
          const args = pick<object>([
            { amount: 900 },
            { amount: 20, why: 'fraud' },
            { amount: '9' },
            {},
            { why: 'fraud', to: 'a@b.example' },
            { who_is_it: { a_b: 1 } },
            { amount: 1, why: 'gift', to: 'a@b.example' },
          ]);
          const unreadable = roll(12) === 0 ? { unreadable: ['args.some_key'] } : {};
          await governor.decide(
            interaction.event({
              stage: 'tool_call',
              resource: { tool: pick(['refund', 'mail']) },
              args,
              ...unreadable,
            } as never),
          );
          break;
        }
        case 3:
          await governor.decide(
            interaction.event({ stage: pick(['retrieval', 'tool_result'] as const), content: pick(texts) }),
          );
          break;
        case 4:
          await governor.decide(interaction.event({ stage: 'output', content: pick(texts) }));
          break;
        case 5: {
          const event = interaction.event({ stage: pick(['input', 'output'] as const), content: pick(texts) });
          const decided = roll(2) === 0 ? await governor.decide(event) : undefined;
          await governor.refuse(event, pick(['EDIT_NOT_APPLICABLE', 'PROVIDER_TOOLS'] as const), decided);
          break;
        }
        default: {
          const gate = await governor.openGate(interaction.event({ stage: pick(['output', 'tool_result'] as const) }));
          for (let part = roll(4); part >= 0; part--)
            gate.write(pick(['text', 'reasoning'] as const), pick(['a', 'b']), pick(texts));
          await (roll(4) === 0 ? gate.abort() : gate.end());
        }
      }
    }
    const { same, differ } = await replayed(sink.records());
    expect(differ.slice(0, 3)).toEqual([]);
    expect(same).toBeGreaterThan(1200);
    const made = sink.records().flatMap((record) => (record.kind === 'decision' ? [record] : []));
    // The traffic is as mixed as it claims.
    expect(new Set(made.map(({ inputs }) => inputs.by))).toEqual(
      new Set(['decide', 'gate', 'refusal', 'unknown_policy']),
    );
    const reasons = new Set(made.map(({ decision }) => decision.verdict.reason));
    for (const reason of [
      'HALTED',
      'COOLDOWN_ACTIVE',
      'INPUT_TOO_LARGE',
      'FAILED_CLOSED',
      'P_CAP',
      'P_WHY',
      'P_SECRET',
      'P_ARGS',
      'DEFAULT_BLOCK',
      'POLICY_UNKNOWN',
    ])
      expect(reasons).toContain(reason);
  });

  it('and of a record made for another ruling they do not', async () => {
    const sink = createMemorySink();
    const governor = (await createGovernor({
      policy: POLICY,
      audit: sink,
      detectors: [odd(() => false)],
    })) as AdapterGovernor;
    open.push(governor);
    await governor.decide(
      governor
        .interaction({ tenant: 't' })
        .event({ stage: 'tool_call', resource: { tool: 'refund' }, args: { amount: 900 } }),
    );
    const records = JSON.parse(JSON.stringify(sink.records())) as AuditRecord[];
    expect((await replayed(records)).same).toBe(1);
    const record = records.at(-1) as { decision: { outcome: string } };
    record.decision.outcome = 'ALLOW';
    expect((await replayed(records)).differ).toHaveLength(1);
  });
});

describe('A6: what was looked for is said, and no more', () => {
  it('types that no rule reads, and texts that nobody scanned, are not claimed', async () => {
    const sink = createMemorySink();
    const governor = (await createGovernor({
      audit: sink,
      policy: {
        policy: 'p',
        version: 1,
        detectors: [{ use: 'pii' }],
        rules: [
          { id: 'mail', on: 'input', detect: 'pii.email', then: 'block', reason: 'P_MAIL' },
          { id: 'said', on: 'output', channel: 'text', detect: 'pii.card', then: 'block', reason: 'P_CARD' },
          { id: 'all', on: 'output', detect: 'pii.email', then: 'redact', reason: 'P_MAIL' },
          { id: 'pack', on: 'tool_result', detect: 'pii', then: 'redact', reason: 'P_PII' },
        ],
      },
    })) as AdapterGovernor;
    open.push(governor);
    const looked = async (init: object): Promise<readonly string[] | undefined> => {
      await governor.decide(governor.interaction({ tenant: 't' }).event(init as never));
      const record = sink.records().at(-1);
      return record?.kind === 'decision' ? record.inputs.lookedFor : undefined;
    };
    expect(await looked({ stage: 'input', content: 'x' })).toEqual(['pii.email']);
    expect(await looked({ stage: 'retrieval', content: 'x' })).toEqual([]);
    expect(await looked({ stage: 'output', content: 'x' })).toEqual(['pii.card', 'pii.email']);
    const both = [
      { text: 'x', path: 'a' },
      { text: 'y', path: 'b', channel: 'reasoning' },
    ];
    expect(await looked({ stage: 'output', content: both })).toEqual(['pii.email']);
    expect(await looked({ stage: 'tool_result', content: 'x' })).toEqual(['pii']);
    await governor.control.halt({}, { who: 'ops', why: 'drill' });
    expect(await looked({ stage: 'input', content: 'x' })).toEqual([]);
  });
});
