import { createGovernor, type Detector, type Governor, type PolicyDocument } from '@flyball/core';
import type { AdapterGovernor, OutputGate } from '@flyball/core/adapter';
import { describe, expect, it, onTestFinished } from 'vitest';

import { DetectedFormat } from '../formats/index.ts';
import { sseFraming } from '../framing/sse.ts';
import { EventFlow } from './event-flow.ts';
import { TextFlow, type Flow } from './flow.ts';
import type { Outlet } from './outlet.ts';
import { StreamedBody, type StreamedBodySetup } from './streamed.ts';
import { utf8Reader } from './utf8-reader.ts';

// When a streamed body takes more, waits, ends, and is given up.

const KILO = 1024;
const POLICY: PolicyDocument = {
  policy: 'test',
  version: 1,
  detectors: [{ id: 'secret', phrases: ['red fox'] }],
  rules: [{ id: 'secret', on: 'output', detect: 'secret', then: 'block', reason: 'P_SECRET' }],
};

interface More {
  readonly setup?: Partial<StreamedBodySetup>;
  readonly outlet?: Partial<Outlet>;
  readonly policy?: Partial<PolicyDocument>;
  readonly detectors?: readonly Detector[];
  /** Changes the flow of plain text. */
  readonly flow?: (flow: Flow, gate: OutputGate<never>) => Flow;
  /** The gate opens when the test says so. */
  readonly late?: boolean;
}

/** A body, what its outlet was told, and the gate behind it. */
async function open(more: More = {}) {
  const governor: Governor = await createGovernor({
    policy: { ...POLICY, ...more.policy },
    detectors: more.detectors ?? [],
  });
  onTestFinished(() => governor.close());
  const told: string[] = [];
  const decided: string[] = [];
  const failed: unknown[] = [];
  let sent = false;
  let letOpen = (): void => undefined;
  const opening = new Promise<void>((resolve) => (letOpen = resolve));
  if (more.late !== true) letOpen();
  const interaction = governor.interaction({ tenant: 't' });
  const gate = await governor.openGate<never>(interaction.event({ stage: 'output' }));
  const outlet: Outlet = {
    get sent() {
      return sent;
    },
    write(chunk) {
      sent = true;
      told.push(`write ${String(chunk)}`);
      return true;
    },
    end: (text) => told.push(`end ${String(text)}`),
    refuse: ({ reason }) => told.push(`refuse ${reason}`),
    cut: ({ reason }, ending) => told.push(`cut ${reason} ${String(ending)}`),
    breakOff: ({ reason }) => told.push(`break ${reason}`),
    fail: (error) => told.push(`fail ${(error as Error).message}`),
    drained: () => told.push('drained'),
    ...more.outlet,
  };
  const body = new StreamedBody({
    outlet,
    open: () => opening.then(() => gate),
    flow: (opened) => (more.flow ?? ((flow) => flow))(new TextFlow(opened), opened),
    refuse: (reason, insteadOf) =>
      (governor as AdapterGovernor).refuse(interaction.event({ stage: 'output' }), reason, insteadOf),
    maxHeld: 1000,
    decided: ({ reason }) => decided.push(reason),
    failed: (error) => failed.push((error as Error).message),
    utf8: utf8Reader(true),
    ...more.setup,
  });
  return { body, gate, governor, told, decided, failed, letOpen };
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const EVENTS = (_: Flow, gate: OutputGate<never>): Flow => new EventFlow(gate, sseFraming(), new DetectedFormat());
const changed = (flow: Flow, more: Partial<Flow>): Flow => Object.assign(flow, more);

describe('a producer', () => {
  it('waits from 64 KiB on while the gate is not open, and hears when all of it has been taken', async () => {
    const { body, told, letOpen } = await open({ late: true });
    expect(body.write('a'.repeat(64 * KILO - 1))).toBe(true);
    expect(body.write('b')).toBe(false);
    expect(body.write('c')).toBe(false);
    await turn();
    expect(told).toEqual([]);
    letOpen();
    await expect.poll(() => told.at(-1)).toBe('drained');
    expect(told.filter((what) => what === 'drained')).toHaveLength(1);
    expect(body.write('d ')).toBe(true);
  });

  it('hears at once, where nothing came before the gate was open', async () => {
    const { told } = await open();
    await turn();
    expect(told).toEqual(['drained']);
  });

  it('waits where its outlet does, and not behind what takes a turn of its own', async () => {
    const { body, told } = await open({ outlet: { write: (chunk) => String(chunk) === 'fine ' } });
    await turn();
    expect([body.write('fine '), body.write('full ')]).toEqual([true, false]);
    const slow = await open({ outlet: { write: () => false } });
    await turn();
    expect(slow.body.write(`${'a'.repeat(40 * KILO)} `)).toBe(false);
    const other = await open();
    await turn();
    other.told.length = 0;
    // More than one slice: the rest has its turn later, and what comes meanwhile waits behind it.
    expect(other.body.write(`${'a'.repeat(40 * KILO)} `)).toBe(true);
    expect(other.body.write('b '.repeat(32 * KILO))).toBe(false);
    await expect.poll(() => other.told.at(-1)).toBe('drained');
    expect(other.told.filter((what) => what === 'drained')).toHaveLength(1);
    const written = other.told.filter((what) => what.startsWith('write ')).map((what) => what.slice(6));
    expect(written.join('')).toBe(`${'a'.repeat(40 * KILO)} ${'b '.repeat(32 * KILO)}`);
    expect(told).toEqual(['drained']);
  });

  it('does not wait for a body that is over', async () => {
    const { body, told } = await open({ flow: (flow) => changed(flow, { end: () => 'the end' }) });
    await turn();
    body.write('a red fox ');
    await turn();
    const stopped = ['drained', 'write a ', 'cut P_SECRET '];
    expect(told).toEqual(stopped);
    expect(body.write('x'.repeat(100 * KILO))).toBe(true);
    body.end();
    await turn();
    expect(told).toEqual(stopped);
  });
});

describe('an end that takes turns of its own', () => {
  /** Says a piece of its end in each turn. */
  const saying = (flow: Flow, ...pieces: readonly string[]): Flow => {
    const left = [...pieces];
    let ending = false;
    const end = (): string => {
      ending = true;
      return left.shift()!;
    };
    return Object.defineProperty(changed(flow, { end }), 'busy', { get: () => ending && left.length > 0 });
  };

  it('is asked for until all of it is said, and other work has its turn between', async () => {
    let turns = 0;
    const { body, told } = await open({ flow: (flow) => saying(flow, 'one ', '', 'two ') });
    await turn();
    body.write('so ');
    body.end();
    setImmediate(() => turns++);
    expect(told).toEqual(['drained', 'write so ', 'write one ']);
    await expect.poll(() => told.at(-1)).toBe('end ');
    expect([told.slice(3), turns]).toEqual([['write two ', 'end '], 1]);
  });

  it.each<readonly [how: string, over: (run: Awaited<ReturnType<typeof open>>) => unknown, last: string]>([
    ['aborted', ({ body }) => body.abort(), 'write piece '],
    ['halted', ({ governor }) => governor.control.halt({}, { who: 'op', why: 'test' }), 'cut HALTED '],
  ])('is asked for no more once the body is %s', async (_how, over, last) => {
    const run = await open({ flow: (flow) => saying(flow, ...Array.from({ length: 1000 }, () => 'piece ')) });
    await turn();
    run.body.write('so ');
    run.body.end();
    await over(run);
    const { length } = run.told;
    expect([run.told.at(-1), length < 1000]).toEqual([last, true]);
    await turn();
    await turn();
    expect(run.told).toHaveLength(length);
  });
});

describe('a body that is aborted', () => {
  it('while its flow is busy with what has come asks it for no more', async () => {
    const busy = (flow: Flow): Flow =>
      Object.defineProperty(changed(flow, { push: () => 'piece ' }), 'busy', { get: () => true });
    const { body, told } = await open({ flow: busy });
    await expect.poll(() => told.length).toBeGreaterThan(2);
    body.abort();
    const { length } = told;
    await turn();
    await turn();
    expect(told).toHaveLength(length);
  });

  it.each(['before its gate is open', 'while it streams'])(
    '%s leaves nothing more, and ends its gate',
    async (when) => {
      const { body, gate, told, letOpen } = await open({ late: when === 'before its gate is open' });
      if (when === 'while it streams') await turn();
      body.write('fine ');
      const before = [...told];
      body.abort();
      letOpen();
      body.write('more ');
      body.end();
      body.stop();
      await turn();
      expect([gate.state, told]).toEqual(['aborted', before]);
    },
  );

  it('after its end has ended already', async () => {
    const { body, gate, told } = await open();
    await turn();
    body.write('fine ');
    body.end();
    await expect.poll(() => told.at(-1)).toBe('end ');
    body.abort();
    body.stop();
    await turn();
    expect([gate.state, told.at(-1)]).toEqual(['ended', 'end ']);
  });
});

describe('a body that the application stops', () => {
  it.each(['before its gate is open', 'while it streams'])('%s ends as its protocol ends', async (when) => {
    const { body, gate, told, decided, letOpen } = await open({ late: when === 'before its gate is open' });
    await turn();
    if (when === 'while it streams') body.write('so far ');
    body.stop();
    letOpen();
    await expect.poll(() => decided).toEqual(['NO_RULE_OBJECTED']);
    await turn();
    const ending = when === 'while it streams' ? 'break NO_RULE_OBJECTED' : 'refuse NO_RULE_OBJECTED';
    expect([gate.state, told.at(-1)]).toEqual(['aborted', ending]);
  });
});

describe('a body that cannot be followed', () => {
  const unfinished = (units: number): string => `data: ${'x'.repeat(units - 6)}`;

  it('holds as much as it may, and is refused with one unit more', async () => {
    const { body, told, decided, gate } = await open({ flow: EVENTS });
    await turn();
    body.write(unfinished(1000));
    await turn();
    expect([told, decided]).toEqual([['drained'], []]);
    body.write('x');
    await expect.poll(() => told.at(-1)).toBe('refuse MAX_HOLD');
    expect(gate.state).toBe('aborted');
    // One refusal, whatever comes behind it.
    body.write('x'.repeat(2000));
    body.end();
    await turn();
    expect(told).toHaveLength(2);
  });

  it('is broken off by a bound once some of it has left, so that nobody takes it for whole', async () => {
    const { body, told } = await open();
    await turn();
    body.write('so far ');
    body.write(Uint8Array.of(0x61, 0xff));
    await expect.poll(() => told.at(-1)).toBe('break UNREADABLE');
  });

  it('is refused where it is no text, also when only its end shows that', async () => {
    for (const bytes of [Uint8Array.of(0x61, 0xff), Uint8Array.of(0xf0, 0x9f)]) {
      const { body, told } = await open();
      body.write(bytes);
      body.end();
      await expect.poll(() => told.at(-1)).toBe('refuse UNREADABLE');
    }
  });

  it('leaves nothing of what came behind bytes that are no text', async () => {
    const { body, told, letOpen } = await open({ late: true });
    body.write(Uint8Array.of(0x61, 0xff));
    body.write('more ');
    letOpen();
    await expect.poll(() => told.at(-1)).toBe('refuse UNREADABLE');
    expect(told).toEqual(['drained', 'refuse UNREADABLE']);
  });

  it('is left alone where its outlet only watches and nothing is enforced, and fails where it does not', async () => {
    const watching = { policy: { mode: 'shadow' }, flow: EVENTS } as const;
    const passive = await open({ ...watching, outlet: { passive: true } });
    await turn();
    passive.body.write(unfinished(1001));
    await turn();
    expect(passive.told).toEqual(['drained']);
    const other = await open(watching);
    await turn();
    other.body.write(unfinished(1001));
    await expect.poll(() => other.told.at(-1)).toMatch(/^fail the body cannot be followed any further \(MAX_HOLD\)/);
  });

  it.each(['in the middle', 'at its end'])('E2: is refused where a mask fits nowhere %s', async (where) => {
    const { body, told } = await open({
      flow: (flow) => changed(flow, { unfit: where === 'in the middle' }),
      ...(where === 'at its end' && {
        flow: (flow: Flow) =>
          changed(flow, {
            accept() {
              Object.assign(flow, { unfit: true });
              return '';
            },
            push: () => '',
          }),
      }),
    });
    body.write('fine ');
    body.end();
    await expect.poll(() => told.at(-1)).toBe('refuse EDIT_NOT_APPLICABLE');
  });
});

describe('where governance breaks', () => {
  const breaks = (): never => {
    throw new Error('broken');
  };

  it('before the gate is open, the answer fails', async () => {
    const { body, told, failed } = await open({ setup: { open: () => Promise.reject(new Error('broken')) } });
    body.write('fine ');
    await expect.poll(() => told).toEqual(['fail broken']);
    expect(failed).toEqual(['broken']);
    body.end();
    await turn();
    expect(told).toHaveLength(1);
  });

  it.each(['push', 'end', 'flush', 'accept'] as const)(
    'in the flow (`%s`), the answer ends as one that could not be evaluated',
    async (method) => {
      const { body, told, failed } = await open({
        flow: (flow) => changed(flow, { push: () => '', [method]: breaks }),
      });
      body.write('fine ');
      body.end();
      await expect.poll(() => told.at(-1)).toBe('refuse FAILED_CLOSED');
      expect(failed[0]).toBe('broken');
    },
  );

  it('and in what ends it as well, the answer fails at once', async () => {
    const { body, told, gate } = await open({
      flow: (flow) => changed(flow, { push: breaks }),
      setup: { refuse: breaks },
    });
    body.write('fine ');
    await expect.poll(() => told.at(-1)).toBe('fail broken');
    expect(gate.state).toBe('aborted');
  });

  it('in the words of its ending, it is broken off', async () => {
    const flow = (given: Flow): Flow => changed(given, { cut: breaks, ending: breaks });
    const { body, told, governor } = await open({ flow });
    await turn();
    body.write('so far ');
    await governor.control.halt({}, { who: 'op', why: 'test' });
    await expect.poll(() => told.at(-1)).toBe('cut HALTED ');
  });
});

it('what judgements free leaves while nothing comes, and while the last ones are under way', async () => {
  const answers: (() => void)[] = [];
  const slow: Detector = {
    id: 'slow',
    version: '1',
    types: ['slow'],
    window: { size: 4, stride: 4 },
    detect: () => new Promise((resolve) => answers.push(() => resolve([]))),
  };
  const { body, told } = await open({
    detectors: [slow],
    policy: { rules: [{ id: 'slow', on: 'output', detect: 'slow', then: 'block', reason: 'P_SLOW' }] },
  });
  await turn();
  body.write('four');
  await expect.poll(() => answers.length).toBe(1);
  expect(told).toEqual(['drained']);
  answers[0]!();
  await expect.poll(() => told.at(-1)).toBe('write four');
  body.write('more');
  body.end();
  await expect.poll(() => answers.length).toBe(2);
  answers[1]!();
  await expect.poll(() => told.at(-1)).toMatch(/^end /);
  expect(
    told
      .slice(1)
      .join('')
      .replaceAll(/write |end /g, ''),
  ).toBe('fourmore');
});

it('what leaves is encoded as its body is, the ending of a stopped one included', async () => {
  const encode = (text: string): Uint8Array => Buffer.from(text.toUpperCase());
  const { body, told, decided } = await open({ setup: { encode } });
  await turn();
  body.write('so far ');
  body.end();
  await expect.poll(() => told).toEqual(['drained', 'write SO FAR ', 'end ']);
  expect(decided).toEqual(['NO_RULE_OBJECTED']);
  const stopped = await open({ setup: { encode } });
  await turn();
  stopped.body.write('a red fox ');
  await expect.poll(() => stopped.told.at(-1)).toBe('cut P_SECRET ');
  expect(stopped.told[1]).toBe('write A ');
});
