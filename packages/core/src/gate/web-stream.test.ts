import { expect, test } from 'vitest';
import { createGovernor } from '../governor.ts';
import { gateTransform } from './web-stream.ts';

const policy = {
  policy: 'p',
  version: 1,
  detectors: [{ id: 'codename', phrases: ['Project Nightjar'] }],
  rules: [{ id: 'r', on: 'output', detect: 'codename', then: 'block', reason: 'P_CODENAME' }],
} as const;

async function open(): Promise<{
  halt: () => Promise<unknown>;
  transform: TransformStream<string, string>;
  aborted: () => boolean;
}> {
  const governor = await createGovernor({ policy });
  const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
  return {
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
