import type { AgentOptions, CheckedOptions, DecisionSummary } from '@flyball/agent-kit';
import type { Decision, Interaction, Subject } from '@flyball/core/adapter';

/** Whose calls these are. Give one; without either, the interaction of the surrounding HTTP request is taken. */
export interface Identity {
  /**
   * Who acts, from trusted code. A function answers at once: await before what has to be awaited. A model governed by subject alone opens
   * an interaction for each of its calls.
   */
  readonly subject?: Subject | (() => Subject | undefined);
  /** The request these calls belong to: labels and limits then span all its steps. */
  readonly interaction?: Interaction | (() => Interaction);
  /** The policy that decides, with `subject`. Default: the governor's own default. */
  readonly policy?: string;
}

/** What every governed part takes. `continue` of `onBlock` needs governed tools: a model governed on its own can only stop. */
export interface GovernanceOptions extends Identity, Pick<AgentOptions, 'governor' | 'attributes' | 'onBlock'> {
  /**
   * Words the refusal a reader sees. `decision` tells the server more; the words must not. One that throws, takes longer than a second or
   * answers no text is replaced by the default words.
   */
  readonly refusal?: (summary: DecisionSummary, decision: Decision) => string | PromiseLike<string>;
}

/** The same, after they were checked. */
export type Checked = CheckedOptions<GovernanceOptions>;
