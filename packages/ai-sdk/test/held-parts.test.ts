import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import { toolRunOf } from '@flyball/agent-kit';
import { describe, expect, test } from 'vitest';
import { decideHeld, type Held } from '../src/model/held-parts.ts';
import { PAYLOADS, rule } from './harness.ts';
import { text, toolCall } from './models.ts';
import { brief, openParts } from './parts-run.ts';

// What may leave of the parts that waited for the end of a message.

const { word, email } = PAYLOADS;
const good = (id: string): Part[] => toolCall(id, 'send', { body: 'fine' });
const bad = (id: string): Part[] => toolCall(id, 'send', { body: word });
const inputOf = (parts: readonly Part[]): Part[] => parts.filter(({ type }) => type !== 'tool-call');
const callOf = (parts: readonly Part[]): Part => parts.find(({ type }) => type === 'tool-call')!;
const approval = (toolCallId: string): Part => ({ type: 'tool-approval-request', approvalId: 'a', toolCallId });
const byProvider = (parts: readonly Part[]): Part[] =>
  parts.map((part) =>
    part.type === 'tool-input-start' || part.type === 'tool-call' ? { ...part, providerExecuted: true } : part,
  );

interface Decided {
  readonly held: Held;
  /** Calls that a rule has decided on. */
  readonly decided: readonly string[];
  /** Arguments that are withheld, as the SDK's own hooks are told. */
  readonly withheld: number;
}

/** Tools that are governed themselves, unless it is said that they are not. */
async function decide(parts: readonly Part[], { then = 'block', governed = true } = {}): Promise<Decided> {
  const rules = [rule('tool_call', then as 'block' | 'redact', then === 'redact' ? { editArgs: true } : {})];
  const { call, decided } = await openParts({ rules, tools: ['send'] });
  if (governed) toolRunOf(call.interaction).tools.set('send', async (input) => input);
  let withheld = 0;
  const held = await decideHeld({ ...call, withholds: () => void withheld++ }, parts);
  return { held, decided, withheld };
}

async function leaves(parts: readonly Part[], how: Parameters<typeof decide>[1] = {}): Promise<readonly Part[]> {
  const { held } = await decide(parts, how);
  return held.kind === 'parts' ? held.parts : expect.unreachable(`stopped: ${held.decision.reason}`);
}

describe('parts that waited for the end of a message', () => {
  test('T6: leave as they came, in their order, where no call is stopped', async () => {
    const parts = [...good('c1'), ...text('1', 'and'), ...good('c2'), approval('c2')];
    expect(await leaves(parts)).toEqual(parts);
    expect(await leaves([])).toEqual([]);
  });

  test('T1: leave without the arguments of a call that is stopped, and without a question for its approval', async () => {
    const parts = [...bad('c1'), approval('c1'), ...text('1', 'and'), ...good('c2'), approval('c2')];
    const left = await leaves(parts);
    const rest = [...text('1', 'and'), ...good('c2'), approval('c2')];
    expect(left.slice(1)).toEqual(rest);
    expect(left[0]).toMatchObject({ type: 'tool-call', toolCallId: 'c1', toolName: 'send' });
    expect(JSON.parse((left[0] as { readonly input: string }).input)).toMatchObject({ flyball: 'withheld' });
    expect((await decide(parts)).withheld).toBe(1);
  });

  test('T1: a call that is stopped goes on without the notes that its provider made on it', async () => {
    const noted = { ...callOf(bad('c1')), providerMetadata: { acme: { said: word } } } as Part;
    expect(JSON.stringify(await leaves([noted]))).not.toContain(word);
    const kept = { ...callOf(good('c1')), providerMetadata: { acme: { itemId: 'i1' } } } as Part;
    expect(await leaves([kept])).toEqual([kept]);
  });

  test('T4, T6: none leaves where a stopped call ends the run, and no later call is decided on', async () => {
    const parts = [...good('c1'), ...text('1', 'and'), ...bad('c2'), ...good('c3')];
    const { held, decided } = await decide(parts, { governed: false });
    expect(held).toMatchObject({ kind: 'stop', decision: { reason: 'P_TEST' } });
    expect(decided).toEqual(['tool_call ALLOW', 'tool_call BLOCK']);
  });

  test('E2: a call that is masked leaves masked, without the input that was streamed of it', async () => {
    const parts = [...toolCall('c1', 'send', { to: email }), ...good('c2')];
    const left = await leaves(parts, { then: 'redact' });
    expect(brief(left.slice(0, 1))).toEqual(['c1! {"to":"[EMAIL]"}']);
    expect(left.slice(1)).toEqual(good('c2'));
  });

  test.each<readonly [what: string, input: readonly Part[]]>([
    ['says something else than its call', inputOf(toolCall('c1', 'send', { body: 'else' }))],
    ['is that of no call', inputOf(good('c9'))],
  ])('T1: input that %s does not leave', async (_what, input) => {
    const parts = [...input, callOf(good('c1'))];
    expect(await leaves(parts)).toEqual([callOf(good('c1'))]);
  });

  test('input leaves that is spaced otherwise than its call, or is not there at all', async () => {
    const spaced = [...inputOf(toolCall('c1', 'send', 0, '{ "body" : "fine" }')), callOf(good('c1'))];
    expect(await leaves(spaced)).toEqual(spaced);
    const silent = [good('c1')[0]!, { type: 'tool-input-end', id: 'c1' } as Part, callOf(good('c1'))];
    expect(await leaves(silent)).toEqual(silent);
  });

  test('T1: where calls share an id, each is decided on, and their input leaves where all of them pass', async () => {
    const both = [...good('c'), ...good('c')];
    expect(await leaves(both)).toEqual(both);
    const left = await leaves([...good('c'), ...bad('c')]);
    expect(left.map(({ type }) => type)).toEqual(['tool-call', 'tool-call']);
    expect(left[0]).toEqual(callOf(good('c')));
    expect(JSON.stringify(left)).not.toContain(word);
  });

  test('T5: what the provider runs was decided on when it came, and is not again', async () => {
    const parts = byProvider([...bad('p'), ...good('q')]);
    const { held, decided } = await decide(parts);
    expect([held, decided]).toEqual([{ kind: 'parts', parts }, []]);
  });
});
