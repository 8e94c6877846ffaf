import { createGovernor, createMemoryStore, type EventInit, type PolicyDocument, type Sink } from '@flyball/core';
import { requireGovernor } from '@flyball/core/adapter';

const POLICY = {
  policy: 'mixed',
  version: 3,
  detectors: [{ use: 'pii' }, { use: 'secrets' }, { id: 'codename', phrases: ['Project Nightjar'] }],
  maxInput: 200,
  maxHold: { units: 64, then: 'block' },
  rules: [
    { id: 'secret-out', on: 'output', detect: 'secret', then: 'block', reason: 'P_SECRET' },
    { id: 'pii-out', on: ['output', 'tool_result'], detect: 'pii', then: 'redact', reason: 'P_PII' },
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
    { id: 'name', on: 'input', when: 'attributes.name == "İSTANBUL ı"', then: 'block', reason: 'P_NAME' },
    { id: 'args-mask', on: 'tool_call', detect: 'pii', then: 'redact', reason: 'P_ARGS', editArgs: true },
    { id: 'cap', on: 'tool_call', tool: 'refund', when: 'tool.args.amount > 500.5', then: 'block', reason: 'P_CAP' },
    { id: 'why', on: 'tool_call', when: 'tool.args.why.contains("fraud")', then: 'block', reason: 'P_WHY' },
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

const TEXTS = [
  'hello',
  'Project Nightjar',
  'mail a@b.example now',
  'AKIAIOSFODNN7EXAMPLE',
  'x'.repeat(201),
  '',
  '4111 1111 1111 1111',
];
const ATTRIBUTES = [
  { risk: 0 },
  { risk: -0 },
  { risk: 0.9 },
  {},
  { risk: 'high' },
  { risk: 0.1, note: '\uD800' },
  { name: 'İSTANBUL ı', risk: 1e21 },
];
const ARGS = [
  { amount: 900 },
  { amount: 0.1, why: 'fraud' },
  { amount: '9' },
  {},
  { why: 'fraud', to: 'a@b.example' },
  { who_is_it: { a_b: 1 } },
];

/** Lehmer's generator: the same traffic for the same seed. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => Math.floor(((state = (state * 48271) % 2147483647) / 2147483647) * below);
}

/**
 * Decisions of every kind there is, in a time of their own: prompts, answers whole and streamed, tools, refusals, halts
 * and modes.
 */
export async function decideMixedTraffic(audit: Sink, events: number, seed: number): Promise<void> {
  let now = Date.UTC(2026, 0, 1);
  const governor = requireGovernor(
    await createGovernor({
      policy: [POLICY, { policy: 'closed', version: 1, default: 'block' }],
      audit,
      store: createMemoryStore({ now: () => now }),
    }),
    'the traffic',
  );
  const roll = dice(seed);
  const pick = <T>(list: readonly T[]): T => list[roll(list.length)]!;
  const kinds = [prompt, prompt, call, found, answer, refusal, stream] as const;
  type Begun = ReturnType<typeof governor.interaction>;
  const event = (begun: Begun, init: object): ReturnType<Begun['event']> => begun.event(init as EventInit);

  async function prompt(begun: Begun): Promise<void> {
    const content = [{ text: pick(TEXTS), role: pick(['user', 'system']) }, { text: pick(TEXTS) }];
    await governor.decide(event(begun, { stage: 'input', attributes: pick<object>(ATTRIBUTES), content }));
  }
  async function call(begun: Begun): Promise<void> {
    const unreadable = roll(12) === 0 ? { unreadable: ['args.some_key'] } : {};
    const init = { stage: 'tool_call', resource: { tool: pick(['refund', 'mail']) }, args: pick<object>(ARGS) };
    await governor.decide(event(begun, { ...init, ...unreadable }));
  }
  async function found(begun: Begun): Promise<void> {
    await governor.decide(event(begun, { stage: pick(['retrieval', 'tool_result']), content: pick(TEXTS) }));
  }
  async function answer(begun: Begun): Promise<void> {
    await governor.decide(event(begun, { stage: 'output', content: pick(TEXTS) }));
  }
  async function refusal(begun: Begun): Promise<void> {
    const asked = event(begun, { stage: pick(['input', 'output']), content: pick(TEXTS) });
    const decided = roll(2) === 0 ? await governor.decide(asked) : undefined;
    await governor.refuse(asked, pick(['EDIT_NOT_APPLICABLE', 'PROVIDER_TOOLS'] as const), decided);
  }
  async function stream(begun: Begun): Promise<void> {
    const gate = await governor.openGate(event(begun, { stage: pick(['output', 'tool_result']) }));
    for (let part = roll(4); part >= 0; part--)
      gate.write(pick(['text', 'reasoning'] as const), pick(['a', 'b']), pick(TEXTS));
    await (roll(4) === 0 ? gate.abort() : gate.end());
  }

  for (let i = 0; i < events; i++) {
    now += roll(20_000);
    const subject = { tenant: pick(['acme', 'globex']), user: `user${roll(20)}` };
    const begun = governor.interaction(roll(40) === 0 ? undefined : subject, {
      policy: roll(25) === 0 ? pick(['closed', 'nobody']) : 'mixed',
    });
    if (roll(60) === 0) {
      const init = { who: 'ops', why: 'drill', forMs: 1 + roll(30_000) };
      if (roll(2) === 0) await governor.control.halt(subject, init);
      else
        await governor.control.setMode({ tenant: subject.tenant }, pick(['off', 'shadow', 'enforce'] as const), init);
    }
    await pick(kinds)(begun);
  }
  await governor.close();
}
