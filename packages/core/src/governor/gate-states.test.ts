import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Sink } from '../audit/sink.ts';
import { createMemorySink } from '../audit/memory-sink.ts';
import type { AuditRecord } from '../contract/record.ts';
import type { Detector } from '../contract/detector.ts';
import type { Stage } from '../contract/event.ts';
import type { Governor } from './api.ts';
import { createGovernor, type GovernorOptions } from '../governor.ts';
import type { OutputGate, Piece } from '../gate/types.ts';
import type { GovernedGate } from './governed-gate.ts';

const STALE = { part: 'store', id: 'controls', code: 'STALE' } as const;
const HALT = { who: 'op', why: 'test' };
const open: Governor[] = [];

afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

async function gated(
  rule: string,
  options: Partial<GovernorOptions> = {},
  stage: Stage = 'output',
): Promise<{ governor: Governor; gate: OutputGate; decisions: () => readonly unknown[] }> {
  const audit = createMemorySink();
  const yaml = `
policy: p
version: 1
deadline: 2s
detectors: [{ use: pii }, { id: codename, phrases: [Project Nightjar] }]
rules: [{ id: r, on: [output, tool_result, retrieval], ${rule}, reason: P_RULE }]
`;
  const governor = await createGovernor({ policy: { yaml }, audit, ...options });
  open.push(governor);
  const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage }));
  return { governor, gate, decisions: () => decisionsOf(audit.records()) };
}

const decisionsOf = (records: readonly AuditRecord[]): readonly unknown[] =>
  records.flatMap((record) =>
    record.kind === 'decision'
      ? [`${record.decision.outcome} ${record.decision.reason} ${record.decision.coverage.ended ?? 'complete'}`]
      : [],
  );

const textOf = (pieces: readonly Piece<never>[]): string =>
  pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');

/** Takes records of the opening at once, and the others when told to. */
function slowSink(): { readonly sink: Sink; release(): void } {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  return {
    sink: { name: 'slow', accept: ({ kind }) => (kind === 'decision' ? released : undefined) },
    release: () => release(),
  };
}

/** Answers when told to; says what became of its signal. */
function waitingDetector(window?: Detector['window']): {
  readonly detector: Detector;
  answer(): void;
  readonly aborted: () => boolean | undefined;
} {
  let answer = (): void => {};
  let signal: AbortSignal | undefined;
  const detector: Detector = {
    id: 'slow',
    version: '1',
    types: ['slow'],
    ...(window !== undefined && { window }),
    detect: (input) => {
      signal = input.signal;
      return new Promise((resolve) => (answer = () => resolve([])));
    },
  };
  return { detector, answer: () => answer(), aborted: () => signal?.aborted };
}

const REDACT = 'detect: pii.email, then: redact';
const BLOCK = 'detect: codename, then: block';
const SLOW = 'detect: slow, then: block';

describe('the state of a gate', () => {
  test('is open, then ended by a source that ends', async () => {
    const { gate, decisions } = await gated(REDACT);
    expect([gate.state, textOf(gate.write('text', '', 'hello '))]).toEqual(['open', 'hello ']);
    const { decision } = await gate.end();
    expect([gate.state, gate.terminal, gate.stopped.aborted, gate.waiting]).toEqual([
      'ended',
      undefined,
      false,
      undefined,
    ]);
    expect('ended' in decision.coverage).toBe(false);
    expect(decisions()).toEqual(['ALLOW NO_RULE_OBJECTED complete']);
  });

  test('is stopped by a match, and the record says that the rest is not known', async () => {
    const { gate, decisions } = await gated(BLOCK);
    expect(textOf(gate.write('text', '', 'on Project Nightjar: more'))).toBe('on ');
    expect([gate.state, gate.stopped.aborted]).toEqual(['stopped', true]);
    expect(gate.terminal).toMatchObject({ outcome: 'BLOCK', coverage: { ended: 'stopped' } });
    expect(decisions()).toEqual(['BLOCK P_RULE stopped']);
  });

  test('A6: is aborted by a source that fails: terminal, and no record that reads like a complete answer', async () => {
    const { gate, decisions } = await gated(REDACT);
    gate.write('text', '', 'hello and al');
    const decision = await gate.abort();
    expect([gate.state, gate.stopped.aborted, gate.terminal]).toEqual(['aborted', true, decision]);
    expect([gate.take(), gate.write('text', '', 'x'), (await gate.end()).pieces]).toEqual([[], [], []]);
    expect(decisions()).toEqual(['ALLOW NO_RULE_OBJECTED aborted']);
  });

  test('is aborted when its governor closes, and whoever waits wakes', async () => {
    const slow = waitingDetector({ size: 4, stride: 4 });
    const { governor, gate, decisions } = await gated(SLOW, { detectors: [slow.detector] });
    gate.write('text', '', 'hello there');
    const woken = gate.waiting!.then(() => gate.state);
    await governor.close();
    expect(await woken).toBe('aborted');
    expect([gate.waiting, slow.aborted()]).toEqual([undefined, true]);
    expect(decisions()).toEqual(['ALLOW NO_RULE_OBJECTED aborted']);
  });

  test('is aborted in mode off too', async () => {
    const { governor, gate, decisions } = await gated(REDACT);
    await gate.end();
    await governor.control.setMode({}, 'off', HALT);
    const off = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
    expect(textOf(off.write('text', '1', 'a@b.example'))).toBe('a@b.example');
    await off.abort();
    expect([off.state, off.terminal?.coverage.ended]).toEqual(['aborted', 'aborted']);
    expect(decisions().at(-1)).toBe('NO_OP GOVERNANCE_OFF aborted');
  });

  test('ends once: a second end answers the same decision and no text again, and text behind the end is dropped', async () => {
    const { gate } = await gated(REDACT);
    const first = textOf(gate.write('text', '', 'mail me at a@b.exam'));
    const ends = [gate.end(), gate.end()];
    expect(gate.write('text', '', 'late')).toEqual([]);
    const [one, two] = await Promise.all(ends);
    expect(first + textOf(one!.pieces) + textOf(two!.pieces)).toBe('mail me at [EMAIL]');
    expect(two!.decision).toBe(one!.decision);
  });
});

describe('a sink that is slow or refuses', () => {
  test('keeps no stream running: a halt stops it at once, and abort still waits for the record', async () => {
    const { sink, release } = slowSink();
    const { governor, gate } = await gated(REDACT, { audit: sink });
    gate.write('text', '', 'hello ');
    await governor.control.halt({}, HALT);
    expect([gate.state, gate.stopped.aborted, gate.terminal?.reason]).toEqual(['stopped', true, 'HALTED']);
    expect([gate.waiting, governor.status().openGates]).toEqual([undefined, 1]);
    const recorded = vi.fn<() => void>();
    const ended = gate.end().then(recorded);
    await Promise.resolve();
    expect(recorded).not.toHaveBeenCalled();
    release();
    await ended;
    expect([recorded.mock.calls.length, governor.status().openGates]).toEqual([1, 0]);
  });

  test('keeps no stream running: a match stops it at once', async () => {
    const { sink, release } = slowSink();
    const { gate } = await gated(BLOCK, { audit: sink });
    gate.write('text', '', 'on Project Nightjar: more');
    expect([gate.state, gate.terminal?.reason]).toEqual(['stopped', 'P_RULE']);
    release();
  });

  test.each(['end', 'abort'] as const)('waiting resolves after %s', async (how) => {
    const { sink, release } = slowSink();
    const { gate } = await gated(REDACT, { audit: sink });
    gate.write('text', '', 'hello ');
    const over = gate[how]();
    const { waiting } = gate;
    release();
    await waiting;
    await over;
    expect(gate.waiting).toBeUndefined();
  });

  test('G5: the held tail stays inside when the last record is refused', async () => {
    const sink: Sink = {
      name: 'full',
      accept({ kind }) {
        if (kind === 'decision') throw new Error('disk full');
      },
    };
    const { gate } = await gated(REDACT, { audit: sink });
    expect(textOf(gate.write('text', '', 'hello held-word'))).toBe('hello ');
    const { pieces, decision } = await gate.end();
    expect([pieces, decision.reason, gate.state]).toEqual([[], 'AUDIT_UNAVAILABLE', 'stopped']);
  });
});

describe('text that was freed and not yet taken', () => {
  test.each<readonly [name: string, ends: (governor: Governor, gate: OutputGate) => unknown, left: string]>([
    ['nothing', () => undefined, 'secret'],
    ['a halt', (governor) => governor.control.halt({}, HALT), ''],
    ['the store is lost', (_, gate) => (gate as GovernedGate<never>).loseStore(STALE), ''],
    ['the stream is aborted', (_, gate) => gate.abort(), ''],
  ])('G4: leaves or not after %s', async (_, ends, left) => {
    const slow = waitingDetector({ size: 6, stride: 6 });
    const { governor, gate } = await gated(`${SLOW}, onError: block`, { detectors: [slow.detector] });
    expect(gate.write('text', '', 'secret')).toEqual([]);
    const { waiting } = gate;
    slow.answer();
    await waiting;
    await ends(governor, gate);
    expect(textOf(gate.take())).toBe(left);
  });

  test('leaves in order when judgements end while the end is awaited', async () => {
    const slow = waitingDetector();
    const { gate } = await gated(SLOW, { detectors: [slow.detector] });
    gate.write('text', '1', 'held by the detector');
    gate.attach(0 as never);
    const ended = gate.end();
    slow.answer();
    const { pieces } = await ended;
    expect(pieces.map((piece) => (piece.kind === 'text' ? piece.text : piece.value))).toEqual([
      'held by the detector',
      0,
    ]);
  });
});

describe('text that the end frees', () => {
  const saidBy = (pieces: readonly Piece<never>[]): unknown[] =>
    pieces.map((piece) => piece.kind === 'text' && [piece.channel, piece.text]);

  test('G1: leaves although a match that only the end completes stops another channel', async () => {
    const { gate } = await gated(BLOCK);
    gate.write('text', '', 'so far Pro');
    gate.write('reasoning', '', 'on Project Nightjar');
    const { pieces, decision } = await gate.end();
    expect([decision.reason, gate.state, saidBy(pieces)]).toEqual(['P_RULE', 'stopped', [['text', 'Pro']]]);
  });

  test.each([
    [
      'and what a judgement frees behind it leaves behind it',
      [],
      [
        ['text', 'Pro'],
        ['reasoning', 'thought'],
      ],
    ],
    ['although a judgement stops what is behind it', [{ type: 'slow', score: 1, start: 0, end: 3 }], [['text', 'Pro']]],
  ])('leaves in its order, %s', async (_what, findings, expected) => {
    let answer = (): void => undefined;
    const detect: Detector['detect'] = () => new Promise((resolve) => (answer = () => resolve(findings)));
    const governor = await createGovernor({
      detectors: [{ id: 'slow', version: '1', types: ['slow'], detect }],
      policy: {
        policy: 'p',
        version: 1,
        detectors: [{ id: 'codename', phrases: ['Project Nightjar'] }],
        rules: [
          { id: 'a', on: 'output', channel: 'text', detect: 'codename', then: 'block', reason: 'P_RULE' },
          { id: 'b', on: 'output', channel: 'reasoning', detect: 'slow', then: 'block', reason: 'P_SLOW' },
        ],
      },
    });
    open.push(governor);
    const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
    gate.write('text', '', 'so far Pro');
    gate.write('reasoning', '', 'thought');
    const ended = gate.end();
    expect(gate.take()).toEqual([]);
    answer();
    expect(saidBy((await ended).pieces)).toEqual(expected);
  });
});

describe('the signal of a detector', () => {
  test.each([
    ['a halt', async (governor: Governor) => void (await governor.control.halt({}, HALT))],
    ['an abort', async (_: Governor, gate: OutputGate) => void (await gate.abort())],
    ['a match', async (_: Governor, gate: OutputGate) => void gate.write('text', '2', 'Project Nightjar ')],
  ])('aborts at %s, long before its deadline', async (_name, stop) => {
    const slow = waitingDetector();
    const { governor, gate } = await gated('detect: [slow, codename], then: block', { detectors: [slow.detector] });
    gate.write('text', '1', 'hello');
    gate.endBlock('text', '1');
    expect(slow.aborted()).toBe(false);
    await stop(governor, gate);
    expect(slow.aborted()).toBe(true);
  });

  test.each(['input', 'output'] as const)(
    'aborts on a complete event of stage %s when its interaction is halted',
    async (stage) => {
      const slow = waitingDetector();
      const policy = {
        policy: 'p',
        version: 1,
        deadline: '2s',
        rules: [{ id: 'r', on: stage, detect: 'slow', then: 'block', reason: 'P_SLOW' }],
      } as const;
      const governor = await createGovernor({ detectors: [slow.detector], policy });
      open.push(governor);
      const interaction = governor.interaction({ tenant: 't' });
      const decided = governor.decide(interaction.event({ stage, content: 'hello' }));
      await governor.control.halt({}, HALT);
      expect(slow.aborted()).toBe(true);
      expect(await decided).toMatchObject({
        outcome: 'BLOCK',
        errors: [{ part: 'detector', id: 'slow', code: 'CANCELLED' }],
      });
      // A halt that was lifted does not cancel what comes later.
      await governor.control.resume({}, HALT);
      const later = governor.decide(interaction.event({ stage, content: 'hello again' }));
      await Promise.resolve();
      slow.answer();
      expect(await later).toMatchObject({ outcome: 'ALLOW' });
    },
  );
});

describe('stages that stream', () => {
  test.each(['output', 'tool_result', 'retrieval'] as const)(
    'G2: %s is held and masked, and streamed and complete verdicts are equal',
    async (stage) => {
      const { governor, gate } = await gated(REDACT, {}, stage);
      const text = 'write to ann@x.example or to bob@x.example.';
      let out = '';
      for (const unit of text) out += textOf(gate.write('text', '', unit));
      const { pieces, decision } = await gate.end();
      expect(out + textOf(pieces)).toBe('write to [EMAIL] or to [EMAIL].');
      const whole = await governor.decide(governor.interaction({ tenant: 't' }).event({ stage, content: text }));
      expect([decision.verdict, decision.edits, decision.signals]).toEqual([whole.verdict, whole.edits, whole.signals]);
    },
  );

  test('rules follow the stage and the role of its text', async () => {
    const policy = {
      policy: 'p',
      version: 1,
      detectors: [{ id: 'word', phrases: ['secret'] }],
      rules: [
        { id: 'tools', on: 'tool_result', role: 'tool', detect: 'word', then: 'block', reason: 'P_TOOL' },
        {
          id: 'never',
          on: ['tool_result', 'retrieval'],
          role: 'assistant',
          detect: 'word',
          then: 'block',
          reason: 'P_NEVER',
        },
      ],
    } as const;
    const governor = await createGovernor({ policy });
    open.push(governor);
    const reasons: unknown[] = [];
    for (const stage of ['output', 'tool_result', 'retrieval'] as const) {
      const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage }));
      gate.write('text', '', 'a secret, told');
      reasons.push((await gate.end()).decision.reason);
    }
    expect(reasons).toEqual(['NOT_GOVERNED', 'P_TOOL', 'NO_RULE_OBJECTED']);
  });

  test('no gate is opened for what arrives complete, and tool input streams in outputs only', async () => {
    await expect(gated(REDACT, {}, 'input')).rejects.toMatchObject({ code: 'EVENT_INVALID' });
    const { gate } = await gated(REDACT, {}, 'tool_result');
    expect(() => gate.write('tool_input', '1', '{}')).toThrow('write it as `text`');
    await gate.abort();
  });
});

test('count means the same at every stage: overlapping findings of one source are one', async () => {
  const twice: Detector = {
    id: 'twice',
    version: '1',
    types: ['twice'],
    detect: () => [
      { type: 'twice', score: 1, start: 3, end: 9 },
      { type: 'twice', score: 1, start: 0, end: 4 },
      { type: 'twice', score: 1, start: 10, end: 12 },
    ],
  };
  const on = ['input', 'retrieval', 'output', 'tool_call', 'tool_result'] as const;
  const rule = { id: 'a', on, when: 'count("twice") >= 3', then: 'block', reason: 'P_THREE' } as const;
  const governor = await createGovernor({ detectors: [twice], policy: { policy: 'p', version: 1, rules: [rule] } });
  open.push(governor);
  for (const stage of on) {
    const event = governor.interaction({ tenant: 't' }).event({ stage, content: 'abcdefghijkl' });
    const { outcome, signals } = await governor.decide(event);
    expect([stage, outcome, signals.map(({ start, end }) => [start, end])]).toEqual([
      stage,
      'ALLOW',
      [
        [0, 9],
        [10, 12],
      ],
    ]);
  }
});
