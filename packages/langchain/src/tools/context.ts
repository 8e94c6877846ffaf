import { callContext, denialForModel, summaryOf, type CallContext, type StoppedPart } from '@flyball/agent-kit';
import { mapMaybe, type Decision, type MaybePromise } from '@flyball/core/adapter';
import type { ToolMessage } from '@langchain/core/messages';
import type { Checked } from '../options.ts';
import { hold, interactionOf, type Invocation } from '../run.ts';
import { blocked, denialMessage } from '../to-response.ts';

/** A call of a tool outside of a model's message. */
export interface ToolCallContext extends CallContext {
  /** The call is over: an interaction that was opened for it alone frees the places it holds. */
  over(): void;
}

/** What a part that governs tools wants besides what the application said. */
export interface ToolSettings extends Checked {
  /** The run has an owner that ends its interaction. */
  readonly owned?: boolean;
}

export function openToolCall(
  settings: ToolSettings,
  invocation: Invocation | undefined,
): MaybePromise<ToolCallContext> {
  return mapMaybe(interactionOf(settings, invocation), (interaction) => ({
    ...callContext(settings, interaction, { point: 'tool' }),
    over: settings.owned === true ? () => undefined : hold(settings.governor, interaction, invocation),
  }));
}

/** What a tool was called with: the id, where a model called it. */
export interface Caller {
  readonly name: string;
  readonly id: string | undefined;
}

/**
 * The denial as the tool's result, which the model reads (T4); as an error where nothing says to which call it would
 * belong.
 */
export function denial(caller: Caller, decision: Decision | undefined, what: StoppedPart): ToolMessage {
  const words =
    decision === undefined
      ? 'The arguments of this call were withheld by policy.'
      : denialForModel(summaryOf(decision), what);
  if (caller.id !== undefined) return denialMessage(caller, words, decision);
  throw decision === undefined ? new Error(words) : blocked(decision, words);
}
