import { callContext, endOwn, resolveInteractionNow, type CallContext } from '@flyball/agent-kit';
import type { Checked } from '../options.ts';

/** A call of a tool outside of a model's message. */
export interface ToolCallContext extends CallContext {
  /** The call is over: an interaction that was opened for it alone frees the places it holds. */
  over(): void;
}

/** Finds what a call of a tool is decided with, when it is about to run. */
export type ContextFor = () => ToolCallContext;

export function contextFor(options: Checked): ContextFor {
  return () => {
    const interaction = resolveInteractionNow(options.governor, options, {});
    return {
      ...callContext(options, interaction, { point: 'tool' }),
      over: () => {
        // One that was given goes on after the call.
        if (options.interaction === undefined) endOwn(interaction);
      },
    };
  };
}
