import { describe, expect, it } from 'vitest';
import { contentOpener } from '../audit/content-key.ts';
import { createMemorySink } from '../audit/memory-sink.ts';
import type { DecisionRecord } from '../contract/record.ts';
import { contentKeeper, HeardText } from './kept-content.ts';
import { createGovernor } from '../governor.ts';
import type { PolicyDocument } from '../policy/document/document.ts';
import type { AdapterGovernor } from './api.ts';

const KEY = '07'.repeat(32);
const TEXT = 'tell me of Project Nightjar';

const policyOf = (content?: 'hashed' | 'captured', more: object = {}): PolicyDocument => ({
  policy: 'p',
  version: 1,
  ...(content !== undefined && { audit: { content } }),
  detectors: [{ id: 'codename', phrases: ['Project Nightjar'] }],
  rules: [
    { id: 'probe', on: ['input', 'output'], detect: 'codename', then: 'block', reason: 'P_PROBE' },
    { id: 'cap', on: 'tool_call', when: 'tool.args.amount > 500', then: 'block', reason: 'P_CAP' },
  ],
  ...more,
});

interface World {
  readonly governor: AdapterGovernor;
  decisions(): readonly DecisionRecord[];
}

async function world(policy: PolicyDocument, contentKey: string | undefined = KEY): Promise<World> {
  const audit = createMemorySink();
  const governor = (await createGovernor({
    ...{ policy, audit, hashKey: 'k' },
    ...(contentKey !== '' && { contentKey }),
  })) as AdapterGovernor;
  return {
    governor,
    decisions: () => audit.records().flatMap((record) => (record.kind === 'decision' ? [record] : [])),
  };
}

describe('A2: what records keep of texts', () => {
  it('is nothing, where the policy does not say so', async () => {
    const { governor, decisions } = await world(policyOf());
    await governor.decide(governor.interaction({ tenant: 't' }).event({ stage: 'input', content: TEXT }));
    expect(decisions()[0]).not.toHaveProperty('content');
  });

  it('is a keyed hash, by which the same text is known again and no other is', async () => {
    const { governor, decisions } = await world(policyOf('hashed'), '');
    for (const content of [TEXT, TEXT, 'hello'])
      await governor.decide(governor.interaction({ tenant: 't' }).event({ stage: 'input', content }));
    const [first, second, third] = decisions().map(({ content }) => content!.hashes[0]);
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect([second === first, third === first]).toEqual([true, false]);
    expect(JSON.stringify(decisions())).not.toContain('captured');
  });

  it('is the text for those who have the key, with arguments, bound to its record', async () => {
    const { governor, decisions } = await world(policyOf('captured'));
    const begun = governor.interaction({ tenant: 't' });
    await governor.decide(
      begun.event({ stage: 'input', content: [{ text: TEXT, role: 'user' }, { text: '\uD800 🙂' }] } as never),
    );
    await governor.decide(
      begun.event({ stage: 'tool_call', resource: { tool: 'pay' }, args: { amount: 900, why: TEXT } }),
    );
    expect(JSON.stringify(decisions())).not.toMatch(/Nightjar|tell me/);
    const open = await contentOpener(KEY);
    const [input, call] = await Promise.all(decisions().map(open));
    expect(input?.texts.map(({ text, role }) => [text, role])).toEqual([
      [TEXT, 'user'],
      ['\uD800 🙂', undefined],
    ]);
    expect(call?.args).toEqual({ amount: 900, why: TEXT });
    expect(decisions()[0]!.content!.hashes).toHaveLength(2);

    const [one, other] = decisions();
    const moved = { ...one!, auditId: other!.auditId };
    await expect(open(moved)).rejects.toMatchObject({ code: 'CONTENT_KEY_WRONG' });
    const wrong = await contentOpener('08'.repeat(32));
    await expect(wrong(one!)).rejects.toThrow(/was captured with the key `[0-9a-f]{16}`, and this is `[0-9a-f]{16}`/);
    await expect(contentOpener('secret')).rejects.toMatchObject({ code: 'OPTIONS_INVALID' });
  });

  it('is of a stream its text by channel, also of what was cut, up to `maxInput`', async () => {
    const { governor, decisions } = await world(policyOf('captured', { maxInput: 60 }));
    const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
    gate.write('reasoning', 'a', 'hm');
    for (const part of ['all is ', 'well ', 'Project Nightjar', ' and more that nobody reads'])
      gate.write('text', 'b', part);
    await gate.end();
    const [record] = decisions();
    expect(record).toMatchObject({ inputs: { by: 'gate' }, decision: { reason: 'P_PROBE' } });
    const content = await (await contentOpener(KEY))(record!);
    expect(content?.texts).toEqual([
      { path: 'reasoning', channel: 'reasoning', text: 'hm' },
      { path: 'text', channel: 'text', text: 'all is well Project Nightjar and more that nobody reads' },
    ]);
    expect(record!.content!.hashes).toHaveLength(2);

    const long = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
    for (let i = 0; i < 9; i++) long.write('text', 'b', 'ten units ');
    await long.end();
    const kept = await (await contentOpener(KEY))(decisions()[1]!);
    expect(kept?.texts[0]?.text).toBe('ten units '.repeat(6));
  });

  it('is nothing of what governance took no part in', async () => {
    const { governor, decisions } = await world(policyOf('captured'));
    const begun = governor.interaction({ tenant: 't' });
    await governor.decide(begun.event({ stage: 'retrieval', content: TEXT }));
    await governor.control.setMode({}, 'off', { who: 'ops', why: 'drill' });
    await governor.decide(begun.event({ stage: 'input', content: TEXT }));
    expect(decisions().map(({ decision, content }) => [decision.reason, content])).toEqual([
      ['NOT_GOVERNED', undefined],
      ['GOVERNANCE_OFF', undefined],
    ]);
  });

  it('a policy that captures text does not load without a key', async () => {
    await expect(world(policyOf('captured'), '')).rejects.toMatchObject({ issues: [{ code: 'CONTENT_KEY_MISSING' }] });
    await expect(world(policyOf('hashed'), 'secret')).rejects.toMatchObject({ code: 'OPTIONS_INVALID' });
  });

  it('a policy that keeps more of texts than its baseline is weaker', async () => {
    const base = { policy: 'base', version: 1, audit: { content: 'hashed' } } as const;
    const over = (content: 'hashed' | 'captured') => policyOf(content, { extends: [base] });
    await expect(world(over('captured'))).rejects.toMatchObject({ issues: [{ code: 'BASELINE_WEAKENED' }] });
    await expect(world(over('hashed'))).resolves.toBeDefined();
  });
});

it('a stream is heard by channel, up to a bound', () => {
  const heard = new HeardText(5);
  expect([heard.of('text'), heard.texts]).toEqual(['', []]);
  for (const text of ['abc', 'def', 'ghi']) heard.add('text', text);
  heard.add('reasoning', 'x');
  expect([heard.of('text'), heard.of('reasoning'), heard.of('tool_input')]).toEqual(['abcde', 'x', '']);
  expect(heard.texts).toEqual([
    { path: 'text', channel: 'text', text: 'abcde' },
    { path: 'reasoning', channel: 'reasoning', text: 'x' },
  ]);
});

it('keeps what the policy asks for, of decisions that governance took part in, and says what could not be sealed', async () => {
  const hash = (text: string): string => `#${text}`;
  const kept = { texts: [{ path: 'a', text: 'A' }] };
  const policyOf = (content: string | undefined) => ({ audit: { content } }) as never;
  const decided = (reason: string) => ({ auditId: 'aud_1', reason }) as never;
  const sealing = contentKeeper(hash, async (_, id) => `sealed ${id}` as never);
  const hashes = ['#A'];
  expect(sealing(policyOf('hashed'), kept, decided('OK'))).toEqual({ hashes });
  expect(contentKeeper(hash, undefined)(policyOf('captured'), kept, decided('OK'))).toEqual({ hashes });
  expect(await sealing(policyOf('captured'), kept, decided('OK'))).toEqual({ hashes, captured: 'sealed aud_1' });
  const broken = contentKeeper(hash, () => Promise.reject(new Error('no key')));
  expect(await broken(policyOf('captured'), kept, decided('OK'))).toEqual({ hashes, captured: 'FAILED' });
  for (const reason of ['GOVERNANCE_OFF', 'NOT_GOVERNED'])
    expect(sealing(policyOf('hashed'), kept, decided(reason))).toBeUndefined();
  expect([sealing(policyOf(undefined), kept, decided('OK')), sealing(undefined, kept, decided('OK'))]).toEqual([
    ...[undefined, undefined],
  ]);
});
