// What the two halves of the pair know of one run of an agent.
import { createRunRegistry } from '@flyball/agent-kit';
import { mapMaybe, type Decision, type Interaction, type MaybePromise } from '@flyball/core/adapter';
import type { Checked } from '../options.ts';
import { currentInvocation, hold, interactionOf } from '../run.ts';
import { createReleased, type Released } from '../released.ts';

export interface AgentRun {
  readonly interaction: Interaction;
  /** Messages that left governed: another middleware may put something else in their place. */
  readonly released: Released;
  /** What ended the run. It is kept here and not only in a message, which another middleware may replace. */
  stopped?: Decision;
  /**
   * Something of the run goes on: it keeps its places in limits, or takes them again where it seemed to be over. When
   * nothing of it has gone on for `IDLE_MS`, it is taken to be over.
   */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** The run is over, as far as can be seen. */
  end(): void;
}

/**
 * LangChain tells no middleware that a run waits for a person, that LangGraph's `recursionLimit` has ended it, or that
 * another middleware's `beforeModel` has jumped to its end. Between two hooks of a run there are only hooks of other
 * middlewares and writes of a checkpointer: a run of which nothing has been heard for so long, in milliseconds, does
 * not hold places for others. One that was only slow takes them again.
 */
export const IDLE_MS = 5_000;

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
      const run = agentRun(interaction, () => hold(settings.governor, interaction, invocation));
      return typeof writer === 'function' ? runs.set(writer, run) : run;
    });
  };
}

function agentRun(interaction: Interaction, take: () => () => void): AgentRun {
  let letGo: (() => void) | undefined;
  let active = 0;
  let idle: ReturnType<typeof setTimeout> | undefined;
  const end = (): void => {
    clearTimeout(idle);
    letGo?.();
    letGo = undefined;
  };
  return {
    interaction,
    released: createReleased(),
    end,
    async during(work) {
      active++;
      clearTimeout(idle);
      letGo ??= take();
      try {
        return await work();
      } finally {
        active--;
        if (active === 0 && letGo !== undefined) {
          idle = setTimeout(end, IDLE_MS);
          // No process stays alive for it; where timers are numbers there is none to keep alive.
          (idle as { readonly unref?: () => void }).unref?.();
        }
      }
    },
  };
}
