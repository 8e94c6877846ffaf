import { governanceMiddleware } from '@flyball/langchain';
import type { Decision, Governor } from '@flyball/core';
import { AIMessageChunk, HumanMessage, type BaseMessage } from '@langchain/core/messages';
import { createAgent } from 'langchain';
import { SCENES } from './scenes.ts';
import { ScriptedModel } from './scripted-model.ts';
import { supportTools } from './tools.ts';

/** What came of one message. */
export interface Outcome {
  readonly text: string;
  readonly finishReason: string;
  /** Tools that really ran. */
  readonly ran: readonly string[];
  readonly decisions: readonly Decision[];
}

/**
 * The application's agent. Governance is the line that begins with `middleware`; whose run it is, is asked for each
 * run.
 */
export function supportAgent(governor: Governor) {
  const ran: string[] = [];
  const decisions: Decision[] = [];
  governor.events.subscribe((event) => {
    if (event.kind === 'decision') decisions.push(event.decision);
  });
  const agent = createAgent({
    model: new ScriptedModel(SCENES),
    tools: supportTools((what) => ran.push(what)),
    middleware: governanceMiddleware({
      governor,
      subject: ({ configurable }) => ({ tenant: 'acme', user: String(configurable?.['user']) }),
    }),
  });

  /** Answers one message of a user, and shows it as it is written. */
  return async function ask(user: string, prompt: string): Promise<Outcome> {
    ran.length = 0;
    decisions.length = 0;
    let text = '';
    let finishReason = 'stop';
    const input = { messages: [new HumanMessage(prompt)] };
    const stream = await agent.stream(input, { configurable: { user }, streamMode: 'messages' });
    for await (const [message] of stream as AsyncIterable<[BaseMessage]>) {
      if (!AIMessageChunk.isInstance(message)) continue;
      text += message.text;
      const given: unknown = message.response_metadata['finish_reason'];
      if (typeof given === 'string') finishReason = given;
    }
    return { text, finishReason, ran: [...ran], decisions: [...decisions] };
  };
}
