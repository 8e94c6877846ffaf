import {
  checkOptions,
  requireGovernor,
  type AdapterGovernor,
  type Governor,
  type Json,
  type OptionShape,
} from '@flyball/core/adapter';
import { isInteraction, type Identity } from './identity.ts';
import { warnOfFailures } from './warn-closed.ts';
import type { RefusalWording } from './wording.ts';

/**
 * What an application says of the calls it has governed. `C`: what resolvers are given, such as the framework's run
 * configuration.
 */
export interface AgentOptions<C = undefined> extends Identity<C> {
  readonly governor: Governor;
  /** Facts from trusted code that conditions read as `attributes.*`. */
  readonly attributes?: { readonly [name: string]: Json };
  /** Words the refusal a reader sees. Default: a plain sentence. */
  readonly refusal?: RefusalWording;
  /**
   * What a stopped tool call does to the run: `continue` gives the model the denial as the tool's result, `stop` ends
   * the run. Default: the policy's own `onBlock`.
   */
  readonly onBlock?: 'continue' | 'stop';
}

/** Options whose governor was found to be one. */
export type CheckedOptions<O> = Omit<O, 'governor'> & { readonly governor: AdapterGovernor };

const IDENTITY: { readonly [name: string]: OptionShape } = {
  // What a subject must be the governor says, with its place.
  subject: {
    is: (value) => (typeof value === 'object' && value !== null) || typeof value === 'function',
    words: 'a subject such as `{ tenant }`, or a function that finds one',
  },
  interaction: {
    is: (value) => typeof value === 'function' || isInteraction(value),
    words: 'what `governor.interaction(subject)` answers, or a function that finds it',
  },
  policy: {
    is: (value) => typeof value === 'string' || typeof value === 'function',
    words: 'the name of a policy, or a function that chooses one',
  },
};

const SHARED: { readonly [name: string]: OptionShape } = {
  ...IDENTITY,
  governor: 'object',
  attributes: 'object',
  refusal: 'function',
  onBlock: { is: (value) => value === 'continue' || value === 'stop', words: '`continue` or `stop`' },
};

/** What options a function takes besides those that all adapters for models and tools have. */
export interface OptionRules {
  readonly own?: { readonly [name: string]: OptionShape };
  readonly required?: readonly string[];
  /** Shared options that would have no effect here. */
  readonly without?: readonly string[];
}

/**
 * Checks what an application gave to `caller`: the shared options, and the caller's own. The governor must be one, and
 * a policy that is named must be loaded; one that is chosen call by call is looked at then. Throws `OPTIONS_INVALID`.
 */
export function checkAgentOptions<O extends { readonly governor: Governor; readonly policy?: unknown }>(
  caller: string,
  options: O,
  { own = {}, required = [], without = [] }: OptionRules = {},
): CheckedOptions<O> {
  const given = options as O | undefined;
  // A promise that somebody forgot to await is named as one, before anything else.
  const governor = requireGovernor(given?.governor, caller);
  const shared = Object.entries(SHARED).filter(([name]) => !without.includes(name));
  checkOptions(caller, options, { ...Object.fromEntries(shared), ...own }, required);
  if (typeof options.policy === 'string') requireGovernor(governor, caller, options.policy);
  warnOfFailures(governor);
  return { ...options, governor };
}
