import { govern, GovernanceBlockedError } from '@flyball/ai-sdk';
import { createGovernor } from '@flyball/core';
import {
  convertToModelMessages,
  createUIMessageStreamResponse,
  streamText,
  toUIMessageStream,
  type UIMessage,
} from 'ai';
import { model } from './model.ts';
import { POLICY } from './policy.ts';

/**
 * Made once per process: everything that runs in it shares its cooldowns and limits. Processes share them through a
 * store.
 */
const governor = createGovernor({ policy: { yaml: POLICY } });

/** Answers a turn of `useChat`, on any runtime. */
export async function answer(request: Request): Promise<Response> {
  const { messages } = (await request.json()) as { readonly messages: UIMessage[] };
  const result = streamText({
    ...govern(await governor, { subject: { tenant: 'acme', user: userOf(request) }, model }),
    messages: await convertToModelMessages(messages),
  });
  return createUIMessageStreamResponse({
    stream: toUIMessageStream({
      stream: result.stream,
      // Only the words of a refusal are for browsers.
      onError: (error) => GovernanceBlockedError.find(error)?.message ?? 'An error occurred.',
    }),
  });
}

/** Stands for a session: who acts comes from what the server knows, never from a body. */
function userOf(request: Request): string {
  const [, user] = /(?:^|; )user=(\w{1,64})/.exec(request.headers.get('cookie') ?? '') ?? [];
  return user ?? 'guest';
}
