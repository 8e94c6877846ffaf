import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { promptsOf, promptsOfAny } from './extract.ts';
import { promptsOfPlainChat } from './plain-chat.ts';

const ROLES = ['user', 'assistant', 'system', 'developer', 'tool', 'model', 'function', 'critic'];
const TEXTS = ['', 'hello', 'user', 'data:text/plain,hi', 'word '.repeat(20)];
const NAMES = ['model', 'stream', 'temperature', 'note', 'a.b', '', '7', 'prompt', 'query', 'jsonrpc', 'json', 'id'];

const text = fc.constantFrom(...TEXTS);
const message = fc.oneof(
  { weight: 40, arbitrary: fc.record({ role: fc.constantFrom(...ROLES.slice(0, 7)), content: text }) },
  { weight: 1, arbitrary: fc.record({ content: text, role: fc.constantFrom(...ROLES) }) },
  { weight: 1, arbitrary: fc.record({ role: fc.constantFrom(...ROLES), content: text, name: text }) },
  { weight: 1, arbitrary: fc.constantFrom(null, 'hello', 3, { role: 'user', content: [{ type: 'text', text: 'x' }] }) },
);
const member = fc.oneof(
  { weight: 8, arbitrary: fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null)) },
  { weight: 1, arbitrary: fc.constantFrom({ a: 'b' }, ['c']) },
);
const body = fc
  .tuple(
    fc.array(message, { minLength: 1, maxLength: 5 }),
    fc.array(fc.tuple(fc.constantFrom(...NAMES), member), { maxLength: 3 }),
  )
  .chain(([messages, members]) =>
    fc.shuffledSubarray([['messages', messages] as const, ...members], { minLength: members.length + 1 }),
  )
  .map((entries) => Object.fromEntries(entries));

describe('the plainest of chats', () => {
  it('is read as any other way reads it', () => {
    let plain = 0;
    let other = 0;
    fc.assert(
      fc.property(body, (value) => {
        if (promptsOfPlainChat(value, 'body') === undefined) other++;
        else plain++;
        expect(promptsOf(value)).toEqual(promptsOfAny(value, 'body', 'judge'));
      }),
      { numRuns: 3000 },
    );
    expect(plain).toBeGreaterThan(200);
    expect(other).toBeGreaterThan(300);
  });

  it('is one with nothing but texts, and nothing that stands in a prototype', () => {
    const messages = [{ role: 'user', content: 'hello' }];
    expect(promptsOfPlainChat({ messages, model: 'm' }, 'body')?.recognised).toBe(1);
    for (const value of [
      { messages: [] },
      { messages, extra: {} },
      { messages, prompt: 'p' },
      { messages: [{ role: 'user', content: 'hello', id: 'x' }] },
      { messages: [{ role: 'critic', content: 'hello' }] },
      Object.create({ messages }),
      messages,
      'hello',
      null,
    ])
      expect(promptsOfPlainChat(value, 'body')).toBeUndefined();
  });
});
