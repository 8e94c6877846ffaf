import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Governor, Interaction, Subject } from '@flyball/core';
import { decideAndCarryOut, requireGovernor } from '@flyball/core/adapter';
import {
  answerDenied,
  applyPromptEdits,
  gateResponse,
  promptsOf,
  readableEvent,
  runWithInteraction,
} from '@flyball/http';

export interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  /** As your framework parsed it. */
  readonly body: unknown;
  /** From your own authentication. `undefined`: nobody was found, and the policy's `onError` decides. */
  readonly subject: Subject | undefined;
  readonly route?: string;
}

/** Governs one request of a Node server: its body before your handler runs, its answer before it leaves. */
export function exchangeGovernance(given: Governor) {
  const governor = requireGovernor(given, 'exchangeGovernance');
  governor.declareStages(['input', 'output']);

  /**
   * Calls `handle` with the body as the policy edited it. Does not call it where the request was stopped and answered.
   */
  return async function governExchange<T>(
    { req, res, body, subject, route }: Exchange,
    handle: (body: unknown, interaction: Interaction) => T,
  ): Promise<Awaited<T> | undefined> {
    const interaction = governor.interaction(subject);
    res.once('close', () => void interaction.end());
    const resource = route === undefined ? {} : { route };

    const prompts = promptsOf(body);
    const asked = readableEvent(interaction, { stage: 'input', point: 'http', resource, content: prompts.segments });
    const carried = await decideAndCarryOut(governor, asked, body, (edits) => applyPromptEdits(body, prompts, edits));
    if (carried.kind === 'stopped') {
      answerDenied({ governor, decision: carried.decision, req, res });
      return undefined;
    }

    gateResponse(req, res, { governor, interaction, mode: carried.decision.mode, resource });
    // Inside, `govern` of `@flyball/ai-sdk` finds the interaction by itself.
    return await runWithInteraction(interaction, () => handle(carried.value, interaction));
  };
}
