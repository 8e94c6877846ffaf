// What the two halves of the pair know of one run of an agent.
import { createRunRegistry } from '@flyball/agent-kit';
import { mapMaybe, type Decision, type Interaction, type MaybePromise } from '@flyball/core/adapter';
import type { Checked } from '../options.ts';
import { currentInvocation, hold, interactionOf } from '../run.ts';

export interface AgentRun {
  readonly interaction: Interaction;
  /** Messages that left governed: another middleware may put something else in their place. */
  readonly released: WeakSet<object>;
  /** What ended the run. It is kept here and not only in a message, which another middleware may replace. */
  stopped?: Decision;
  /** The run goes on: it keeps its places in limits, or takes them again where it seemed to be over. */
  keep(): AgentRun;
  /** The run is over, as far as can be seen. */
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
    if (known !== undefined) return known.keep();
    const invocation = { ...runtime, ...current };
    return mapMaybe(interactionOf(settings, invocation), (interaction) => {
      const begun = typeof writer === 'function' ? runs.get(writer) : undefined;
      if (begun !== undefined) return begun.keep();
      let letGo: (() => void) | undefined;
      const run: AgentRun = {
        interaction,
        released: new WeakSet(),
        keep: () => {
          letGo ??= hold(settings.governor, interaction, invocation);
          return run;
        },
        end: () => {
          letGo?.();
          letGo = undefined;
        },
      };
      return (typeof writer === 'function' ? runs.set(writer, run) : run).keep();
    });
  };
}
