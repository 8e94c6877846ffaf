import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import type { Sink } from '@flyball/core';
import { describe, expect, test, vi } from 'vitest';
import { PAYLOADS, rule } from './harness.ts';
import { reasoning, text, toolCall, USAGE } from './models.ts';
import { brief, judge, openParts, type PartsRun } from './parts-run.ts';

// How an answer ends: by itself, by a stop, by its reader or its provider, and what is decided meanwhile.

const { word } = PAYLOADS;
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const halt = ({ governor }: PartsRun): Promise<unknown> => governor.control.halt({}, { who: 'op', why: 'test' });
const finish = (unified: 'stop' | 'tool-calls' | 'length' = 'stop', more: object = {}): Part => ({
  ...{ type: 'finish', usage: USAGE, finishReason: { unified, raw: 'x' } },
  ...more,
});
const source: Part = { type: 'source', sourceType: 'url', id: 's', url: 'https://a.example', title: 'T' };
const JUDGED = [rule('output', 'block', { detect: 'judged' })];
const WAITS = { deadline: '20s' } as const;

/** A sink that accepts the records of decisions when it is told to. */
function slowSink(): { sink: Sink; accepting: () => number; accept: () => void } {
  const waiting: (() => void)[] = [];
  const sink: Sink = {
    name: 'slow',
    async accept({ kind }) {
      if (kind === 'decision') await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
  return { sink, accepting: () => waiting.length, accept: () => waiting.splice(0).forEach((done) => done()) };
}

describe('an answer that ends', () => {
  test.each([
    ['calls a tool and ends as one that does', [...toolCall('c', 'send', {}), finish('tool-calls')], true],
    ['calls a tool and ends as others do', [...toolCall('c', 'send', {}), finish('stop')], true],
    ['calls a tool and was cut short', [...toolCall('c', 'send', {}), finish('length')], false],
    ['calls a tool and says no end', toolCall('c', 'send', {}), false],
    ['calls none', [...text('1', 'so'), finish('tool-calls')], false],
    [
      'has a call of the provider’s',
      [
        { type: 'tool-call', toolCallId: 'p', toolName: 's', input: '{}', providerExecuted: true },
        finish('tool-calls'),
      ],
      false,
    ],
  ] as readonly (readonly [string, readonly Part[], boolean])[])(
    'and %s closes its way out once, with all of it',
    async (_what, given, goesOn) => {
      for (const tools of [[], ['send']]) {
        const { left, give, parts, over, closed } = await openParts({ rules: [rule('tool_call', 'block')], tools });
        await give(...given);
        expect([parts.ended, closed()]).toEqual([false, 0]);
        await parts.complete();
        expect(left).toEqual(given);
        expect([parts.ended, closed(), over]).toEqual([true, 1, [{ goesOn }]]);
        // Whatever its reader or its provider does then.
        await parts.complete();
        await parts.abandon('gone');
        await give(source);
        expect([left.length, closed(), over.length]).toEqual([given.length, 1, 1]);
      }
    },
  );

  test('takes nothing behind its end, unless nothing is enforced on it', async () => {
    const { left, give, decided } = await openParts({ rules: [rule(['output', 'tool_result'], 'block')] });
    await give(...text('1', 'so'), finish());
    const [count, before] = [left.length, [...decided]];
    await give({ type: 'tool-result', toolCallId: 'p', toolName: 's', result: word }, { type: 'ping' });
    expect([left.length, decided]).toEqual([count, before]);
  });

  test('tells what it used, to limits and to whoever words a stop', async () => {
    const late = [rule('output', 'block', { detect: undefined as never, when: 'count("word") > 0' })];
    const { give, stops, governor, call } = await openParts({ rules: late });
    const reported = vi.spyOn(call.interaction, 'report');
    await give(...text('1', word), finish());
    expect(stops).toMatchObject([{ by: { reason: 'P_TEST' }, usage: USAGE, spoken: false }]);
    expect(reported.mock.calls.map(([, amounts]) => amounts)).toEqual([{ input_tokens: 11, output_tokens: 7 }]);
    await governor.close();
  });

  test('is stopped at the end alone: nothing of it closes the way out', async () => {
    const late = [rule('output', 'block', { detect: undefined as never, when: 'count("word") > 0' })];
    const { left, give, stops, parts, over, closed } = await openParts({ rules: late });
    await give(...text('1', `say ${word}`));
    await parts.complete();
    expect([brief(left), stops.length, closed(), over]).toEqual([['text-start 1'], 1, 0, [{ goesOn: false }]]);
    expect(stops[0]!.usage.inputTokens.total).toBeUndefined();
  });
});

describe('an answer that is stopped from outside', () => {
  test('D6: a halt ends it while nothing comes, and drops what is held', async () => {
    const run = await openParts({ rules: [rule('output', 'block')] });
    await run.give(...text('1', 'it is TOP').slice(0, 2));
    await halt(run);
    expect(run.stops).toMatchObject([{ by: { reason: 'HALTED' }, closers: [{ type: 'text-end', id: '1' }] }]);
    expect([brief(run.left), run.over]).toEqual([['text-start 1', '1: it is '], [{ goesOn: false }]]);
  });

  test.each(['shadow', 'off'] as const)('D6: a halt ends it in %s as well', async (mode) => {
    const run = await openParts({ rules: [rule('output', 'block')], policy: { mode } });
    await run.give(...text('1', `it is ${word}`).slice(0, 2));
    await halt(run);
    await run.give({ type: 'text-delta', id: '1', delta: 'more' });
    expect(run.stops).toMatchObject([{ by: { reason: 'HALTED' }, closers: [{ type: 'text-end', id: '1' }] }]);
    expect(run.left).toHaveLength(2);
  });

  test('a halt after its end is none of its business', async () => {
    const run = await openParts({ rules: [rule('output', 'block')] });
    await run.give(...text('1', 'so'), finish());
    await run.parts.complete();
    await halt(run);
    expect([run.stops, run.over]).toEqual([[], [{ goesOn: false }]]);
  });

  test('its end then waits for nothing: not even for the record of the stop', async () => {
    const { sink, accepting } = slowSink();
    const run = await openParts({ rules: [rule('output', 'block', { detect: 'word' })], audit: sink });
    const reading = run.give(...text('1', `it is ${word}`));
    await vi.waitFor(() => expect(accepting()).toBe(1));
    await reading;
    let over = false;
    void run.parts.complete().then(() => (over = true));
    await turn();
    expect([run.stops.length, over, run.closed()]).toEqual([1, true, 0]);
  });
});

describe('an answer that its reader leaves', () => {
  test('ends its gate, and leaves nothing more', async () => {
    const run = await openParts({ rules: [rule('output', 'block')] });
    await run.give(...text('1', 'it is TOP').slice(0, 2));
    await run.parts.abandon('gone');
    await run.parts.abandon('gone again');
    await run.give({ type: 'text-delta', id: '1', delta: 'SIDE' }, source, finish());
    await run.parts.complete();
    expect([brief(run.left), run.stops, run.closed()]).toEqual([['text-start 1', '1: it is '], [], 0]);
    expect([run.gate.state, run.over, run.decided]).toEqual(['aborted', [{ goesOn: false }], ['output ALLOW']]);
  });

  test('while the record of its end is written, gets nothing more', async () => {
    const { sink, accepting, accept } = slowSink();
    const run = await openParts({ rules: [rule('output', 'block')], audit: sink });
    const ending = run.give(...text('1', 'it is TOP').slice(0, 2), finish());
    await vi.waitFor(() => expect(accepting()).toBe(1));
    const leaving = run.parts.abandon('gone');
    accept();
    await Promise.all([ending, leaving]);
    expect(brief(run.left)).toEqual(['text-start 1', '1: it is ']);
  });
});

/** What is asked of a judge while parts arrive, and what must not follow once the answer is over. */
const ASKED: {
  readonly [what: string]: { readonly rules: Parameters<typeof rule>[]; readonly given: readonly Part[] };
} = {
  'a source': { rules: [['output', 'block', { detect: 'judged' }]], given: [source] },
  'an error': { rules: [['output', 'block', { detect: 'judged' }]], given: [{ type: 'error', error: 'overloaded' }] },
  'what stands beside a source': {
    rules: [['output', 'block', { detect: 'judged' }]],
    given: [{ ...source, providerMetadata: { acme: { note: 'see page 2' } } }],
  },
  'a call of the provider’s': {
    rules: [['tool_call', 'block', { detect: 'judged' }]],
    given: toolCall('p', 'search', { q: 'it' }).map((part): Part =>
      part.type === 'tool-input-start' || part.type === 'tool-call' ? { ...part, providerExecuted: true } : part,
    ),
  },
  'calls of tools': {
    rules: [['tool_call', 'block', { detect: 'judged' }]],
    given: [...toolCall('c1', 'send', { a: 1 }), ...toolCall('c2', 'send', { a: 2 }), finish('tool-calls')],
  },
  'what stands beside the end': {
    rules: [
      ['output', 'block', { detect: 'judged' }],
      ['tool_call', 'block', { detect: 'judged' }],
    ],
    given: [finish('stop', { providerMetadata: { acme: { note: 'see page 2' } } })],
  },
};

describe.each(Object.entries(ASKED))('while a judge is asked about %s', (_what, { rules, given }) => {
  const asking = async (): Promise<{ run: PartsRun; answer: (found: boolean) => void; read: Promise<void> }> => {
    const { detector, asked, answerAll: answer } = judge();
    const tools = ['send'];
    const all = rules.map((one) => rule(...one));
    const run = await openParts({ rules: all, policy: WAITS, detectors: [detector], tools });
    const read = run.give({ type: 'text-start', id: '1' }, ...given);
    await vi.waitFor(() => expect(asked.length).toBeGreaterThan(0), { timeout: 20_000 });
    return { run, answer, read };
  };

  test.each([false, true])(
    'its reader leaves: nothing more leaves and nothing more is asked; found: %s',
    async (found) => {
      const { run, answer, read } = await asking();
      const [left, stage] = [[...run.left], run.decided.length];
      await run.parts.abandon('gone');
      answer(found);
      await read;
      expect([run.left, run.stops, run.closed()]).toEqual([left, [], 0]);
      // That of the answer itself, and the one that was asked for.
      expect(run.decided.length).toBeLessThanOrEqual(stage + 2);
    },
  );
});

test('what a judge frees leaves while nothing comes, and what is under way at the end leaves as it is freed', async () => {
  const { detector, asked, answer, answerAll } = judge({ size: 4, stride: 4 });
  const run = await openParts({ rules: JUDGED, policy: WAITS, detectors: [detector] });
  const said = (): string => brief(run.left.filter(({ type }) => type === 'text-delta')).join('');
  await run.give(...text('1', 'one.').slice(0, 2));
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  expect(said()).toBe('');
  answer(false);
  await vi.waitFor(() => expect(said()).toBe('1: one.'));
  await run.give(...['two.', 'six.', 'three'].map((delta): Part => ({ type: 'text-delta', id: '1', delta })));
  const ending = run.give(finish());
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(2));
  for (const freed of ['two.', 'six.']) {
    expect(said()).not.toContain(freed);
    answer(false);
    await vi.waitFor(() => expect(said()).toContain(freed));
  }
  expect(run.left.some(({ type }) => type === 'finish')).toBe(false);
  answerAll(false);
  await vi.waitFor(() => expect(said().replaceAll('1: ', '')).toBe('one.two.six.three'));
  await ending;
  expect(run.left.at(-1)?.type).toBe('finish');
});

test('at the end, what is judged of one text leaves while another is still under way', async () => {
  const { detector, asked, answer, answerAll } = judge({ size: 100, stride: 100 });
  const run = await openParts({ rules: JUDGED, policy: WAITS, detectors: [detector] });
  await run.give(...text('1', 'one').slice(0, 2), ...reasoning('r', 'two').slice(0, 2));
  expect(asked).toEqual([]);
  const ending = run.give(finish());
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  const first = asked[0] === 'one' ? '1: one' : 'r: two';
  answer(false);
  await vi.waitFor(() => expect(brief(run.left)).toContain(first));
  expect(brief(run.left).filter((what) => /one|two/.test(what))).toEqual([first]);
  answerAll(false);
  await ending;
  expect(brief(run.left)).toEqual(expect.arrayContaining(['1: one', 'r: two', 'finish']));
});

describe('what a provider says beside the end', () => {
  const end = finish('stop', { providerMetadata: { acme: { note: `see ${word}` } } });

  test.each<readonly [what: string, more: Partial<Parameters<typeof openParts>[0]>]>([
    ['in shadow', { policy: { mode: 'shadow' } }],
    ['in off', { policy: { mode: 'off' } }],
    ['where no rule reads answers', { rules: [rule('tool_call', 'block')] }],
  ])('E4: %s it leaves, and is no event of its own', async (_what, more) => {
    const run = await openParts({ rules: [rule('output', 'block')], ...more });
    await run.give(...text('1', 'so'), end);
    await run.parts.complete();
    expect([run.left.at(-1), run.decided.length]).toEqual([end, 1]);
  });

  test('G2: is left out where a rule stops it, and the answer stays', async () => {
    const run = await openParts({ rules: [rule('output', 'block')] });
    await run.give(...text('1', 'so'), end);
    await run.parts.complete();
    expect([run.left.at(-1), run.closed(), run.stops]).toEqual([finish(), 1, []]);
  });

  test('that spells a masked answer is left out, and a mask stands in the rest', async () => {
    const run = await openParts({ rules: [rule('output', 'redact', { mask: '*' })] });
    const acme = { logprobs: ['it ', 'is'], note: 'mail ada@example.com', id: 'i1' };
    await run.give(...text('1', 'mail ada@example.com'), finish('stop', { providerMetadata: { acme } }));
    expect(run.left.at(-1)).toEqual(finish('stop', { providerMetadata: { acme: { note: 'mail *', id: 'i1' } } }));
    const clean = await openParts({ rules: [rule('output', 'redact', { mask: '*' })] });
    const kept = finish('stop', { providerMetadata: { acme: { logprobs: ['it'], id: 'i1' } } });
    await clean.give(...text('1', 'it'), kept);
    expect(clean.left.at(-1)).toEqual(kept);
  });
});
