// What the two halves of the pair know of one run of an agent.
import { createRunRegistry, isOwn, endOwn } from '@flyball/agent-kit';
import { mapMaybe, type Decision, type Interaction, type MaybePromise } from '@flyball/core/adapter';
import type { Checked } from '../options.ts';
import { currentInvocation, interactionOf, isCarried } from '../run.ts';

export interface AgentRun {
  readonly interaction: Interaction;
  /** Messages that left governed: another middleware may put something else in their place. */
  readonly released: WeakSet<object>;
  /** What ended the run. It is kept here and not only in a message, which another middleware may replace. */
  stopped?: Decision;
  /** The run is over. */
  end(): void;
}

/** What a hook of a middleware is given: of all of it only `writer` is the same in each hook of a run. */
export interface Runtime {
  readonly writer?: unknown;
}

export type AgentRuns = (runtime: Runtime | undefined) => MaybePromise<AgentRun>;

export function agentRuns(settings: Checked): AgentRuns {
  const runs = createRunRegistry<AgentRun>();
  return (runtime) => {
    const current = currentInvocation();
    const writer = current?.writer ?? runtime?.writer;
    const known = typeof writer === 'function' ? runs.get(writer) : undefined;
    if (known !== undefined) return known;
    const invocation = { ...runtime, ...current };
    return mapMaybe(interactionOf(settings, invocation), (interaction) => {
      const begun = typeof writer === 'function' ? runs.get(writer) : undefined;
      if (begun !== undefined) return begun;
      // An agent that a tool invokes belongs to the run of that tool.
      const ends = isOwn(interaction) && !isCarried(settings.governor, invocation);
      const run: AgentRun = {
        interaction,
        released: new WeakSet(),
        end: () => {
          if (ends) endOwn(interaction);
        },
      };
      return typeof writer === 'function' ? runs.set(writer, run) : run;
    });
  };
}
