import { govern } from '@flyball/ai-sdk';
import type { Decision, Governor } from '@flyball/core';
import { isStepCount, streamText } from 'ai';
import { SCENES } from './scenes.ts';
import { scriptedModel } from './scripted-model.ts';
import { supportTools } from './tools.ts';

/** What came of one message. */
export interface Outcome {
  readonly text: string;
  readonly finishReason: string;
  /** Tools that really ran. */
  readonly ran: readonly string[];
  readonly decisions: readonly Decision[];
}

const model = scriptedModel(SCENES);

/** Answers one message of a user. Governance is the line that begins with `...govern`. */
export async function ask(governor: Governor, user: string, prompt: string): Promise<Outcome> {
  const ran: string[] = [];
  const interaction = governor.interaction({ tenant: 'acme', user });
  const result = streamText({
    ...govern(governor, { interaction, model, tools: supportTools((what) => ran.push(what)) }),
    prompt,
    stopWhen: isStepCount(5),
  });
  let text = '';
  for await (const delta of result.textStream) text += delta;
  return { text, finishReason: await result.finishReason, ran, decisions: interaction.decisions };
}
