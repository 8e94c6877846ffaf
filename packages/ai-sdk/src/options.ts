import {
  ambientInteraction,
  FlyballError,
  type AdapterGovernor,
  type Decision,
  type Governor,
  type Interaction,
  type Json,
  type Subject,
} from '@flyball/core/adapter';
import type { DecisionSummary } from './summary.ts';

/** Whose calls these are. Give one; without either, the interaction of the surrounding HTTP request is taken. */
export interface Identity {
  /** Who acts, from trusted code. A model governed by subject alone opens an interaction for each of its calls. */
  readonly subject?: Subject | (() => Subject | undefined);
  /** The request these calls belong to: labels and limits then span all its steps. */
  readonly interaction?: Interaction | (() => Interaction);
  /** The policy that decides, with `subject`. Default: the governor's own default. */
  readonly policy?: string;
}

export interface GovernanceOptions extends Identity {
  readonly governor: Governor;
  /** Facts from trusted code that conditions read as `attributes.*`. */
  readonly attributes?: { readonly [name: string]: Json };
  /** Words the refusal a reader sees. `decision` tells the server more; the words must not. */
  readonly refusal?: (summary: DecisionSummary, decision: Decision) => string;
  /**
   * What a stopped tool call does to the run: `continue` gives the model the denial as the tool's result, `stop` ends the run.
   * Default: the policy's own `onBlock`. `continue` needs governed tools: a model governed on its own can only stop.
   */
  readonly onBlock?: 'continue' | 'stop';
}

/** Options whose governor was found to be one. */
export type CheckedOptions = GovernanceOptions & { readonly governor: AdapterGovernor };

const own = new WeakSet<Interaction>();

/** True for an interaction that was opened here, for a subject: nobody else ends it. */
export const isOwn = (interaction: Interaction): boolean => own.has(interaction);

/** The interaction a call belongs to. */
export function interactionFor({
  governor,
  interaction,
  subject,
  policy,
}: Identity & { readonly governor: Governor }): Interaction {
  if (interaction !== undefined) return typeof interaction === 'function' ? interaction() : interaction;
  if (subject !== undefined) {
    const opened = governor.interaction(who(subject), policy === undefined ? {} : { policy });
    own.add(opened);
    return opened;
  }
  const ambient = ambientInteraction();
  if (ambient !== undefined) return ambient;
  throw new FlyballError(
    'NO_INTERACTION',
    'no subject for this call: give `subject` or `interaction`, or make the call inside a request that `@flyball/express` or `@flyball/http` governs',
  );
}

/** A resolver that fails has not established a subject: the policy says what that means, not an exception here. */
function who(subject: Subject | (() => Subject | undefined)): Subject | undefined {
  if (typeof subject !== 'function') return subject;
  try {
    const found = subject() as Partial<Subject> | undefined;
    return found?.tenant === undefined ? undefined : (found as Subject);
  } catch {
    return undefined;
  }
}
