// src/lib/chat-route.ts
import { govern } from '@flyball/ai-sdk';
import type { Governor, Subject } from '@flyball/core';
import { denialFor, isDenied, promptsOf } from '@flyball/http';
import {
  convertToModelMessages,
  createUIMessageStreamResponse,
  streamText,
  toUIMessageStream,
  type LanguageModel,
  type UIMessage,
} from 'ai';

/** `subjectOf`: your own session or token check. */
export function chatRoute(governor: Governor, model: LanguageModel, subjectOf: (headers: Headers) => Subject) {
  return async function POST(request: Request): Promise<Response> {
    const body = (await request.json()) as { messages: UIMessage[] };
    const interaction = governor.interaction(subjectOf(request.headers));

    // The prompt, for an HTTP status. `govern` decides on it once more, with everything that the model is given.
    const asked = await governor.decide(
      interaction.event({ stage: 'input', point: 'http', content: promptsOf(body).segments }),
    );
    if (isDenied(asked)) {
      const { status, headers, problem } = denialFor(asked);
      return Response.json(problem, { status, headers: { ...headers, 'content-type': 'application/problem+json' } });
    }

    const result = streamText({
      ...govern(governor, { interaction, model }),
      messages: await convertToModelMessages(body.messages),
      abortSignal: request.signal,
    });
    return createUIMessageStreamResponse({ stream: toUIMessageStream({ stream: result.stream }) });
  };
}
