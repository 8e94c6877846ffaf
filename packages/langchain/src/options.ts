import type { AgentOptions, CheckedOptions } from '@flyball/agent-kit';
import type { OptionShape } from '@flyball/core/adapter';

/** What an application tells of a run when it invokes something, as far as identity may be found in it. */
export interface RunConfig {
  /**
   * `configurable` of the invocation, such as `thread_id`. What a caller may write here is for the application to know.
   */
  readonly configurable?: { readonly [name: string]: unknown };
  /** `context` of an agent or a graph. */
  readonly context?: { readonly [name: string]: unknown };
  readonly metadata?: { readonly [name: string]: unknown };
  readonly tags?: readonly string[];
}

/**
 * What every governed part takes. `subject` or `interaction` as a function is asked for each run with the configuration
 * of its invocation, so that agents, graphs and models made once at module level serve everybody.
 *
 *     const options = { governor, subject: ({ configurable }) => ({ tenant: 'acme', user: String(configurable?.user) }) };
 */
export interface GovernanceOptions extends AgentOptions<RunConfig> {
  /**
   * How a stop of the model's answer is told. `end` (the default): the answer is the refusal, with
   * `finish_reason: 'content_filter'` and the decision under `response_metadata.flyball`. `error`: a
   * `GovernanceBlockedError` is thrown. Where the caller asked for structured output or forced a tool call, it is
   * always thrown: words would be misread.
   */
  readonly exitBehavior?: 'end' | 'error';
}

/** The same, after they were checked. */
export type Checked = CheckedOptions<GovernanceOptions>;

export const EXIT_BEHAVIOR: { readonly [name: string]: OptionShape } = {
  exitBehavior: { is: (value) => value === 'end' || value === 'error', words: '`end` or `error`' },
};
