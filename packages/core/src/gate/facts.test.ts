import { expect, it } from 'vitest';
import { streamedEvent } from './facts.ts';

it('a stream as an event has an empty text for each of its own, and nobody can change it', () => {
  const event = { id: 'e', stage: 'output', interactionId: 'i', at: 1, content: [] } as never;
  const streamed = streamedEvent(event, 'assistant', [
    { path: 'text[0]', channel: 'text', block: 'b' },
    { path: 'tool_input[0]', channel: 'tool_input' },
  ] as never);
  expect(streamed).toEqual({
    ...(event as object),
    content: [
      { path: 'text[0]', text: '', role: 'assistant', channel: 'text', block: 'b' },
      { path: 'tool_input[0]', text: '', role: 'assistant', channel: 'tool_input' },
    ],
  });
  expect(Object.isFrozen(streamed) && Object.isFrozen(streamed.content)).toBe(true);
});
