import { expect, it } from 'vitest';
import type { GovernedEvent, Stage } from '../contract/event.ts';
import { policyOf, repeatedText, type Engine } from './engine.ts';

const eventOf = (stage: Stage, texts: readonly string[], tool?: string): GovernedEvent =>
  ({
    ...{ stage, resource: tool === undefined ? {} : { tool } },
    content: texts.map((text, at) => ({ path: `p${at}`, text })),
  }) as unknown as GovernedEvent;

it('what streams repeats itself by its text alone, what is asked by its tool and addresses, too', () => {
  for (const stage of ['output', 'tool_result', 'retrieval'] as const) {
    expect(repeatedText(eventOf(stage, ['ab', 'c']))).toBe('abc');
    expect(repeatedText(eventOf(stage, ['a', 'bc'], 'pay'))).toBe('abc');
  }
  for (const stage of ['input', 'tool_call'] as const) {
    const texts = [
      repeatedText(eventOf(stage, ['ab', 'c'])),
      repeatedText(eventOf(stage, ['a', 'bc'])),
      repeatedText(eventOf(stage, ['ab', 'c'], 'pay')),
      repeatedText(eventOf(stage, ['ab'])),
      repeatedText(eventOf(stage, [])),
    ];
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts[0]).toBe('\u0001p0\u0000ab\u0001p1\u0000c');
    expect(texts[2]).toBe('pay\u0001p0\u0000ab\u0001p1\u0000c');
  }
});

it('an event is decided by the policy that it names, else by the first', () => {
  const engine = { policies: { first: 'one' } } as unknown as Engine;
  expect([policyOf(engine, { policy: 'two' }), policyOf(engine, {})]).toEqual(['two', 'one']);
});
