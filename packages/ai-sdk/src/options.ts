import type { AgentOptions, CheckedOptions, DecisionSummary } from '@flyball/agent-kit';
import type { Hearing } from './telemetry/hearing.ts';
import type { Decision, Interaction, Subject } from '@flyball/core/adapter';

/** What a call of an agent was made with. Outside of agents there is nothing in it. */
export interface AgentCall {
  /** The agent's call options: `agent.stream({ prompt, options })`. */
  readonly options?: unknown;
  readonly runtimeContext?: unknown;
}

/** Whose calls these are. Give one; without either, the interaction of the surrounding HTTP request is taken. */
export interface Identity {
  /**
   * Who acts, from trusted code. A function answers at once: await before what has to be awaited. An agent asks it for
   * each of its calls, with the call's own options. A model governed by subject alone opens an interaction for each of
   * its calls.
   */
  readonly subject?: Subject | ((call: AgentCall) => Subject | undefined);
  /** The request these calls belong to: labels and limits then span all its steps. */
  readonly interaction?: Interaction | ((call: AgentCall) => Interaction);
  /**
   * The policy that decides, with `subject`: its name, or a function that chooses it at once, as `subject` is found.
   * One that fails, or names none that is loaded, stops the call (`POLICY_UNKNOWN`). Default: the governor's own
   * default.
   */
  readonly policy?: string | ((call: AgentCall) => string);
}

/**
 * What every governed part takes. `continue` of `onBlock` needs governed tools: a model governed on its own can only
 * stop.
 */
export interface GovernanceOptions extends Identity, Pick<AgentOptions, 'governor' | 'attributes' | 'onBlock'> {
  /**
   * Words the refusal a reader sees. `decision` tells the server more; the words must not. One that throws, takes
   * longer than a second or answers no text is replaced by the default words.
   */
  readonly refusal?: (summary: DecisionSummary, decision: Decision) => string | PromiseLike<string>;
}

/** One run of the SDK: what the hooks around its model, its tools and its approval share. */
export interface Run {
  /** Decisions that withheld arguments, by `auditId`: whoever parses the stand-in answers with the denial. */
  readonly withheld: ReadonlyMap<string, Decision>;
  /** What the call's telemetry hears of its prompts. */
  readonly hearing: Hearing;
  /** Opened for this run: it is ended with it. */
  readonly interaction: Interaction | undefined;
  /** A call of the model begins in this interaction. */
  begin(interaction: Interaction): void;
  withholds(decision: Decision): void;
  /** The run is over, as the SDK tells it. */
  end(): void;
}

/** The same, after they were checked. */
export type Checked = CheckedOptions<GovernanceOptions> & {
  /** What the hooks that `govern` made for one run share. */
  readonly run?: Run;
};
