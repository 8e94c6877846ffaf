import { describe, expect, it, test } from 'vitest';

import { createMemorySink } from '../audit/memory-sink.ts';
import type { Mode } from '../contract/effect.ts';
import type { Stage } from '../contract/event.ts';
import type { Decision } from '../contract/ruling.ts';
import { createGovernor } from '../governor.ts';
import type { PolicyDocument } from '../policy/document/document.ts';
import type { AdapterGovernor, QuietEvent, QuietLane, SegmentInit } from './api.ts';

const SUBJECT = { tenant: 't', user: 'u' };
const POLICY: PolicyDocument = {
  policy: 'p',
  version: 1,
  detectors: [
    { id: 'secret', phrases: ['secret plan'] },
    { id: 'token', patterns: ['\\bsk-[a-z0-9]{6,12}\\b'] },
  ],
  rules: [
    { id: 'secret', on: ['input', 'output'], detect: 'secret', then: 'block', reason: 'P_SECRET' },
    { id: 'token', on: ['input', 'output'], detect: 'token', then: 'redact', reason: 'P_TOKEN' },
    { id: 'seen', on: ['input'], detect: 'token', label: ['seen'] },
  ],
};
const RULE = POLICY.rules![0]!;

type Options = Omit<Parameters<typeof createGovernor>[0], 'policy'>;

async function governorOf(policy: PolicyDocument, options: Options = {}): Promise<AdapterGovernor> {
  return (await createGovernor({ ...options, policy })) as AdapterGovernor;
}

const event = (texts: readonly SegmentInit[]): QuietEvent => ({
  texts,
  init: () => ({ resource: { route: '/chat' }, point: 'http', content: texts }),
});

const laneOf = (
  governor: AdapterGovernor,
  stage: Stage = 'input',
  resource = { route: '/chat' },
): QuietLane | undefined => governor.quiet({ stage, subject: SUBJECT, resource, policy: 'p' });

/** Everything but the envelope. */
function rulingOf(decision: Decision): object {
  const envelope = ['auditId', 'interactionId', 'eventId', 'at', 'durationUs'];
  return Object.fromEntries(Object.entries(decision).filter(([name]) => !envelope.includes(name)));
}

/** Words of which some are half of what is looked for. */
const WORDS = [
  'a',
  'secret',
  'plan',
  'secret plan',
  'sk-abc123',
  'sk-',
  'order',
  '17',
  'é',
  '\uD83D',
  '',
  '\\nsk-abc123',
  'C:\\temp',
];

function textsOf(seed: number): SegmentInit[] {
  let state = seed;
  const next = (below: number): number => (state = (state * 1103515245 + 12345) % 2147483648) % below;
  return Array.from({ length: next(4) }, (_, at) => ({
    path: `body.field${at}`,
    text: Array.from({ length: next(90) }, () => WORDS[next(100) < 96 ? next(2) * 6 : next(WORDS.length)]).join(' '),
    role: 'user' as const,
    separate: true as const,
    ...(next(3) === 0 && { fixed: true as const }),
  }));
}

describe('the lane of events to which only their text can matter', () => {
  for (const mode of ['enforce', 'shadow'] as const satisfies readonly Mode[]) {
    it(`D5: decides as every other way does, seen or not, recorded or not: ${mode}`, async () => {
      const sink = createMemorySink(10_000);
      const seen = { passed: 0, other: 0 };
      const quiet = await governorOf({ ...POLICY, mode });
      const recorded = await governorOf({ ...POLICY, mode }, { audit: sink });
      for (let seed = 1; seed <= 400; seed++) {
        for (const stage of ['input', 'output'] as const) {
          const texts = textsOf(seed);
          const asked = quiet.interaction(SUBJECT);
          const usual = await quiet.decide(asked.event({ stage, ...event(texts).init() }));
          const interaction = quiet.interaction(SUBJECT);
          const passed = laneOf(quiet, stage)!.decide(interaction, event(texts));
          const kept = recorded.interaction(SUBJECT);
          expect(laneOf(recorded, stage)!.decide(kept, event(texts)), `seed ${seed}`).toBe(passed);
          if (passed === undefined) {
            seen.other++;
            continue;
          }
          seen.passed++;
          expect(passed).toBe('passed');
          expect(rulingOf(interaction.decisions[0]!), `seed ${seed}`).toEqual(rulingOf(usual));
          expect(rulingOf(kept.decisions[0]!), `seed ${seed}`).toEqual(rulingOf(usual));
          expect(JSON.stringify(rulingOf(interaction.decisions[0]!))).toBe(JSON.stringify(rulingOf(usual)));
          expect(usual.signals).toEqual([]);
        }
      }
      expect(seen.passed).toBeGreaterThan(100);
      expect(seen.other).toBeGreaterThan(50);
      expect(sink.records().filter(({ kind }) => kind === 'decision')).toHaveLength(seen.passed);
    });
  }

  it('A1: the record says what the record of the same event says, had it been decided in the usual way', async () => {
    const sink = createMemorySink();
    const governor = await governorOf(POLICY, { audit: sink });
    const texts = [{ path: 'body.order', text: 'where is it', role: 'user' as const }];
    const interaction = governor.interaction(SUBJECT);
    await laneOf(governor)!.decide(interaction, event(texts));
    await governor.decide(interaction.event({ stage: 'input', ...event(texts).init() }));
    const [, one, other] = sink.records() as unknown as Record<string, Record<string, unknown>>[];
    const same = { auditId: 0, at: 0, decision: 0 };
    expect({ ...one, ...same, event: { ...one!['event'], id: 0 } }).toEqual({
      ...other,
      ...same,
      event: { ...other!['event'], id: 0 },
    });
  });

  it('A1: a sink that refuses the record stops what the lane would have let pass', async () => {
    const sink = { name: 'full', accept: () => Promise.reject(new Error('full')) };
    const governor = await governorOf(POLICY, { audit: sink });
    const decided = await laneOf(governor)!.decide(governor.interaction(SUBJECT), event([{ text: 'hello' }]));
    expect(decided).toMatchObject({ outcome: 'BLOCK', reason: 'AUDIT_UNAVAILABLE' });
  });

  it('counts what it lets pass, and tells listeners of it', async () => {
    const told: unknown[] = [];
    const governor = await governorOf(POLICY);
    await laneOf(governor)!.decide(governor.interaction(SUBJECT), event([{ text: 'hello' }]));
    governor.events.subscribe((one) => void (one.kind === 'decision' && told.push(one.decision.outcome)));
    await laneOf(governor)!.decide(governor.interaction(SUBJECT), event([{ text: 'hello' }]));
    expect(governor.status().decisions).toMatchObject({ ALLOW: 2 });
    expect(told).toEqual(['ALLOW']);
  });

  it('decisions stand in their order, whoever looks when', async () => {
    const governor = await governorOf(POLICY);
    const interaction = governor.interaction(SUBJECT);
    const pass = (text: string): unknown => laneOf(governor)!.decide(interaction, event([{ text }]));
    pass('one');
    await governor.decide(interaction.event({ stage: 'input', content: 'sk-abc123' }));
    pass('three');
    const { decisions } = interaction;
    expect(decisions.map(({ signals }) => signals.length)).toEqual([0, 1, 0]);
    expect(decisions[0]!.at).toBeLessThanOrEqual(decisions[1]!.at);
    pass('four');
    expect(decisions).toHaveLength(4);
    expect(interaction.decisions).toBe(decisions);
    expect(new Set(decisions.map(({ interactionId }) => interactionId))).toEqual(new Set([interaction.id]));
  });

  it('E7: a long text that it has judged is not judged again further in', async () => {
    const governor = await governorOf(POLICY);
    const interaction = governor.interaction(SUBJECT);
    const text = 'word '.repeat(100);
    expect(laneOf(governor)!.decide(interaction, event([{ text, role: 'user' }]))).toBe('passed');
    const decision = await governor.decide(interaction.event({ stage: 'input', content: [{ text, role: 'user' }] }));
    expect(decision.coverage.segments).toMatchObject([{ length: 500, scanned: 500 }]);
  });

  const OTHERWISE: { readonly [why: string]: PolicyDocument } = {
    'the stage blocks by default': { ...POLICY, default: { input: 'block' } },
    'a limit counts at the stage': { ...POLICY, limits: [{ id: 'few', allow: 5, per: '1m' }] },
    'a cooldown could stop it': {
      ...POLICY,
      cooldowns: [{ id: 'abuse', after: { strikes: 3, within: '1h' }, for: '1m' }],
      rules: [{ ...RULE, strike: { abuse: 1 } }],
    },
    'a rule needs no detector': {
      ...POLICY,
      rules: [{ id: 'r', on: ['input'], when: 'route == "/x"', then: 'block', reason: 'P_NONE' }],
    },
    'labels live in the session': { ...POLICY, labels: { seen: 'session' } },
    'the mode is off': { ...POLICY, mode: 'off' },
    'the mode holds for some': { ...POLICY, share: { percent: 50 } },
    'nothing covers the stage': { ...POLICY, rules: [{ ...RULE, on: ['output'] }] },
    'no rule is for the route': { ...POLICY, rules: [{ ...RULE, route: '/other' }] },
  };
  test.each(Object.keys(OTHERWISE))('there is none where %s', async (why) => {
    expect(laneOf(await governorOf(POLICY))).toBeDefined();
    expect(laneOf(await governorOf(OTHERWISE[why]!))).toBeUndefined();
  });

  it('there is none where a control stands, the subject is missing, or the governor is closed', async () => {
    const governor = await governorOf(POLICY);
    const where = { stage: 'input', subject: SUBJECT, resource: {}, policy: 'p' } as const;
    expect(governor.quiet({ ...where, subjectMissing: true })).toBeUndefined();
    await governor.control.setMode({ tenant: 't' }, 'shadow', { who: 'ada', why: 'drill' });
    expect(governor.quiet(where)).toBeUndefined();
    expect(governor.quiet({ ...where, subject: { tenant: 'other' } })).toBeDefined();
    await governor.close();
    expect(governor.quiet({ ...where, subject: { tenant: 'other' } })).toBeUndefined();
  });

  it('a name of a member that was clean once is clean, and one in which something is found never is', async () => {
    const lane = laneOf(await governorOf(POLICY), 'output')!;
    const governor = await governorOf(POLICY);
    const decide = (text: string, isName: boolean) =>
      lane.decide(governor.interaction(SUBJECT), { texts: [{ text, isName }], init: () => ({}) });
    for (let times = 0; times < 3; times++) {
      expect([decide('answer', true), decide('answer', false), decide('secret', true)]).toEqual(
        Array(3).fill('passed'),
      );
      for (const isName of [true, false]) expect(decide('secret plan', isName)).toBeUndefined();
    }
    // Callers may make up any number of names.
    for (let at = 0; at < 1_000; at++) expect(decide(`name ${at}`, true)).toBe('passed');
    expect(decide('the secret plan', true)).toBeUndefined();
  });

  it('there is one for a route that a rule names', async () => {
    const governor = await governorOf({ ...POLICY, rules: [{ ...RULE, route: '/chat' }] });
    expect(laneOf(governor)).toBeDefined();
    expect(laneOf(governor, 'input', { route: '/other' })).toBeUndefined();
  });

  it('there is none for a detector that is code', async () => {
    const mine = { id: 'mine', version: '1', types: ['mine'], detect: () => [] };
    const policy: PolicyDocument = { ...POLICY, rules: [{ ...RULE, detect: 'mine' }] };
    const governor = await governorOf(policy, { detectors: [mine] });
    expect(laneOf(governor)).toBeUndefined();
  });

  it('long texts, and those that are longer than a policy accepts, take the usual way', async () => {
    const governor = await governorOf({ ...POLICY, maxInput: 1000 });
    const decide = (length: number): unknown =>
      laneOf(governor)!.decide(governor.interaction(SUBJECT), event([{ text: 'x'.repeat(length) }]));
    expect(decide(1000)).toBe('passed');
    expect(decide(1001)).toBeUndefined();
    const another = await governorOf(POLICY);
    expect(
      laneOf(another)!.decide(another.interaction(SUBJECT), event([{ text: 'x'.repeat(20_000) }])),
    ).toBeUndefined();
  });
});
