import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import type { Sink } from '@flyball/core';
import { describe, expect, test, vi } from 'vitest';
import { PAYLOADS, rule } from './harness.ts';
import { reasoning, text, toolCall, USAGE } from './models.ts';
import { brief, judge, openParts } from './parts-run.ts';

// An answer that is declared to be JSON, among its other parts.

const { word } = PAYLOADS;
const source: Part = { type: 'source', sourceType: 'url', id: 's', url: 'https://a.example', title: 'T' };
const finish: Part = { type: 'finish', usage: USAGE, finishReason: { unified: 'stop', raw: 'x' } };
const delta = (said: string, more: object = {}): Part => ({ type: 'text-delta', id: '1', delta: said, ...more });
const SIGNED = { providerMetadata: { acme: { thoughtSignature: 'sig' } } };
const WAITS = { policy: { deadline: '20s' } } as const;
const JSON_READ = { json: true, rules: [rule('output', 'block')] } as const;
const types = (parts: readonly Part[]): string[] =>
  brief(parts).filter((what, at, all) => !what.startsWith('1: ') || !all[at - 1]?.startsWith('1: '));
const said = (parts: readonly Part[]): string =>
  parts.map((part) => (part.type === 'text-delta' ? part.delta : '')).join('');

describe('declared JSON', () => {
  test('leaves as it is judged, and what comes in the middle of a value leaves behind it', async () => {
    const { left, give, parts } = await openParts(JSON_READ);
    await give({ type: 'text-start', id: '1' }, delta('{"a":"it is TOP'));
    expect(brief(left)).toEqual(['text-start 1', '1: {"a":"it is ']);
    await give(source, ...reasoning('r', 'so'));
    expect(left).toHaveLength(2);
    await give(delta('SIDE","b":1'), delta('}'), { type: 'text-end', id: '1' }, finish);
    await parts.complete();
    expect(said(left)).toBe('{"a":"it is TOPSIDE","b":1}');
    const rest = left.filter(({ type }) => type !== 'text-delta');
    expect(brief(rest)).toEqual([
      'text-start 1',
      'source',
      'reasoning-start r',
      'r: so',
      'reasoning-end r',
      'text-end 1',
      'finish',
    ]);
    expect(said(left.slice(left.indexOf(source)))).toBe('","b":1}');
  });

  test('leaves at once where no rule reads answers', async () => {
    const { left, give } = await openParts({ json: true, rules: [rule('input', 'block')] });
    const parts = [...text('1', '{"a":"it is TOP').slice(0, 2), source];
    await give(...parts);
    expect(left).toEqual(parts);
  });

  test.each(['{"a":"', 'no JSON: '])('keeps what its provider says beside its text (%s)', async (first) => {
    const { left, give, parts } = await openParts(JSON_READ);
    await give({ type: 'text-start', id: '1' }, delta(first), delta('so', SIGNED), delta('', SIGNED));
    await give(delta('"}'), { type: 'text-end', id: '1' }, finish);
    await parts.complete();
    expect(said(left)).toBe(`${first}so"}`);
    expect(left.filter((part) => 'providerMetadata' in part)).toHaveLength(2);
    expect(left.at(-2)).toEqual({ type: 'text-end', id: '1' });
  });

  test('holds up no reasoning that comes beside it', async () => {
    const { left, give } = await openParts(JSON_READ);
    await give({ type: 'text-start', id: '1' }, delta('{"a":1,'), ...reasoning('r', 'So. ').slice(0, 2));
    expect(brief(left)).toEqual(['text-start 1', '1: {"a":1,', 'reasoning-start r', 'r: So. ']);
  });

  test('leaves when a judge has said so, while nothing comes and at the end', async () => {
    const { detector, asked, answer, answerAll } = judge();
    const rules = [rule('output', 'block', { detect: 'judged' })];
    const { left, give, parts } = await openParts({ json: true, rules, ...WAITS, detectors: [detector] });
    await give({ type: 'text-start', id: '1' }, delta('{"a":"one","b":"two'));
    const heard = async (): Promise<void> => vi.waitFor(() => expect(asked.length).toBeGreaterThan(0));
    await heard();
    expect(said(left)).not.toContain('one');
    while (!said(left).includes('one')) {
      await heard();
      answer(false);
      await new Promise(setImmediate);
    }
    expect(said(left)).not.toContain('two');
    const ending = give(delta('"}'), { type: 'text-end', id: '1' }, finish);
    await heard();
    answerAll(false);
    await ending;
    await parts.complete();
    expect(said(left)).toBe('{"a":"one","b":"two"}');
    expect(new Set(left.map((part) => ('id' in part ? part.id : '')))).toEqual(new Set(['1', '']));
  });

  test('is on record by its values, and as no text beside them', async () => {
    const { call, give, parts } = await openParts(JSON_READ);
    await give(...text('1', '{"a":"one"}'), finish);
    await parts.complete();
    const [decision] = call.interaction.decisions.slice(-1);
    expect(decision!.coverage.segments.map(({ path }) => path)).toEqual(['json.{a}', 'json.a']);
  });

  test('of two blocks is one text, and each says its own part of it', async () => {
    const { left, give, parts } = await openParts(JSON_READ);
    const two = (id: string, one: string): Part[] => text(id, one);
    await give(...two('1', '{"a":"one"'), ...two('2', ',"b":"two"}'), finish);
    await parts.complete();
    const of = (id: string): string => said(left.filter((part) => 'id' in part && part.id === id));
    expect([of('1'), of('2')]).toEqual(['{"a":"one"', ',"b":"two"}']);
    expect(types(left.filter(({ type }) => type !== 'text-delta'))).toEqual([
      ...['text-start 1', 'text-end 1', 'text-start 2', 'text-end 2', 'finish'],
    ]);
  });

  test('G2: that says what a rule blocks stops, behind what may leave', async () => {
    const { gate, left, give, stops } = await openParts(JSON_READ);
    await give({ type: 'text-start', id: '1' }, delta('{"a":"it is \\u0054OPSEC'), delta('RET","b":1}'), source);
    expect([said(left), types(left)]).toEqual(['{"a":"it is ', ['text-start 1', '1: {"a":"it is ']]);
    expect(stops).toMatchObject([{ by: { reason: 'P_TEST' }, closers: [{ type: 'text-end', id: '1' }], spoken: true }]);
    expect(gate.state).toBe('stopped');
  });

  test('G2: reasoning beside it stops it, too', async () => {
    const { left, give, stops } = await openParts(JSON_READ);
    await give({ type: 'text-start', id: '1' }, delta('{"a":"it '), ...reasoning('r', `it is ${word}`), delta('is"}'));
    expect([said(left), stops.length]).toEqual(['{"a":"it ', 1]);
  });

  test('is masked inside of its strings', async () => {
    const rules = [rule('output', 'redact', { mask: '"*"' })];
    const { left, give, parts } = await openParts({ json: true, rules });
    await give(...text('1', '{"a":"mail ada@exam', 'ple.com","b":"more"}'), finish);
    await parts.complete();
    expect(said(left)).toBe('{"a":"mail \\"*\\"","b":"more"}');
  });

  test('E2: that would have to be masked in a name is refused once, however much comes behind it', async () => {
    const records: (() => void)[] = [];
    const audit: Sink = {
      name: 'slow',
      async accept({ kind }) {
        if (kind === 'decision') await new Promise<void>((resolve) => records.push(resolve));
      },
    };
    const rules = [rule('output', 'redact')];
    const { left, give, stops, decided } = await openParts({ json: true, rules, audit });
    const more = Array.from({ length: 5 }, (_, at) => delta(`,"k${at}":${at}`));
    await give({ type: 'text-start', id: '1' }, delta('{"a":"fine",'), delta('"ada@example.com":1'), ...more);
    while (stops.length === 0) {
      await vi.waitFor(() => expect(records.length).toBeGreaterThan(0));
      records.splice(0).forEach((accept) => accept());
      await new Promise(setImmediate);
    }
    expect(stops).toMatchObject([{ by: { reason: 'EDIT_NOT_APPLICABLE' } }]);
    expect(said(left)).toBe('{"a":"fine","');
    // What the gate itself had read so far is on record beside the refusal.
    await vi.waitFor(() => {
      records.splice(0).forEach((accept) => accept());
      expect(decided).toContain('output ALLOW');
    });
    expect(decided).toEqual(['output EDIT_NOT_APPLICABLE', 'output ALLOW']);
  });

  test('E2: and where only the end of it shows that, it is refused then', async () => {
    const rules = [rule('output', 'redact')];
    const { left, give, stops, parts, closed } = await openParts({ json: true, rules });
    await give({ type: 'text-start', id: '1' }, delta('{"a":"fine","n":4111111111111111'));
    await parts.complete();
    expect([stops.map(({ by }) => by.reason), closed()]).toEqual([[], 1]);
    expect(said(left)).toBe('{"a":"fine","n":4111111111111111');
  });
});

test('E2: declared JSON that a judge would have masked in a name, and says so at its end alone, is refused', async () => {
  const { detector, asked, answerAll } = judge();
  const rules = [rule('output', 'redact', { detect: 'judged' })];
  const run = await openParts({ json: true, rules, ...WAITS, detectors: [detector] });
  const ending = run.give({ type: 'text-start', id: '1' }, delta('{"a":1}'), finish);
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(0));
  answerAll(true);
  await ending;
  await vi.waitFor(() => expect(run.stops).toMatchObject([{ by: { reason: 'EDIT_NOT_APPLICABLE' } }]));
  expect([said(run.left), run.closed()]).toEqual(['{"', 0]);
});

describe('declared JSON that is none', () => {
  test('waits for the end, and what comes behind it too', async () => {
    const { left, give, parts, decided } = await openParts(JSON_READ);
    await give(...text('1', 'It is: {"a":', '1}'), source);
    expect(types(left)).toEqual(['text-start 1']);
    await give(finish);
    await parts.complete();
    expect([types(left).length, said(left), left.at(-1)]).toEqual([5, 'It is: {"a":1}', finish]);
    expect(types(left).slice(2)).toEqual(['text-end 1', 'source', 'finish']);
    // The source, the answer as the gate has read it, and its text as a whole: each once.
    expect(decided).toEqual(['output ALLOW', 'output ALLOW', 'output ALLOW']);
  });

  test('G2: and says what a rule blocks is stopped at its end, and no call of the message is decided on', async () => {
    const rules = [rule('output', 'block'), rule('tool_call', 'block')];
    const { left, give, stops, decided, closed, parts } = await openParts({ json: true, rules, tools: ['send'] });
    await give(...text('1', `It is ${word}.`), ...toolCall('c', 'send', { a: 1 }), finish);
    await parts.complete();
    expect([types(left), closed()]).toEqual([['text-start 1'], 0]);
    expect(stops).toMatchObject([{ by: { reason: 'P_TEST' }, closers: [{ type: 'text-end', id: '1' }], usage: USAGE }]);
    expect(decided.filter((what) => what.startsWith('tool_call'))).toEqual([]);
  });

  test('in shadow it leaves as it is written, and what would have stopped it is on record', async () => {
    const { left, give, stops, decided, parts } = await openParts({ ...JSON_READ, policy: { mode: 'shadow' } });
    const all = [...text('1', `It is ${word}.`), finish];
    for (const [at, part] of all.entries()) {
      await give(part);
      expect(left).toEqual(all.slice(0, at + 1));
    }
    await parts.complete();
    expect(stops).toEqual([]);
    expect(decided.length).toBeGreaterThan(1);
  });

  test('its reader leaves while it is judged: nothing more leaves, and no call is decided on', async () => {
    const { detector, asked, answerAll } = judge();
    const rules = [rule('output', 'block', { detect: 'judged' }), rule('tool_call', 'block', { detect: 'word' })];
    const run = await openParts({
      ...{ json: true, rules, tools: ['send'], detectors: [detector], ...WAITS },
    });
    await run.give(...text('1', 'It is fine.'), ...toolCall('c', 'send', { a: 1 }));
    const ending = run.give(finish);
    await vi.waitFor(() => expect(asked.length).toBeGreaterThan(0), { timeout: 20_000 });
    await run.parts.abandon('gone');
    answerAll(false);
    await ending;
    expect([types(run.left), run.stops, run.closed()]).toEqual([['text-start 1'], [], 0]);
    expect(run.decided.filter((what) => what.startsWith('tool_call'))).toEqual([]);
  });
});
