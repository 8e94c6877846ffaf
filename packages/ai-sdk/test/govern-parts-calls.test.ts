import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import { toolRunOf } from '@flyball/agent-kit';
import { describe, expect, test } from 'vitest';
import { PAYLOADS, rule } from './harness.ts';
import { text, toolCall, USAGE } from './models.ts';
import { brief, openParts, type CallRun } from './parts-run.ts';

// Calls of tools among the parts of an answer: when they leave, and in what form.

const { word, email } = PAYLOADS;
const READS_CALLS = [rule('tool_call', 'block')];
const NOTE = { providerMetadata: { acme: { note: 'see page 2' } } };
const source: Part = { type: 'source', sourceType: 'url', id: 's', url: 'https://a.example', title: 'T' };
const finish: Part = { type: 'finish', usage: USAGE, finishReason: { unified: 'tool-calls', raw: 'x' } };
const byProvider = (parts: readonly Part[]): Part[] =>
  parts.map((part) =>
    part.type === 'tool-input-start' || part.type === 'tool-call' ? { ...part, providerExecuted: true } : part,
  );
const inputOf = (parts: readonly Part[]): Part[] => parts.filter(({ type }) => type !== 'tool-call');
const callOf = (parts: readonly Part[]): Part => parts.find(({ type }) => type === 'tool-call')!;
/** The tool is governed in this process. */
const governed =
  (name: string) =>
  async ({ call }: CallRun): Promise<unknown> =>
    toolRunOf(call.interaction).tools.set(name, async (input) => input);

describe('a call of a tool', () => {
  const good = toolCall('c', 'send', { body: 'fine' });

  test('that a rule reads waits for the end of its message, and what follows waits behind it', async () => {
    const { left, give, parts } = await openParts({ rules: READS_CALLS, tools: ['send'] });
    const all = [...text('1', 'so'), ...good, source, ...text('2', 'and')];
    await give(...all);
    expect(left).toEqual(all.slice(0, 3));
    await give(finish);
    expect(left).toEqual([...all, finish]);
    await parts.complete();
  });

  test('that no rule reads leaves at once, and is counted', async () => {
    const { left, give, decided } = await openParts({ rules: [rule('input', 'block')], tools: ['send'] });
    await give(...good);
    expect([left, decided]).toEqual([good, ['tool_call NO_OP']]);
  });

  test('D6: that a halt of its tool stops goes on with a stand-in where its tool is governed, and so does the answer', async () => {
    const run = await openParts({ rules: [rule('input', 'block')], tools: ['send'], first: governed('send') });
    await run.governor.control.halt({ tool: 'send' }, { who: 'op', why: 'test' });
    await run.give(callOf(good));
    await run.give(...text('1', 'so'));
    await run.parts.complete();
    expect([run.stops, brief(run.left).slice(1)]).toEqual([[], ['text-start 1', '1: so', 'text-end 1']]);
    expect(brief(run.left)[0]).toContain('withheld');
  });

  test('T4: stops the answer at its end where it ends the run, with nothing of any call', async () => {
    const { left, give, stops, parts, closed, gate } = await openParts({ rules: READS_CALLS, tools: ['send'] });
    await give(...text('1', 'so'), ...good, ...toolCall('d', 'send', { body: word }), finish);
    await parts.complete();
    expect(brief(left)).toEqual(['text-start 1', '1: so', 'text-end 1']);
    expect(stops).toMatchObject([{ by: { reason: 'P_TEST' }, closers: [], usage: USAGE, spoken: true }]);
    expect([closed(), gate.state]).toEqual([0, 'ended']);
  });
});

describe('a call that the provider runs', () => {
  const good = byProvider(toolCall('p', 'search', { q: 'it' }));
  const bad = byProvider(toolCall('p', 'search', { q: word }));

  test('is decided on when it comes: its input waits for that, and leaves before it', async () => {
    const { left, give } = await openParts({ rules: READS_CALLS });
    await give(...inputOf(good));
    expect(left).toEqual([]);
    await give(callOf(good));
    expect(left).toEqual(good);
    // Ids of some providers begin anew.
    await give(callOf(good));
    expect(left).toEqual([...good, callOf(good)]);
  });

  test('keeps its place behind calls that wait for the end', async () => {
    const { left, give } = await openParts({ rules: READS_CALLS, tools: ['send'] });
    const own = toolCall('c', 'send', { body: 'fine' });
    await give(...own, ...good);
    expect(left).toEqual([]);
    await give(finish);
    expect(left).toEqual([...own, ...good, finish]);
  });

  test.each([false, true])('T5: stops the answer where a rule stops it: it has run (known here: %s)', async (known) => {
    const setting = known ? { first: governed('search') } : {};
    const { left, give, stops } = await openParts({ rules: READS_CALLS, ...setting });
    await give(...text('1', 'so'), ...bad, ...text('2', 'and'));
    expect(brief(left)).toEqual(['text-start 1', '1: so', 'text-end 1']);
    expect(stops).toMatchObject([{ by: { reason: 'P_TEST' } }]);
  });

  test('T5: leaves masked without the input that was streamed of it', async () => {
    const { left, give } = await openParts({ rules: [rule('tool_call', 'redact', { mask: '*', editArgs: true })] });
    await give(...byProvider(toolCall('p', 'search', { q: email })));
    expect(brief(left)).toEqual(['p! {"q":"*"}']);
  });

  test('T1: says nothing of input that is none of its own', async () => {
    const { left, give } = await openParts({ rules: READS_CALLS });
    await give(...inputOf(bad), callOf(good));
    expect(left).toEqual([callOf(good)]);
  });

  test('T1: whose call never comes leaves nothing of its input', async () => {
    const { left, give, parts } = await openParts({ rules: READS_CALLS });
    await give(...inputOf(bad), finish);
    await parts.complete();
    expect(left).toEqual([finish]);
  });

  test('that no rule reads leaves as it is written, and is counted', async () => {
    const { left, give, decided } = await openParts({ rules: [rule('input', 'block')] });
    await give(...inputOf(good));
    expect(left).toEqual(inputOf(good));
    await give(callOf(good));
    expect([left, decided]).toEqual([good, ['tool_call NO_OP']]);
  });
});

describe('E4: what stands beside the text is no event of its own', () => {
  const beside: readonly Part[] = [
    { type: 'text-start', id: '1', ...NOTE },
    { ...source, ...NOTE },
    { type: 'error', error: 'overloaded' },
  ];

  test.each<readonly [where: string, setting: Parameters<typeof openParts>[0]]>([
    ['where no rule reads answers', { rules: [rule('input', 'block')] }],
    ['in off', { rules: [rule('output', 'block')], policy: { mode: 'off' } }],
  ])('%s', async (_where, setting) => {
    const { left, give, decided } = await openParts(setting);
    await give(...beside);
    expect([left, decided.filter((what) => !what.endsWith('NO_OP'))]).toEqual([beside, []]);
    expect(decided.length).toBeLessThanOrEqual(1);
  });

  test('in shadow: of these only the source is', async () => {
    const setting = { rules: [rule('output', 'block')], policy: { mode: 'shadow' } } as const;
    const { left, give, decided } = await openParts(setting);
    await give(...beside);
    expect([left, decided]).toEqual([beside, ['output NO_OP']]);
  });
});
