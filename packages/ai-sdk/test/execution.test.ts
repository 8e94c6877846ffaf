import { callContext, GovernanceBlockedError, toolRunOf, withheld } from '@flyball/agent-kit';
import { requireGovernor } from '@flyball/core/adapter';
import { jsonSchema, tool, type Tool, type ToolExecutionOptions } from 'ai';
import type { Detector, Sink } from '@flyball/core';
import { describe, expect, test, vi } from 'vitest';
import { governExecute } from '../src/tools/execution.ts';
import { governorWith, PAYLOADS, rule, subject } from './harness.ts';
import { judge } from './parts-run.ts';

// One call of a tool's own function: what its caller gets, and that the call is over then, once.

type Mode = 'off' | 'shadow' | 'enforce';
const OPTIONS = { toolCallId: 'c1', messages: [] } as unknown as ToolExecutionOptions<never>;
const BAD = { body: PAYLOADS.word };

async function open(
  mode: Mode,
  execute: (...given: never[]) => unknown,
  onBlock?: 'continue' | 'stop',
  {
    rules = [rule(['tool_call', 'tool_result'], 'block')],
    detectors = [] as readonly Detector[],
    audit = undefined as Sink | undefined,
  } = {},
) {
  const governor = await governorWith(rules, { mode, deadline: '20s' }, detectors, audit);
  const interaction = governor.interaction(subject);
  const seen = { over: 0, ran: 0 };
  const options = { governor: requireGovernor(governor, 'test'), ...(onBlock !== undefined && { onBlock }) };
  const own = tool({ inputSchema: jsonSchema({ type: 'object' }), execute: execute as never }) as Tool;
  const run = governExecute(own, 'find', () => ({
    ...callContext(options, interaction, { point: 'tool' }),
    over: () => void seen.over++,
  }));
  return { run, seen, governor, interaction, own };
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const fail = (): never => {
  throw new Error('no');
};

/** What a caller gets of it: all that is yielded, the result, or the error. */
async function all(run: () => unknown): Promise<readonly unknown[]> {
  const got: unknown[] = [];
  try {
    const given = run();
    if (typeof given === 'object' && given !== null && Symbol.asyncIterator in given) {
      for await (const one of given as AsyncIterable<unknown>) got.push(one);
    } else got.push(await given);
  } catch (error) {
    got.push(GovernanceBlockedError.isInstance(error) ? 'denied' : (error as Error).message);
  }
  return got;
}

const yielding = (...values: readonly unknown[]) =>
  async function* (): AsyncGenerator<unknown> {
    for (const value of values) yield typeof value === 'function' ? (value as () => unknown)() : value;
  };

/** An object that is yielded as it grows. */
async function* growing(...words: readonly string[]): AsyncGenerator<unknown> {
  const progress = { said: '' };
  for (const word of words) {
    progress.said += word;
    yield progress;
  }
  progress.said += PAYLOADS.word;
}

test('T3: what is added to what a tool has yielded is seen by nobody before it is decided on', async () => {
  const { run } = await open('enforce', () => growing('a', 'b'));
  expect(await all(() => run({}, OPTIONS))).toEqual([{ said: 'a' }, { said: 'ab' }]);
  const stopped = await open('enforce', () => growing('a', PAYLOADS.word));
  expect(await all(() => stopped.run({}, OPTIONS))).toEqual([{ said: 'a' }, 'denied']);
});

const OBJECT = { total: 1 };
const WAYS: { readonly [name: string]: readonly [execute: () => unknown, got: readonly unknown[]] } = {
  'a value': [() => 'fine', ['fine']],
  nothing: [() => undefined, [undefined]],
  null: [() => null, [null]],
  'an object, as it is': [() => OBJECT, [OBJECT]],
  'a promise': [async () => 'fine', ['fine']],
  'an error at once': [fail, ['no']],
  'an error': [async () => fail(), ['no']],
  'what it yields': [yielding('first', 'second'), ['first', 'second']],
  'what something else yields': [() => yielding('first', 'second')(), ['first', 'second']],
  'what it yields before an error': [yielding('first', fail), ['first', 'no']],
  'nothing of many': [yielding(), []],
};

describe.each(['off', 'shadow', 'enforce'] as const)('in %s', (mode) => {
  test.each(Object.entries(WAYS))('E4: a caller gets %s, and the call is over', async (_name, [execute, got]) => {
    const { run, seen } = await open(mode, execute);
    const given = await all(() => run({ body: 'fine' }, OPTIONS));
    expect(given).toEqual(got);
    if (given[0] === OBJECT || got[0] === OBJECT) expect(given[0]).toBe(OBJECT);
    await expect.poll(() => seen.over).toBe(1);
  });

  test.each(['its own', 'another'])('a reader who leaves ends %s generator, and the call', async (whose) => {
    let ended = 0;
    async function* execute(): AsyncGenerator<string> {
      try {
        yield 'first';
        yield 'second';
      } finally {
        ended++;
      }
    }
    const { run, seen } = await open(mode, whose === 'its own' ? execute : () => execute());
    for await (const one of run({}, OPTIONS) as AsyncIterable<unknown>) {
      expect(one).toBe('first');
      break;
    }
    await turn();
    expect([ended, seen.over]).toEqual([1, 1]);
  });

  test('what answers without a promise yields as well', async () => {
    let left = 2;
    const next = () => ({ done: left-- === 0, value: 'one' });
    const { run, seen } = await open(mode, () => ({ [Symbol.asyncIterator]: () => ({ next }) }));
    expect(await all(() => run({}, OPTIONS))).toEqual(['one', 'one']);
    await turn();
    expect(seen.over).toBe(1);
  });

  test('a reader may leave what cannot be left', async () => {
    let left = 2;
    const next = async () => ({ done: left-- === 0, value: 'one' });
    const { run, seen } = await open(mode, () => ({ [Symbol.asyncIterator]: () => ({ next }) }));
    for await (const one of run({}, OPTIONS) as AsyncIterable<unknown>) {
      expect(one).toBe('one');
      break;
    }
    await turn();
    expect(seen.over).toBe(1);
  });

  test('the function finds its tool at `this`, its input and its options', async () => {
    const calls: unknown[][] = [];
    const { run, own } = await open(mode, function (this: unknown, ...given: unknown[]) {
      calls.push([this, ...given]);
    });
    const input = { body: 'fine' };
    await run(input, OPTIONS);
    // Called by the application itself.
    await run(input, undefined as never);
    expect(calls).toEqual([
      [own, input, OPTIONS],
      [own, input, undefined],
    ]);
    expect(calls.every(([at]) => at === own)).toBe(true);
  });

  test('what fails and is never read troubles nobody', async () => {
    const { run, governor } = await open(mode, yielding('fine'));
    await governor.close();
    // An error that nobody has caught fails the run of these tests.
    run({}, OPTIONS);
    await turn();
  });

  test('a governor that was closed fails the call, and nothing runs', async () => {
    for (const execute of [() => 'fine', yielding('fine')]) {
      const { run, seen, governor } = await open(mode, (...given: never[]) => {
        seen.ran++;
        return (execute as (...given: never[]) => unknown)(...given);
      });
      await governor.close();
      const [error] = await all(() => run({}, OPTIONS));
      expect([error, seen.ran]).toEqual([expect.stringContaining('closed'), 0]);
      await expect.poll(() => seen.over).toBe(1);
    }
  });
});

describe('while enforcing', () => {
  test.each(Object.entries(WAYS))('T1: arguments that are stopped run nothing: %s', async (_name, [execute]) => {
    let ran = false;
    const generator = execute.constructor.name === 'AsyncGeneratorFunction';
    const watched = generator
      ? async function* (): AsyncGenerator<unknown> {
          ran = true;
          yield 'ran';
        }
      : () => (ran = true);
    const { run, seen, interaction } = await open('enforce', watched, 'stop');
    expect(await all(() => run(BAD, OPTIONS))).toEqual(['denied']);
    expect([ran, seen.over, toolRunOf(interaction).stopped?.reason]).toEqual([false, 1, 'P_TEST']);
  });

  test('T4: the run goes on after arguments that are stopped, where nobody says otherwise', async () => {
    const { run, interaction } = await open('enforce', () => 'fine');
    expect(await all(() => run(BAD, OPTIONS))).toEqual(['denied']);
    expect(toolRunOf(interaction).stopped).toBeUndefined();
  });

  test.each<readonly [name: string, execute: () => unknown, got: readonly unknown[]]>([
    ['a result', () => PAYLOADS.word, ['denied']],
    ['an error', async () => Promise.reject(new Error(PAYLOADS.word)), ['denied']],
    [
      'an error at once',
      () => {
        throw new Error(PAYLOADS.word);
      },
      ['denied'],
    ],
    ['the first of many', yielding(PAYLOADS.word, 'second'), ['denied']],
    ['the last of many', yielding('first', PAYLOADS.word), ['first', 'denied']],
    [
      'an error behind many',
      yielding('first', () => {
        throw new Error(PAYLOADS.word);
      }),
      ['first', 'denied'],
    ],
  ])('T3: %s is stopped before anyone sees it, and the call is over', async (_name, execute, got) => {
    const { run, seen } = await open('enforce', execute);
    expect(await all(() => run({}, OPTIONS))).toEqual(got);
    expect(seen.over).toBe(1);
    for (const mode of ['off', 'shadow'] as const) {
      const { run: unenforced } = await open(mode, execute);
      expect(await all(() => unenforced({}, OPTIONS))).not.toContain('denied');
    }
  });

  const JUDGED = [rule('tool_call', 'block', { detect: 'judged' })];
  const MANY = ['what something else yields'];

  test.each(Object.entries(WAYS))('T1: arguments that are judged for long are waited for: %s', async (name, way) => {
    const [execute, got] = way;
    for (const found of [true, false]) {
      const { detector, asked, answerAll } = judge();
      let ran = false;
      const watched: () => unknown =
        execute.constructor.name === 'AsyncGeneratorFunction'
          ? async function* () {
              ran = true;
              yield* execute() as AsyncGenerator<unknown>;
            }
          : () => ((ran = true), execute());
      const { run, seen } = await open('enforce', watched, 'continue', { rules: JUDGED, detectors: [detector] });
      const running = all(() => run({ body: 'fine' }, OPTIONS));
      await vi.waitFor(() => expect(asked.length).toBeGreaterThan(0));
      await turn();
      expect(ran).toBe(false);
      answerAll(found);
      // A function of another kind has run too far by then to show what it yields on the way.
      const late = MANY.includes(name) ? got.slice(-1) : got;
      expect(await running).toEqual(found ? ['denied'] : late);
      expect([ran, seen.over]).toEqual([!found, 1]);
    }
  });

  test('T1: a call whose arguments were withheld is denied by the decision that withheld them', async () => {
    const { run, interaction, governor, seen } = await open('enforce', () => void seen.ran++);
    const event = interaction.event({ stage: 'tool_call', args: BAD, resource: { tool: 'find' } });
    const decision = await governor.decide(event);
    const { withheld: known } = toolRunOf(interaction);
    const standIn = withheld(decision);
    expect(() => run(standIn, OPTIONS)).toThrow('withheld by policy');
    known.set(decision.auditId, decision);
    expect(() => run(standIn, OPTIONS)).toThrow(GovernanceBlockedError);
    expect(seen.ran).toBe(0);
  });
});

test.each(Object.entries(WAYS))('E4: in off a caller gets %s without waiting for its record', async (_name, way) => {
  const [execute, got] = way;
  const results = Promise.withResolvers<void>();
  const audit: Sink = {
    name: 'slow',
    accept: (record) =>
      record.kind === 'decision' && record.event.stage === 'tool_result' ? results.promise : undefined,
  };
  const { run, seen } = await open('off', execute, undefined, { audit });
  expect(await Promise.race([all(() => run({}, OPTIONS)), turn()])).toEqual(got);
  results.resolve();
  await expect.poll(() => seen.over).toBe(1);
});

describe('D6: where everything is off, an operator halts a call while its tool runs', () => {
  type Halted = (halt: () => Promise<unknown>) => unknown;
  test.each<readonly [what: string, execute: Halted, got: readonly unknown[]]>([
    ['what it gives then', async (halt) => (await halt(), 'late'), ['denied']],
    ['what it fails with then', async (halt) => (await halt(), fail()), ['denied']],
    [
      'what it yields then',
      async function* (halt) {
        yield 'first';
        await halt();
        yield 'late';
        yield 'later';
      },
      ['first', 'denied'],
    ],
    [
      'what it fails with behind what it has yielded',
      async function* (halt) {
        yield 'first';
        await halt();
        fail();
      },
      ['first', 'denied'],
    ],
  ])('%s is shown to nobody, and the call is over, once', async (_what, execute, got) => {
    const halt = (): Promise<unknown> => governor.control.halt({}, { who: 'op', why: 'test' });
    const { run, seen, governor } = await open('off', () => execute(halt));
    expect(await all(() => run({}, OPTIONS))).toEqual(got);
    await turn();
    expect(seen.over).toBe(1);
  });
});
