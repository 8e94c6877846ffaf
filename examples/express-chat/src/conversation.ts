import type { ModelMessage } from 'ai';
import { z } from 'zod';

// Texts alone: tool calls and results are the server's to make, so a page cannot send forged ones.
const Body = z.object({
  messages: z
    .array(
      z.object({
        role: z.enum(['user', 'assistant']),
        parts: z.array(z.object({ type: z.literal('text'), text: z.string() })).min(1),
      }),
    )
    .min(1)
    .max(200),
});

export interface Conversation {
  readonly messages: ModelMessage[];
  /** What keeps the body from being one. */
  readonly wrong?: string;
}

/** The conversation of a request body in the shape of AI SDK UI messages. */
export function conversationOf(body: unknown): Conversation {
  const parsed = Body.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const wrong = `\`${issue?.path.join('.') || 'body'}\`: ${issue?.message.toLowerCase() ?? 'not a conversation'}`;
    return { messages: [], wrong };
  }
  const { messages } = parsed.data;
  if (messages.at(-1)?.role !== 'user')
    return { messages: [], wrong: '`messages`: the last message must be the user’s' };
  return {
    messages: messages.map(({ role, parts }) => ({ role, content: parts.map(({ text }) => text).join('') })),
  };
}
