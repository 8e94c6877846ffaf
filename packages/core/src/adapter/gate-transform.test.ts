import { expect, test } from 'vitest';
import type { Governor } from '../governor/api.ts';
import { createGovernor } from '../governor.ts';
import type { OutputGate } from '../gate/types.ts';
import { gateTransform } from './gate-transform.ts';

const policy = {
  policy: 'p',
  version: 1,
  detectors: [{ id: 'codename', phrases: ['Project Nightjar'] }],
  rules: [{ id: 'r', on: 'output', detect: 'codename', then: 'block', reason: 'P_CODENAME' }],
} as const;

async function open(): Promise<{
  governor: Governor;
  gate: OutputGate;
  halt: () => Promise<unknown>;
  transform: TransformStream<string, string>;
  aborted: () => boolean;
}> {
  const governor = await createGovernor({ policy });
  const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
  return {
    governor,
    gate,
    transform: gateTransform(gate, { ending: (decision) => `[${decision.reason}]` }),
    halt: () => governor.control.halt({}, { who: 'op', why: 'test' }),
    aborted: () => gate.stopped.aborted,
  };
}

function source(...deltas: readonly string[]): ReadableStream<string> {
  return new ReadableStream({
    start(controller) {
      for (const delta of deltas) controller.enqueue(delta);
      controller.close();
    },
  });
}

async function read(stream: ReadableStream<string>): Promise<string> {
  let text = '';
  for await (const piece of stream) text += piece;
  return text;
}

test('G6: text without matches passes unchanged', async () => {
  const { transform } = await open();
  expect(await read(source('all is ', 'we', 'll').pipeThrough(transform))).toBe('all is well');
});

test('G2, G4: a stopped stream ends cleanly with the ending and nothing after it', async () => {
  const { transform, aborted } = await open();
  // The source is cut off, which `pipeThrough` reports on the pipe, not to the reader.
  expect(await read(source('about Pro', 'ject Night', 'jar: ', 'no').pipeThrough(transform))).toBe(
    'about [P_CODENAME]',
  );
  expect(aborted()).toBe(true);
});

test('a halt ends a stream that is waiting for text', async () => {
  const { transform, halt } = await open();
  const writer = transform.writable.getWriter();
  const text = read(transform.readable);
  await writer.write('so far ');
  await halt();
  expect(await text).toBe('so far [HALTED]');
  await writer.abort().catch(() => undefined);
});

test('a readable side that is cancelled aborts the gate and cancels the source', async () => {
  const { transform, gate } = await open();
  let cancelled: unknown;
  const endless = new ReadableStream<string>({
    pull: (controller) => controller.enqueue('hello '),
    cancel: (reason) => void (cancelled = reason),
  });
  const reader = endless.pipeThrough(transform).getReader();
  expect((await reader.read()).value).toBe('hello ');
  await reader.cancel('client left');
  expect([gate.state, gate.terminal?.coverage.ended]).toEqual(['aborted', 'aborted']);
  await new Promise((resolve) => setTimeout(resolve));
  expect(cancelled).toBe('client left');
});

test('a source that fails aborts the gate, and its error reaches the reader', async () => {
  const { transform, gate } = await open();
  const failing = new ReadableStream<string>({
    start: (controller) => controller.enqueue('so far '),
    pull: (controller) => controller.error(new Error('socket closed')),
  });
  await expect(read(failing.pipeThrough(transform))).rejects.toThrow('socket closed');
  expect(gate.state).toBe('aborted');
});

test('an ending that throws, or is no text, does not break the stream', async () => {
  for (const ending of [
    () => {
      throw new Error('no words');
    },
    () => 5 as never,
  ]) {
    const { gate } = await open();
    expect(await read(source('about Project Nightjar: no').pipeThrough(gateTransform(gate, { ending })))).toBe(
      'about ',
    );
  }
});

test('without words for an ending nothing is said after what has left', async () => {
  for (const options of [{}, { ending: () => '' }]) {
    const { gate } = await open();
    const pieces: string[] = [];
    for await (const piece of source('about ', 'Project Nightjar: no').pipeThrough(gateTransform(gate, options)))
      pieces.push(piece);
    expect(pieces).toEqual(['about ']);
  }
});

test('a write whose text waits for its judgement is over when the reader leaves', async () => {
  const { transform } = await open();
  const writer = transform.writable.getWriter();
  const reader = transform.readable.getReader();
  const first = reader.read();
  // Held: it could become what is looked for.
  const writing = writer.write('Project').then(
    () => 'over',
    () => 'over',
  );
  void first.catch(() => undefined);
  await reader.cancel('left');
  expect(await writing).toBe('over');
});

test('a writer that fails before anybody reads ends nothing else: the first reader gets its error', async () => {
  const { transform, gate } = await open();
  const writer = transform.writable.getWriter();
  writer.closed.catch(() => undefined);
  await writer.abort(new Error('socket closed'));
  await expect(read(transform.readable)).rejects.toThrow('socket closed');
  expect(gate.state).toBe('aborted');
});

test('a writer that is done before anybody reads: the reader gets the end', async () => {
  const { transform, gate } = await open();
  await transform.writable.getWriter().close();
  expect(await read(transform.readable)).toBe('');
  expect(gate.state).toBe('ended');
});

test('without words the reader of a stopped stream gets what had become free, in its order', async () => {
  const { governor, gate } = await open();
  const plain = gateTransform(gate);
  const writer = plain.writable.getWriter();
  const text = read(plain.readable);
  await writer.write('so far ');
  await governor.control.halt({}, { who: 'op', why: 'test' });
  expect(await text).toBe('so far ');
  await expect(writer.write('more')).rejects.toBe(gate.terminal);
});

test('a governor that closes ends the stream, held text inside', async () => {
  const { transform, governor } = await open();
  const writer = transform.writable.getWriter();
  const text = read(transform.readable);
  await writer.write('so far Pro');
  await governor.close();
  expect(await text).toBe('so far [NO_RULE_OBJECTED]');
  await writer.abort().catch(() => undefined);
});

test('nothing is taken from the writer before the reader asks, and a write resolves when it is taken', async () => {
  const { transform } = await open();
  const writer = transform.writable.getWriter();
  let written = 0;
  const first = writer.write('one ').then(() => written++);
  await new Promise((resolve) => setTimeout(resolve));
  expect(written).toBe(0);
  const reader = transform.readable.getReader();
  expect((await reader.read()).value).toBe('one ');
  await first;
  expect(written).toBe(1);
  await reader.cancel();
});

test.each(['is halted', 'is left by its reader'])(
  'a write that waits for a reader is over when the stream %s, and so is every later one',
  async (how) => {
    const { transform, halt } = await open();
    const writer = transform.writable.getWriter();
    writer.closed.catch(() => undefined);
    const over = async (write: Promise<void>): Promise<string> =>
      write.then(
        () => 'over',
        () => 'over',
      );
    const waiting = over(writer.write('one '));
    await new Promise((resolve) => setTimeout(resolve));
    await (how === 'is halted' ? halt() : transform.readable.cancel('left'));
    expect(await waiting).toBe('over');
    expect(await over(writer.write('two '))).toBe('over');
  },
);
