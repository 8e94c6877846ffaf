import type { Pack } from '@flyball/detectors';
import { isContentKey } from '../../audit/content-key.ts';
import type { Sink } from '../../audit/sink.ts';
import { withMethods, type OptionShape } from '../../check-options.ts';
import type { Clock } from '../../clock.ts';
import type { Detector } from '../../contract/detector.ts';
import type { GovernedEvent } from '../../contract/event.ts';
import type { Decision } from '../../contract/ruling.ts';
import type { Store } from '../../store/store.ts';
import type { GovernorEventListener } from './events.ts';
import { isNamedLog, type NamedLog } from './named-log.ts';
import type { PolicyChange } from './policies.ts';
import type { PolicySource } from './policy-file.ts';

export interface GovernorOptions {
  /**
   * One policy or several, each under its own name. Events are decided by the first unless their interaction names
   * another.
   */
  readonly policy: PolicySource | readonly PolicySource[];
  /** The application's own detectors: policies name their types. */
  readonly detectors?: readonly Detector[];
  /** The application's own packs of recognisers, made with `definePack`: policies name them with `use`. */
  readonly packs?: readonly Pack[];
  /** Where cooldowns, limits, modes and halts live. Default: the memory of this process. */
  readonly store?: Store;
  /**
   * Where records go: a sink, or `{ file }` for the log of `@flyball/audit`, which the governor opens and closes.
   * Default: nowhere; decisions are still answered, and told to listeners.
   */
  readonly audit?: Sink | NamedLog;
  /**
   * Told of everything that happens, from the start on; `governor.events.subscribe` comes later. What it throws changes
   * nothing.
   */
  readonly onEvent?: GovernorEventListener;
  /** Told of every decision after it was recorded: the `decision` and `refusal` events alone. */
  readonly onDecision?: (decision: Decision, event: GovernedEvent) => void;
  /** Told when a policy was loaded, or a new version of it was refused: the `policy` events alone. */
  readonly onPolicy?: (change: PolicyChange) => void;
  /**
   * Key of the hashes that stand for text in state and records. Give all processes that share a store the same.
   * Default: random.
   */
  readonly hashKey?: string;
  /**
   * 32 bytes of a key, as 64 hex digits: what policies with `audit: { content: captured }` keep of texts is encrypted
   * with it, and nobody reads it without. Keep it where the log is not.
   */
  readonly contentKey?: string;
  /** How long a store may be silent before what is known of it counts as failed, in milliseconds. Default 5,000. */
  readonly staleAfterMs?: number;
  /**
   * What becomes of a start while a shared store does not answer. `try` (the default): the governor is there after one
   * attempt, and decides by `onError` until the store answers. `require`: it rejects with the store's error. `wait`: it
   * is there once the store answers.
   */
  readonly ready?: 'try' | 'require' | 'wait';
  readonly clock?: Clock;
}

/** With the sink that was named opened. */
export type OpenedOptions = Omit<GovernorOptions, 'audit'> & { readonly audit?: Sink };

/** What each may be, as `checkOptions` reads it. */
export const GOVERNOR_OPTIONS: { readonly [name in keyof GovernorOptions]-?: OptionShape } = {
  // What a policy may be, `openPolicies` says better.
  policy: { is: () => true, words: 'a policy' },
  detectors: { is: Array.isArray, words: 'a list of detectors' },
  packs: { is: Array.isArray, words: 'a list of packs' },
  store: withMethods(
    'a store, such as `createMemoryStore()`',
    ...['charge', 'report', 'release', 'strike', 'labels', 'look', 'amend', 'control', 'setAll', 'history'],
    ...['sync', 'processes', 'subscribe', 'close'],
  ),
  audit: {
    is: (value) => isNamedLog(value) || typeof (value as Sink | null)?.accept === 'function',
    words:
      'a sink with an `accept` method, such as `createMemorySink()` or `await openLog({ file })` of `@flyball/audit`, or `{ file }` alone',
  },
  onEvent: 'function',
  onDecision: 'function',
  onPolicy: 'function',
  hashKey: { is: (value) => typeof value === 'string' && value !== '', words: 'a string that is not empty' },
  contentKey: { is: isContentKey, words: '64 hex digits' },
  staleAfterMs: {
    is: (value) => typeof value === 'number' && value > 0 && value < Infinity,
    words: 'a number of milliseconds above 0',
  },
  ready: {
    is: (value) => value === 'try' || value === 'require' || value === 'wait',
    words: '`try`, `require` or `wait`',
  },
  clock: withMethods('a clock with `now` and `monotonic`', 'now', 'monotonic'),
};
