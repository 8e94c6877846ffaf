import { expect, onTestFinished, test } from 'vitest';
import type { Governor } from '../governor/api.ts';
import { createGovernor } from '../governor.ts';
import type { OutputGate, Piece } from '../gate/types.ts';
import { pull, readableOf, sourceOf, type PullSource, type PullSteps } from './pull.ts';

// Somebody leaves, or is cut off, while something is ready or under way: what was meant for them goes nowhere.

async function gated(): Promise<{ governor: Governor; gate: OutputGate }> {
  const governor = await createGovernor({
    policy: {
      policy: 'p',
      version: 1,
      detectors: [{ id: 'codename', phrases: ['Project Nightjar'] }],
      rules: [{ id: 'r', on: 'output', detect: 'codename', then: 'block', reason: 'P_CODENAME' }],
    },
  });
  onTestFinished(() => governor.close());
  return { governor, gate: await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' })) };
}

const texts = (pieces: readonly Piece<never>[]): string[] =>
  pieces.flatMap((piece) => (piece.kind === 'text' ? [piece.text] : []));

/** Hands on character by character, so that much is ready at once. */
const stepsOf = (gate: OutputGate): PullSteps<string, string, never> => ({
  accept: (chunk) => texts(gate.write('text', '', chunk)).flatMap((text) => [...text]),
  release: texts,
  end: (pieces) => [...texts(pieces), '<end>'],
  stop: (pieces, decision) => [...texts(pieces), `<${decision.reason}>`],
});

/** Gives these, and is silent then. */
function giving(...chunks: readonly string[]): PullSource<string> & { readonly cancelled: unknown[] } {
  const left = [...chunks];
  const cancelled: unknown[] = [];
  return {
    cancelled,
    read: () => {
      const value = left.shift();
      return value === undefined ? new Promise(() => undefined) : Promise.resolve({ value });
    },
    cancel: (reason) => void cancelled.push(reason),
  };
}

function later(): { readonly promise: Promise<void>; readonly happen: () => void } {
  let happen = (): void => undefined;
  const promise = new Promise<void>((resolve) => (happen = resolve));
  return { promise, happen };
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

test('what is ready when the consumer leaves is not handed on', async () => {
  const { gate } = await gated();
  const stream = pull(giving('abc '), gate, stepsOf(gate));
  expect((await stream.next()).value).toBe('a');
  expect(await stream.return!()).toEqual({ done: true, value: undefined });
  expect(await stream.next()).toEqual({ done: true, value: undefined });
});

test('what is ready when the caller gives up is not handed on: the reason comes at once, and once', async () => {
  const { gate } = await gated();
  const caller = new AbortController();
  const stream = pull(giving('abc '), gate, stepsOf(gate), { signal: caller.signal });
  expect((await stream.next()).value).toBe('a');
  caller.abort(new Error('took too long'));
  await expect(stream.next()).rejects.toThrow('took too long');
  expect(await stream.next()).toEqual({ done: true, value: undefined });
});

test('what an adapter is still working on when the consumer leaves is not handed on', async () => {
  const { gate } = await gated();
  const { promise, happen } = later();
  const accept = async (chunk: string): Promise<readonly string[]> => {
    await promise;
    return [chunk, chunk];
  };
  const stream = pull(giving('one'), gate, { ...stepsOf(gate), accept });
  const waiting = stream.next();
  await turn();
  await stream.return!();
  happen();
  expect(await waiting).toEqual({ done: true, value: undefined });
});

test('what an adapter is still working on when the governor closes is not handed on', async () => {
  const { governor, gate } = await gated();
  const { promise, happen } = later();
  const accept = async (chunk: string): Promise<readonly string[]> => {
    const ready = texts(gate.write('text', '', chunk));
    await promise;
    return ready;
  };
  const stream = pull(giving('one '), gate, { ...stepsOf(gate), accept });
  const first = stream.next();
  await turn();
  await governor.close();
  happen();
  expect((await first).value).toBe('<NO_RULE_OBJECTED>');
});

test('an ending that is still being written when the consumer leaves is not handed on', async () => {
  const { gate } = await gated();
  const { promise, happen } = later();
  const stop = async (): Promise<readonly string[]> => {
    await promise;
    return ['<stopped>'];
  };
  const stream = pull(giving('Project Nightjar: no'), gate, { ...stepsOf(gate), stop });
  const waiting = stream.next();
  await turn();
  await stream.return!();
  happen();
  expect(await waiting).toEqual({ done: true, value: undefined });
});

test.each(['leaves', 'reads to the end', 'is stopped'])(
  'a consumer that %s leaves no listener behind on the signal of its caller',
  async (how) => {
    const { gate } = await gated();
    const { signal } = new AbortController();
    const listening = new Set<unknown>();
    const spied = (on: AbortSignal): void => {
      const [add, remove] = [on.addEventListener.bind(on), on.removeEventListener.bind(on)];
      on.addEventListener = ((...given: Parameters<typeof add>) => {
        listening.add(given[1]);
        add(...given);
      }) as typeof on.addEventListener;
      on.removeEventListener = ((...given: Parameters<typeof remove>) => {
        listening.delete(given[1]);
        remove(...given);
      }) as typeof on.removeEventListener;
    };
    spied(signal);
    spied(gate.stopped);
    async function* two(): AsyncGenerator<string> {
      yield 'one ';
      yield how === 'is stopped' ? 'Project Nightjar: no' : 'two';
    }
    const stream = pull(sourceOf(two()), gate, stepsOf(gate), { signal });
    expect(listening.size).toBe(2);
    for await (const _ of stream) if (how === 'leaves') break;
    expect(listening.size).toBe(0);
  },
);

test('an iterator that is left is told, where it can be told', async () => {
  const left: unknown[] = [];
  const next = (): Promise<IteratorResult<string>> => Promise.resolve({ value: 'one', done: false });
  const iterator = { next, return: async () => ({ value: left.push('left'), done: true }) as const };
  for (const given of [iterator, { next }]) {
    const { gate } = await gated();
    const stream = pull(sourceOf<string>(given), gate, stepsOf(gate));
    await stream.next();
    expect(await stream.return!()).toEqual({ done: true, value: undefined });
  }
  expect(left).toEqual(['left']);
});

test('a web stream of what cannot be left is cancelled all the same, and closes with it', async () => {
  let asked = 0;
  const next = async (): Promise<IteratorResult<string>> =>
    asked++ === 0 ? { value: 'one', done: false } : { value: undefined, done: true };
  await readableOf({ next }).cancel('left');
  expect(asked).toBe(0);
  const read: string[] = [];
  for await (const piece of readableOf({ next })) read.push(piece);
  expect(read).toEqual(['one']);
});
