import { afterEach, describe, expect, test } from 'vitest';
import { createMemorySink } from './audit/memory-sink.ts';
import { applyEdits } from './content/edits.ts';
import type { Detector } from './contract/detector.ts';
import type { Json } from './contract/json.ts';
import type { Decision } from './contract/ruling.ts';
import { createGovernor, type GovernorOptions } from './governor.ts';
import { requireGovernor } from './adapter/require-governor.ts';
import type { AdapterGovernor, Governor, Interaction } from './governor/api.ts';
import type { OutputGate, Piece } from './gate/types.ts';

/** `value` in `levels` lists. */
function nested(levels: number, value: Json = 'end'): Json {
  let deep = value;
  for (let i = 0; i < levels; i++) deep = [deep];
  return deep;
}

const adapterSide = (governor: Governor): AdapterGovernor => requireGovernor(governor, 'the test');

const POLICY = `
policy: support-assistant
version: 3
detectors:
  - use: pii
    except: [help@acme.example]
  - use: secrets
  - id: codename
    phrases: [Project Nightjar]
rules:
  - { id: no-secrets-out, on: [output, tool_call], detect: secret, then: block, reason: P_SECRET_LEAK }
  - { id: redact-pii, on: [output], detect: [pii.email, pii.card], then: redact, reason: P_PII }
  - { id: refund-cap, on: [tool_call], tool: refund, when: tool.args.amount > 500, then: block, reason: P_REFUND_CAP }
  - id: probing
    on: [input]
    detect: { type: codename, min: 0.5 }
    then: block
    reason: P_PROBING
    strike: { abuse: 1 }
cooldowns:
  - { id: abuse, key: [tenant, user], after: { strikes: 3, within: 10m }, for: 1m, escalate: { factor: 2, max: 24h, forget: 24h } }
limits:
  - { id: messages, key: [tenant, user], on: [input], allow: 60, per: 1m }
facts: [tool.args.amount]
`;

const KEY = ['AKIA', 'IOSFODNN7EXAMPLE'].join('');
const open: Governor[] = [];

async function governed(
  options: Partial<GovernorOptions> & { readonly yaml?: string } = {},
): Promise<{ governor: Governor; interaction: Interaction; records: () => readonly unknown[] }> {
  const { yaml = POLICY, ...rest } = options;
  const audit = createMemorySink();
  const governor = await createGovernor({ policy: { yaml }, audit, ...rest });
  open.push(governor);
  return { governor, interaction: governor.interaction({ tenant: 'acme', user: 'u1' }), records: audit.records };
}

afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

const textOf = (pieces: readonly Piece<never>[]): string =>
  pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');

async function stream(gate: OutputGate, text: string, size = 4): Promise<{ text: string; decision: Decision }> {
  let out = '';
  for (let at = 0; at < text.length && gate.terminal === undefined; at += size)
    out += textOf(gate.write('text', '1', text.slice(at, at + size)));
  const { pieces, decision } = await gate.end();
  return { text: out + textOf(pieces), decision };
}

describe('complete events', () => {
  test('an event that nothing objects to is allowed, recorded and told to the interaction', async () => {
    const { governor, interaction, records } = await governed();
    const decision = await governor.decide(interaction.event({ stage: 'input', content: 'where is my parcel?' }));
    expect(decision).toMatchObject({
      outcome: 'ALLOW',
      reason: 'NO_RULE_OBJECTED',
      policyId: 'support-assistant',
      policyVersion: '3',
    });
    expect(decision.auditId).toMatch(/^aud_[0-9a-hjkmnp-tv-z]{26}$/);
    expect(decision.behaviorVersion).toMatch(/^bv1_[0-9a-f]{32}$/);
    expect(interaction.decisions).toEqual([decision]);
    expect(records()).toMatchObject([{ kind: 'policy' }, { kind: 'decision', auditId: decision.auditId }]);
  });

  test('the manual path: decide, then apply the edits', async () => {
    const { governor, interaction } = await governed();
    const answer = 'write to jane.roe@corp.example or help@acme.example';
    const decision = await governor.decide(interaction.event({ stage: 'output', content: answer }));
    expect(decision).toMatchObject({ outcome: 'ALLOW', reason: 'P_PII', ruleId: 'redact-pii' });
    expect(applyEdits(answer, decision.edits)).toBe('write to [EMAIL] or help@acme.example');
  });

  test('a record holds no text, and of the arguments only those declared', async () => {
    const { governor, interaction, records } = await governed();
    await governor.decide(
      interaction.event({ stage: 'tool_call', resource: { tool: 'refund' }, args: { amount: 20, note: 'for Jane' } }),
    );
    const record = records().at(-1) as { event: { facts: unknown } };
    expect(record.event.facts).toEqual({ 'tool.args.amount': 20 });
    expect(JSON.stringify(record)).not.toContain('Jane');
  });

  test('a condition on the arguments of a tool blocks, and only above the cap', async () => {
    const { governor, interaction } = await governed();
    const call = (amount: unknown): Promise<Decision> =>
      governor.decide(
        interaction.event({ stage: 'tool_call', resource: { tool: 'refund' }, args: { amount } as never }),
      );
    expect(await call(501)).toMatchObject({ outcome: 'BLOCK', reason: 'P_REFUND_CAP', ruleId: 'refund-cap' });
    expect(await call(500)).toMatchObject({ outcome: 'ALLOW' });
    expect(await call('a lot')).toMatchObject({
      outcome: 'BLOCK',
      reason: 'FAILED_CLOSED',
      errors: [{ part: 'condition', id: 'refund-cap' }],
    });
  });

  test('three strikes start a cooldown, which the next event meets; strikes never change the decision that made them', async () => {
    const { governor } = await governed();
    const ask = async (): Promise<Decision> =>
      governor.decide(
        governor
          .interaction({ tenant: 'acme', user: 'u1' })
          .event({ stage: 'input', content: `tell me of project nightjar ${Math.random()}` }),
      );
    for (let strike = 0; strike < 3; strike++)
      expect(await ask()).toMatchObject({ outcome: 'BLOCK', reason: 'P_PROBING' });
    const cooled = await ask();
    expect(cooled).toMatchObject({ outcome: 'COOLDOWN', reason: 'COOLDOWN_ACTIVE' });
    expect(cooled.retryAfterMs).toBeGreaterThan(55_000);
    const other = governor.interaction({ tenant: 'acme', user: 'u2' });
    expect(await governor.decide(other.event({ stage: 'input', content: 'hello' }))).toMatchObject({
      outcome: 'ALLOW',
    });
  });

  test('S2: the same text sent again is not another offence', async () => {
    const { governor } = await governed();
    for (let i = 0; i < 5; i++) {
      const interaction = governor.interaction({ tenant: 'acme', user: 'u1', session: 's1' });
      const decision = await governor.decide(interaction.event({ stage: 'input', content: 'Project Nightjar?' }));
      expect(decision.reason).toBe('P_PROBING');
    }
  });

  test('D6: a halt beats every mode, and a resume lifts it', async () => {
    const { governor, interaction } = await governed();
    const ask = (): Promise<Decision> => governor.decide(interaction.event({ stage: 'input', content: 'hi' }));
    await governor.control.setMode({ tenant: 'acme' }, 'off', { who: 'op', why: 'test' });
    expect(await ask()).toMatchObject({ outcome: 'NO_OP', reason: 'GOVERNANCE_OFF' });
    await governor.control.halt({ tenant: 'acme' }, { who: 'op', why: 'incident' });
    expect(await ask()).toMatchObject({ outcome: 'BLOCK', reason: 'HALTED' });
    await governor.control.resume({ tenant: 'acme' }, { who: 'op', why: 'over' });
    expect(await ask()).toMatchObject({ outcome: 'NO_OP' });
    expect(interaction.signal.aborted).toBe(false);
  });

  test('a subject that could not be established is a failure', async () => {
    const { governor } = await governed();
    const decision = await governor.decide(governor.interaction(undefined).event({ stage: 'input', content: 'hi' }));
    expect(decision).toMatchObject({
      outcome: 'BLOCK',
      reason: 'FAILED_CLOSED',
      errors: [{ part: 'subject', code: 'MISSING' }],
    });
  });

  test('an interaction that names an unknown policy is blocked', async () => {
    const { governor } = await governed();
    const lost = governor.interaction({ tenant: 'acme' }, { policy: 'nobody' });
    expect(await governor.decide(lost.event({ stage: 'input', content: 'hi' }))).toMatchObject({
      outcome: 'BLOCK',
      reason: 'POLICY_UNKNOWN',
    });
    const gate = await governor.openGate(lost.event({ stage: 'output' }));
    expect(gate.terminal).toMatchObject({ reason: 'POLICY_UNKNOWN' });
  });

  test('a segment of 50 MB is refused unread', async () => {
    const { governor, interaction } = await governed();
    const decision = await governor.decide(interaction.event({ stage: 'input', content: 'a'.repeat(50_000_000) }));
    expect(decision).toMatchObject({ outcome: 'BLOCK', reason: 'INPUT_TOO_LARGE' });
    expect(decision.coverage.segments).toMatchObject([{ length: 50_000_000, scanned: 0 }]);
  });

  test('strange input neither crashes nor escapes: nesting, lone surrogates, NULs, prototype keys', async () => {
    const { governor, interaction } = await governed();
    const args = JSON.parse('{"__proto__":{"amount":1},"constructor":"x","amount":1}') as never;
    for (const init of [
      { stage: 'tool_call', resource: { tool: 'refund' }, args },
      { stage: 'tool_call', resource: { tool: 'refund' }, args: { amount: 1, deep: nested(400) } },
      { stage: 'input', content: '\uD800\u0000\uDFFF'.repeat(1000) },
    ] as const) {
      expect((await governor.decide(interaction.event(init))).outcome).toBe('ALLOW');
    }
    expect(({} as { amount?: number }).amount).toBeUndefined();
  });

  test('arguments and attributes that are no JSON are refused with their place', async () => {
    const { interaction } = await governed();
    const loop: { self?: unknown } = {};
    loop.self = loop;
    for (const [value, place] of [
      [{ when: new Date(0) }, '`args.when` is a Date'],
      [new Map([['to', 'bad']]), '`args` is a Map'],
      [{ n: [Number.NaN] }, '`args.n[0]` is NaN'],
      [{ n: 10n }, '`args.n` is a bigint'],
      [{ f: () => 1 }, '`args.f` is a function'],
      [{ s: Symbol('x') }, '`args.s` is a symbol'],
      [{ bytes: new Uint8Array(2) }, '`args.bytes` is a Uint8Array'],
      [loop, 'is nested deeper than 512 levels, or in itself'],
      [nested(10_000), 'is nested deeper than 512 levels, or in itself'],
    ] as const) {
      const make = (): unknown => interaction.event({ stage: 'tool_call', args: value as never });
      expect(make).toThrow(expect.objectContaining({ code: 'EVENT_INVALID', message: expect.stringContaining(place) }));
    }
    expect(() => interaction.event({ stage: 'input', attributes: { when: new Date(0) as never } })).toThrow(
      '`attributes.when` is a Date',
    );
  });

  test('a malformed event is refused with its place', async () => {
    const { governor, interaction } = await governed();
    expect(() => interaction.event({ stage: 'outptu' as never })).toThrow(
      '`stage` is `outptu`; it must be one of input, retrieval, output',
    );
    expect(() => interaction.event({ stage: 'input', content: [{ text: 5 as never }] })).toThrow(
      '`content[0].text` must be a string',
    );
    expect(() => governor.interaction({} as never)).toThrow('`subject.tenant` is missing');
    expect(() => interaction.event({ stage: 'input', attributes: { risk: Number.NaN } })).toThrow(
      '`attributes.risk` is NaN',
    );
    expect(() => interaction.addLabels(5 as never)).toThrow('a label is a name');
    const gate = await governor.openGate(interaction.event({ stage: 'output' }));
    expect(() => gate.write('txt' as never, '1', 'text')).toThrow('a gate takes text of a channel');
    expect(() => gate.write('text', '1', 5 as never)).toThrow('a gate takes text of a channel');
    await gate.abort();
    await expect(governor.decide({} as never)).rejects.toMatchObject({ code: 'EVENT_INVALID' });
  });
});

describe('streams', () => {
  test('G2: a key split over deltas is stopped before its first character', async () => {
    const { governor, interaction } = await governed();
    for (let size = 1; size <= 64; size++) {
      const gate = await governor.openGate(interaction.event({ stage: 'output' }));
      const { text, decision } = await stream(gate, `your key is ${KEY}, keep it`, size);
      expect(text).toBe('your key is ');
      expect(decision).toMatchObject({ outcome: 'BLOCK', reason: 'P_SECRET_LEAK', ruleId: 'no-secrets-out' });
      expect(gate.terminal).toBe(decision);
      expect(gate.stopped.aborted).toBe(true);
    }
  });

  test('streamed and unstreamed verdicts and edits are equal', async () => {
    const { governor, interaction } = await governed();
    for (const text of [
      'all fine',
      'mail a@b.example and c@d.example',
      `x ${KEY} y`,
      '4111 1111 1111 1111 is a card',
      `a@b.example ${KEY}`,
    ]) {
      const whole = await governor.decide(interaction.event({ stage: 'output', content: [{ text, path: 'text[1]' }] }));
      const gate = await governor.openGate(interaction.event({ stage: 'output' }));
      const streamed = await stream(gate, text, 3);
      expect(streamed.decision.verdict).toEqual(whole.verdict);
      expect(streamed.decision.signals).toEqual(whole.signals);
      if (whole.outcome === 'ALLOW') {
        expect(streamed.text).toBe(applyEdits(text, whole.edits));
        expect(streamed.decision.edits).toEqual(whole.edits);
      }
    }
  });

  test('a stream is recorded when it opens and decided once when it ends', async () => {
    const { governor, interaction, records } = await governed();
    const gate = await governor.openGate(interaction.event({ stage: 'output' }));
    expect(records().at(-1)).toMatchObject({ kind: 'opened' });
    const { decision } = await stream(gate, 'hello there');
    expect(records().slice(-2)).toMatchObject([{ kind: 'opened' }, { kind: 'decision', auditId: decision.auditId }]);
    expect(governor.status()).toMatchObject({ openGates: 0, decisions: { ALLOW: 1 } });
  });

  test('G4: a halt ends a running stream in any mode, and nothing leaves afterwards', async () => {
    for (const mode of ['enforce', 'shadow', 'off'] as const) {
      const { governor, interaction } = await governed();
      await governor.control.setMode({}, mode, { who: 'op', why: 'test' });
      const gate = await governor.openGate(interaction.event({ stage: 'output' }));
      expect(textOf(gate.write('text', '1', 'so far. '))).toBe('so far. ');
      await governor.control.halt({ tenant: 'acme' }, { who: 'op', why: 'incident' });
      expect(gate.terminal).toMatchObject({ outcome: 'BLOCK', reason: 'HALTED' });
      expect(gate.stopped.aborted).toBe(true);
      expect(gate.write('text', '1', 'and more')).toEqual([]);
      expect((await gate.end()).pieces).toEqual([]);
    }
  });

  test('shadow passes every byte at once and says what it would have done', async () => {
    const { governor, interaction } = await governed();
    await governor.control.setMode({}, 'shadow', { who: 'op', why: 'test' });
    const gate = await governor.openGate(interaction.event({ stage: 'output' }));
    const text = `your key is ${KEY}, keep it`;
    for (const unit of text) expect(textOf(gate.write('text', '1', unit))).toBe(unit);
    const { decision } = await gate.end();
    expect(decision).toMatchObject({
      outcome: 'NO_OP',
      reason: 'SHADOWED',
      verdict: { outcome: 'BLOCK', reason: 'P_SECRET_LEAK' },
      edits: [],
    });
    expect(gate.terminal).toBeUndefined();
  });

  test('a long delta does not keep the process busy, and comes out complete and in order', async () => {
    const { governor, interaction } = await governed();
    const gate = await governor.openGate(interaction.event({ stage: 'output' }));
    const text = 'lorem ipsum dolor sit amet '.repeat(10_000);
    let out = textOf(gate.write('text', '1', text));
    expect(out.length).toBeLessThan(text.length);
    out += textOf(gate.write('text', '1', 'the end'));
    out += textOf((await gate.end()).pieces);
    expect(out).toBe(`${text}the end`);
  });
});

describe('detectors that are code', () => {
  const shouting: Detector = {
    id: 'shouting',
    version: '1',
    types: ['tone.shouting'],
    detect: async ({ text }) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return /[A-Z]{5,}/.test(text) ? [{ type: 'tone.shouting', score: 0.9, start: 0, end: text.length }] : [];
    },
  };
  const yaml = (extra = ''): string => `
policy: calm
version: 1
deadline: 40ms
rules:
  - { id: calm, on: [input, output], detect: tone.shouting, then: block, reason: P_SHOUTING ${extra} }
`;

  test('an output is held until the whole block is judged', async () => {
    const { governor, interaction } = await governed({ yaml: yaml(), detectors: [shouting] });
    const gate = await governor.openGate(interaction.event({ stage: 'output' }));
    expect(gate.write('text', '1', 'quiet words')).toEqual([]);
    const { pieces, decision } = await gate.end();
    expect(textOf(pieces)).toBe('quiet words');
    expect(decision.outcome).toBe('ALLOW');
    const loud = await governor.openGate(interaction.event({ stage: 'output' }));
    expect(await stream(loud, 'some WORDS AND SHOUTING')).toMatchObject({
      text: '',
      decision: { outcome: 'BLOCK', reason: 'P_SHOUTING' },
    });
  });

  test('by windows, what is judged leaves while the rest is still to come', async () => {
    const windowed: Detector = { ...shouting, id: 'windowed', window: { size: 8, stride: 4 } };
    const { governor, interaction } = await governed({ yaml: yaml(), detectors: [windowed] });
    const gate = await governor.openGate(interaction.event({ stage: 'output' }));
    let out = textOf(gate.write('text', '1', 'quiet words in a row'));
    expect(out).toBe('');
    while (gate.waiting !== undefined) {
      await gate.waiting;
      out += textOf(gate.take());
    }
    expect(out).toBe('quiet words in a');
    const { pieces } = await gate.end();
    expect(out + textOf(pieces)).toBe('quiet words in a row');
  });

  test('stream: trail lets text go and judges behind it; a late block says what was released', async () => {
    const { governor, interaction } = await governed({ yaml: yaml(', stream: trail'), detectors: [shouting] });
    const gate = await governor.openGate(interaction.event({ stage: 'output' }));
    const { text, decision } = await stream(gate, 'some WORDS AND SHOUTING');
    expect(text).toBe('some WORDS AND SHOUTING');
    expect(decision).toMatchObject({ outcome: 'BLOCK', reason: 'P_SHOUTING' });
    expect(decision.coverage.unjudged).toMatchObject([{ start: 0, end: 23, why: 'trail' }]);
  });

  test('D4: one that throws, hangs or answers nonsense closes, or opens where the policy says so', async () => {
    const broken: readonly [string, Detector['detect']][] = [
      [
        'THREW',
        () => {
          throw new Error('no');
        },
      ],
      ['TIMEOUT', () => new Promise(() => {})],
      ['INVALID_ANSWER', () => [{ type: 'tone.shouting', score: 7, start: 0, end: 1 }]],
    ];
    for (const [code, detect] of broken) {
      const detectors = [{ ...shouting, detect: detect! }];
      const closed = await governed({ yaml: yaml(), detectors });
      expect(await closed.governor.decide(closed.interaction.event({ stage: 'input', content: 'hi' }))).toMatchObject({
        outcome: 'BLOCK',
        reason: 'FAILED_CLOSED',
        errors: [{ part: 'detector', id: 'shouting', code }],
      });
      const gate = await closed.governor.openGate(closed.interaction.event({ stage: 'output' }));
      expect(await stream(gate, 'hi')).toMatchObject({ text: '', decision: { reason: 'FAILED_CLOSED' } });
      const opened = await governed({ yaml: yaml(', onError: no_op'), detectors });
      const passed = await opened.governor.openGate(opened.interaction.event({ stage: 'output' }));
      expect(await stream(passed, 'hi')).toMatchObject({
        text: 'hi',
        decision: {
          outcome: 'NO_OP',
          reason: 'FAILED_OPEN',
          coverage: { unjudged: [{ start: 0, end: 2, why: 'on_error' }] },
        },
      });
    }
  });
});

describe('patterns of the application', () => {
  test('D4: a validator that throws has refused nothing', async () => {
    const badge: Detector = {
      id: 'badge',
      version: '1',
      types: ['badge'],
      patterns: [
        {
          type: 'badge',
          find: /B-\d{4}/,
          validate: () => {
            throw new Error('no');
          },
        },
      ],
    };
    const yaml =
      'policy: p\nversion: 1\nrules: [{ id: r, on: [input, output], detect: badge, then: block, reason: P_BADGE }]\n';
    const { governor, interaction } = await governed({ yaml, detectors: [badge] });
    const event = interaction.event({ stage: 'input', content: 'it is B-1234' });
    expect(await governor.decide(event)).toMatchObject({ outcome: 'BLOCK', reason: 'P_BADGE' });
    const gate = await governor.openGate(interaction.event({ stage: 'output' }));
    expect(await stream(gate, 'it is B-1234')).toMatchObject({ text: 'it is ', decision: { reason: 'P_BADGE' } });
  });
});

describe('one interaction', () => {
  test('E7: a text that was judged in it reuses its signals; another interaction judges afresh', async () => {
    let calls = 0;
    const counting: Detector = {
      id: 'counting',
      version: '1',
      types: ['tone.any'],
      detect: ({ text }) => (calls++, [{ type: 'tone.any', score: 1, start: 0, end: text.length }]),
    };
    const yaml = 'policy: p\nversion: 1\nrules: [{ id: r, on: input, detect: tone.any, label: seen }]\n';
    const { governor, interaction } = await governed({ yaml, detectors: [counting] });
    const ask = (running: Interaction, point: 'http' | 'model'): Promise<Decision> =>
      governor.decide(running.event({ stage: 'input', point, content: 'the same prompt' }));
    const [first, second] = [await ask(interaction, 'http'), await ask(interaction, 'model')];
    expect(second.signals).toEqual(first.signals);
    expect(calls).toBe(1);
    await ask(governor.interaction({ tenant: 'acme' }), 'http');
    expect(calls).toBe(2);
  });

  test('E7: a limit on interactions is charged once, whatever the points that ask', async () => {
    const yaml = 'policy: p\nversion: 1\nlimits: [{ id: turns, allow: 1, per: 1m }]\n';
    const { governor, interaction } = await governed({ yaml });
    const ask = (running: Interaction): Promise<Decision> =>
      governor.decide(running.event({ stage: 'input', content: 'hi' }));
    expect([await ask(interaction), await ask(interaction)]).toMatchObject([
      { outcome: 'ALLOW' },
      { outcome: 'ALLOW' },
    ]);
    expect(await ask(governor.interaction({ tenant: 'acme', user: 'u1' }))).toMatchObject({
      outcome: 'COOLDOWN',
      reason: 'LIMIT_EXCEEDED',
    });
  });

  test('the same output to the same subject more often than the policy allows is stopped, streamed or not', async () => {
    const yaml = 'policy: p\nversion: 1\nlimits: [{ id: parrot, on: output, unit: repeats, allow: 2, per: 1m }]\n';
    const { governor } = await governed({ yaml });
    const say = async (text: string): Promise<{ text: string; decision: Decision }> => {
      const gate = await governor.openGate(
        governor.interaction({ tenant: 'acme', user: 'u1' }).event({ stage: 'output' }),
      );
      return stream(gate, text);
    };
    expect((await say('the same words')).text).toBe('the same words');
    const whole = governor
      .interaction({ tenant: 'acme', user: 'u1' })
      .event({ stage: 'output', content: 'the same words' });
    expect((await governor.decide(whole)).outcome).toBe('ALLOW');
    expect(await say('the same words')).toMatchObject({
      text: '',
      decision: { outcome: 'COOLDOWN', reason: 'LIMIT_EXCEEDED' },
    });
    expect((await say('other words')).text).toBe('other words');
  });

  test('a budget of reported tokens closes when it is used up', async () => {
    const yaml =
      'policy: p\nversion: 1\nlimits: [{ id: tokens, unit: output_tokens, allow: 100, per: 1m, then: block }]\n';
    const { governor, interaction } = await governed({ yaml });
    const ask = (): Promise<Decision> => governor.decide(interaction.event({ stage: 'input', content: 'hi' }));
    expect((await ask()).outcome).toBe('ALLOW');
    await interaction.report(interaction.event({ stage: 'output' }), { output_tokens: 130 });
    expect(await ask()).toMatchObject({ outcome: 'BLOCK', reason: 'LIMIT_EXCEEDED', ruleId: 'tokens' });
  });

  test('a place in flight is free again when its interaction ends', async () => {
    const yaml = 'policy: p\nversion: 1\nlimits: [{ id: busy, unit: in_flight, allow: 1, per: 1m }]\n';
    const { governor, interaction } = await governed({ yaml });
    const ask = (running: Interaction): Promise<Decision> =>
      governor.decide(running.event({ stage: 'input', content: 'hi' }));
    const other = governor.interaction({ tenant: 'acme', user: 'u1' });
    expect((await ask(interaction)).outcome).toBe('ALLOW');
    expect((await ask(other)).outcome).toBe('COOLDOWN');
    await interaction.end();
    expect((await ask(other)).outcome).toBe('ALLOW');
  });

  test('an interaction goes on in another process with its labels', async () => {
    const { governor, interaction } = await governed();
    interaction.addLabels('untrusted', 'private');
    const there = governor.resume(JSON.parse(JSON.stringify(interaction)) as never);
    expect(there).toMatchObject({
      id: interaction.id,
      subject: { tenant: 'acme', user: 'u1' },
      labels: ['private', 'untrusted'],
    });
  });
});

describe('decideNow', () => {
  const ask = { stage: 'input', content: 'hi' } as const;

  test('answers at once, and as `decide` does, where nothing has to be waited for', async () => {
    const { governor, interaction } = await governed();
    const now = adapterSide(governor).decideNow(interaction.event(ask));
    expect(now).not.toBeInstanceOf(Promise);
    // What is left of a limit tells when it was asked: that passes.
    const { auditId: _, at: __, durationUs: ___, eventId: ____, limits: _____, ...ruling } = now as Decision;
    expect(await governor.decide(interaction.event(ask))).toMatchObject(ruling);
    expect(interaction.decisions).toHaveLength(2);
  });

  test('A1: promises the decision where the record is not in the sink yet', async () => {
    let inCare = (): void => {};
    const audit = { name: 'slow', accept: () => new Promise<void>((done) => (inCare = done)) };
    const { governor, interaction } = await governed({ audit });
    const later = adapterSide(governor).decideNow(interaction.event(ask));
    expect(later).toBeInstanceOf(Promise);
    expect(interaction.decisions).toHaveLength(0);
    inCare();
    expect(await later).toMatchObject({ outcome: 'ALLOW' });
  });

  test('throws for misuse, where `decide` rejects', async () => {
    const { governor } = await governed();
    expect(() => adapterSide(governor).decideNow({} as never)).toThrow(
      expect.objectContaining({ code: 'EVENT_INVALID' }),
    );
  });
});

describe('evidence', () => {
  test('A1: under onError: block nothing goes on that the sink refused', async () => {
    const audit = {
      name: 'full',
      accept: () => {
        throw new Error('full');
      },
    };
    const { governor, interaction } = await governed({ audit });
    expect(await governor.decide(interaction.event({ stage: 'input', content: 'hi' }))).toMatchObject({
      outcome: 'BLOCK',
      reason: 'AUDIT_UNAVAILABLE',
    });
    const gate = await governor.openGate(interaction.event({ stage: 'output' }));
    expect(gate.terminal).toMatchObject({ reason: 'AUDIT_UNAVAILABLE' });
    expect(governor.status().auditRefused).toBeGreaterThan(0);
  });

  test('explain names rules and reasons and no text', async () => {
    const { governor, interaction } = await governed();
    const text = governor.explain(
      await governor.decide(interaction.event({ stage: 'output', content: `it is ${KEY}` })),
    );
    expect(text).toContain('BLOCK: P_SECRET_LEAK (`no-secrets-out`)');
    expect(text).toContain('found secret.aws_access_key');
    expect(text).not.toContain(KEY);
  });

  test('a rule for a stage that no adapter produces is named in the status', async () => {
    const { governor } = await governed();
    adapterSide(governor).declareStages(['input', 'output']);
    expect(governor.status().policies[0]!.stageNotWired).toEqual(['tool_call']);
  });
});
