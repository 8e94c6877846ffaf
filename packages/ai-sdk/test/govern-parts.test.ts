import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import { describe, expect, test } from 'vitest';
import { PAYLOADS, rule } from './harness.ts';
import { reasoning, text, toolCall, USAGE } from './models.ts';
import { brief, openParts } from './parts-run.ts';

// What becomes of each kind of part, and in which order it leaves.

const { word, email } = PAYLOADS;
const NOTE = { acme: { note: 'see page 2' } };
const READS_ALL = [rule(['output', 'tool_result'], 'block'), rule('tool_call', 'block')];

const byProvider = (parts: readonly Part[]): Part[] =>
  parts.map((part) =>
    part.type === 'tool-input-start' || part.type === 'tool-call' ? { ...part, providerExecuted: true } : part,
  );
const source = (title: string, more: object = {}): Part => ({
  ...{ type: 'source', sourceType: 'url', id: 's', url: 'https://a.example', title },
  ...more,
});
const file = (said: string, type: 'file' | 'reasoning-file' = 'file'): Part => ({
  ...{ type, mediaType: 'text/plain', data: { type: 'data', data: btoa(said) } },
});
const custom = (note: string): Part => ({ type: 'custom', kind: 'acme.note', providerMetadata: { acme: { note } } });
const result = (said: string): Part => ({ type: 'tool-result', toolCallId: 'p', toolName: 'search', result: said });
const endCiting = (citedText: string): Part =>
  ({ type: 'text-end', id: '1', citations: [{ source: source('T'), citedText }] }) as Part;
const finish = (unified: 'stop' | 'tool-calls' = 'stop', more: object = {}): Part => ({
  ...{ type: 'finish', usage: USAGE, finishReason: { unified, raw: 'x' } },
  ...more,
});
const later = { type: 'of-a-later-version' } as unknown as Part;
const approval = (toolCallId: string): Part => ({ type: 'tool-approval-request', approvalId: 'a', toolCallId });

describe('beside text that is held', () => {
  const cases: readonly (readonly [what: string, parts: readonly Part[], when: 'behind it' | 'at once' | 'never'])[] = [
    ['the start of the stream', [{ type: 'stream-start', warnings: [] }], 'behind it'],
    ['facts of the response', [{ type: 'response-metadata', id: 'r' }], 'behind it'],
    ['the start of another text', [{ type: 'text-start', id: '2' }], 'at once'],
    ['what has no text and belongs to its block', [{ type: 'text-delta', id: '1', delta: '' }], 'behind it'],
    ['reasoning', reasoning('r', 'so then. ').slice(0, 2), 'at once'],
    ['a source', [source('T')], 'behind it'],
    ['a file', [file('fine')], 'behind it'],
    ['a file of its reasoning', [file('fine', 'reasoning-file')], 'behind it'],
    ['content of a provider’s own kind', [custom('fine')], 'behind it'],
    ['a call that the provider runs', byProvider(toolCall('p', 'search', { q: 'it' })), 'behind it'],
    ['what that call gave', [result('found')], 'behind it'],
    ['a question for approval', [approval('p')], 'behind it'],
    ['input of a tool that no rule reads', toolCall('c', 'unread', { q: 'it' }).slice(0, -1), 'behind it'],
    ['an error', [{ type: 'error', error: 'overloaded' }], 'behind it'],
    ['a sign of life', [{ type: 'ping' }], 'at once'],
    ['the provider’s own chunk', [{ type: 'raw', rawValue: 'TOP' }], 'never'],
    ['what is not known', [later], 'never'],
  ];
  const rules = [rule(['output', 'tool_result'], 'block'), rule('tool_call', 'block', { tool: ['search', 'send'] })];
  const opened = async () => {
    const run = await openParts({ rules });
    await run.give({ type: 'text-start', id: '1' }, { type: 'text-delta', id: '1', delta: 'it is TOP' });
    expect(brief(run.left)).toEqual(['text-start 1', '1: it is ']);
    return run;
  };

  test.each(cases)('%s', async (_what, parts, when) => {
    const { left, give, stops } = await opened();
    await give(...parts);
    expect(left.slice(2)).toEqual(when === 'at once' ? parts : []);
    await give({ type: 'text-delta', id: '1', delta: 'SIDE' });
    const said = (delta: string): Part => ({ type: 'text-delta', id: '1', delta });
    const order = {
      'at once': [...parts, said('TOPSIDE')],
      'behind it': [said('TOP'), ...parts, said('SIDE')],
      never: [said('TOPSIDE')],
    };
    expect(left.slice(2)).toEqual(order[when]);
    expect(stops).toEqual([]);
  });

  test.each(cases)('G2: %s leaves no more where the text does not', async (_what, parts, when) => {
    const { left, give, stops } = await opened();
    await give(...parts, { type: 'text-delta', id: '1', delta: 'SECRET' });
    expect(left.slice(2)).toEqual(when === 'at once' ? parts : []);
    expect(stops.map(({ by }) => by.reason)).toEqual(['P_TEST']);
  });

  test.each(['shadow', 'off'] as const)('E4: in %s nothing waits for anything', async (mode) => {
    const { left, give } = await openParts({ rules, policy: { mode } });
    const all: Part[] = [
      { type: 'text-start', id: '1' },
      { type: 'text-delta', id: '1', delta: 'it is TOP' },
      ...cases.flatMap(([, parts]) => parts),
      ...toolCall('c', 'send', { body: word }),
      { type: 'text-delta', id: '1', delta: 'SECRET' },
      endCiting(word),
    ];
    for (const [at, part] of all.entries()) {
      await give(part);
      expect(left).toEqual(all.slice(0, at + 1));
    }
  });
});

test('E4: in shadow, what follows a text too long to be read in one turn keeps its place', async () => {
  const { left, give, parts } = await openParts({ rules: READS_ALL, policy: { mode: 'shadow' } });
  const long = 'and so on '.repeat(40_000);
  const all: Part[] = [...text('1', long), { type: 'ping' }, source('T'), later, finish()];
  for (const part of all.slice(0, 3)) void parts.accept(part);
  // Not all of it has been read yet.
  expect(left.length).toBeLessThan(3);
  await give(...all.slice(3));
  await parts.complete();
  expect(left).toEqual(all);
});

describe('a part that says what a rule looks for', () => {
  type Case = readonly [what: string, part: (said: string) => Part];
  const cases: readonly Case[] = [
    ['a source', source],
    ['a file', file],
    ['a file of its reasoning', (said) => file(said, 'reasoning-file')],
    ['content of a provider’s own kind', custom],
    ['a citation', endCiting],
    ['what a tool of the provider’s gave', result],
    ['what stands beside a text', (note) => ({ type: 'text-start', id: '2', providerMetadata: { acme: { note } } })],
    ['what stands beside a source', (note) => source('T', { providerMetadata: { acme: { note } } })],
  ];

  test.each(cases)('G2: %s stops the answer, once, and ends what is open', async (_what, part) => {
    const { gate, left, give, stops, over, parts, decided, closed } = await openParts({ rules: READS_ALL });
    await give(...reasoning('r', 'so ', 'then. '), ...text('1', 'so far. ').slice(0, 2));
    const before = [...left];
    await give(part(`say ${word}`), ...text('2', 'more'), finish());
    expect(left).toEqual(before);
    expect(stops).toMatchObject([{ by: { reason: 'P_TEST' }, closers: [{ type: 'text-end', id: '1' }], spoken: true }]);
    // The stop is told to the gate, too: what it has read so far is on record.
    expect([gate.state, parts.ended, parts.stopped]).toEqual(['aborted', true, stops[0]!.by]);
    await parts.complete();
    expect([over, closed()]).toEqual([[{ goesOn: false }], 0]);
    const stage = part('').type === 'tool-result' ? 'tool_result' : 'output';
    expect(decided).toEqual([`${stage} BLOCK`, 'output ALLOW']);
  });

  test.each(cases)('%s is masked in its place', async (_what, part) => {
    const rules = [rule(['output', 'tool_result'], 'redact', { mask: '*' })];
    const { left, give, parts } = await openParts({ rules });
    const around: Part[] = [...text('1', 'so far. ').slice(0, 2), { type: 'text-delta', id: '1', delta: 'More. ' }];
    await give(...around.slice(0, 2), part(`mail ${email}!`), ...around.slice(2));
    await parts.complete();
    expect(left).toEqual([...around.slice(0, 2), part('mail *!'), ...around.slice(2)]);
  });

  test.each(cases)('%s is the very part where nothing is found in it', async (_what, part) => {
    const { left, give } = await openParts({ rules: READS_ALL });
    const given = part('nothing');
    await give({ type: 'text-start', id: '1' }, given);
    expect(left[1]).toBe(given);
  });

  test('an error says less, and the answer goes on', async () => {
    const { left, give, stops } = await openParts({ rules: READS_ALL });
    await give({ type: 'error', error: new Error(`no such user: ${word}`) }, ...text('1', 'So. '));
    expect(left[0]).toMatchObject({ type: 'error', error: { message: expect.not.stringContaining(word) } });
    expect([brief(left.slice(1)), stops]).toEqual([['text-start 1', '1: So. ', 'text-end 1'], []]);
  });
});

describe('text', () => {
  test('G2: that completes a match stops the answer behind what may leave of it', async () => {
    const { gate, left, give, stops } = await openParts({ rules: READS_ALL });
    await give(...text('1', `it is ${word}, and `), ...text('2', 'more'));
    expect(brief(left)).toEqual(['text-start 1', '1: it is ']);
    expect(stops).toMatchObject([{ closers: [{ type: 'text-end', id: '1' }], spoken: true }]);
    expect(gate.state).toBe('stopped');
  });

  test('of its reasoning is none that was spoken', async () => {
    const { left, give, stops } = await openParts({ rules: READS_ALL });
    await give(...reasoning('r', `it is ${word}`));
    expect(brief(left)).toEqual(['reasoning-start r', 'r: it is ']);
    expect(stops).toMatchObject([{ closers: [{ type: 'reasoning-end', id: 'r' }], spoken: false }]);
  });

  test('that goes on whole is the very part; of what is masked the mask leaves, and what stood beside it', async () => {
    const rules = [rule('output', 'redact', { mask: '*' })];
    const { left, give, parts } = await openParts({ rules });
    const beside = { providerMetadata: { acme: { itemId: 'i1' } } };
    const deltas = ['it is fine. ', 'Mail ', `${email} and `, 'more'].map((delta): Part => ({
      type: 'text-delta',
      id: '1',
      delta,
      ...beside,
    }));
    await give({ type: 'text-start', id: '1' }, ...deltas, { type: 'text-end', id: '1' });
    await parts.complete();
    expect(left.includes(deltas[0]!)).toBe(true);
    const texts = left.filter(({ type }) => type === 'text-delta') as { delta: string; providerMetadata?: object }[];
    expect(texts.map(({ delta }) => delta).join('')).toBe('it is fine. Mail * and more');
    // Each of them once, in whatever part.
    expect(texts.filter(({ providerMetadata }) => providerMetadata !== undefined)).toHaveLength(4);
    expect(left.at(-1)).toEqual({ type: 'text-end', id: '1' });
  });

  test('that is held to the end leaves before the end of its block, and that before the end of the answer', async () => {
    const { left, give } = await openParts({ rules: READS_ALL });
    await give(...text('1', 'it is on TOP'));
    expect(brief(left)).toEqual(['text-start 1', '1: it is on ']);
    await give(finish());
    expect(brief(left)).toEqual(['text-start 1', '1: it is on ', '1: TOP', 'text-end 1', 'finish']);
  });

  test.each([false, true])(
    'that only the end of its block makes a match stops the answer there (cited: %s)',
    async (cited) => {
      const policy = { detectors: [{ id: 'code', patterns: ['CODE-\\d+\\b'] }] };
      const { left, give, stops } = await openParts({ rules: [rule('output', 'block', { detect: 'code' })], policy });
      await give(...text('1', 'it is CODE-7').slice(0, 2), cited ? endCiting('page 2') : { type: 'text-end', id: '1' });
      expect([brief(left), stops.length]).toEqual([['text-start 1', '1: it is '], 1]);
    },
  );
});

test('E1: an answer that is halted before it began is stopped at once, and nothing of it is looked at', async () => {
  const { left, give, stops, over, decided, parts } = await openParts({
    rules: READS_ALL,
    first: ({ governor }) => governor.control.halt({}, { who: 'op', why: 'test' }),
  });
  expect(stops).toMatchObject([{ by: { reason: 'HALTED' }, closers: [], spoken: false }]);
  const before = [...decided];
  await give(...text('1', 'so far'), source(word, { providerMetadata: NOTE }), finish());
  await parts.complete();
  expect([left, decided, over, stops.length]).toEqual([[], before, [{ goesOn: false }], 1]);
});
