import type { GrowingWindow } from '@flyball/core';
import type { OptionShape } from '@flyball/core/adapter';
import { checkJudgeOptions } from './option-shapes.ts';

/** What every judge takes, besides what its model needs. */
export interface JudgeOptions {
  /** Id of the detector, by which `use` and `coverage` name it. Default: that of the kind of judge. */
  readonly id?: string;
  /**
   * How text that streams is cut. Default:
   * `{ first: 40, step: 240, overlap: 200, margin: 20, clockMs: 1000, inFlight: 4 }`; what is left out of it keeps
   * its default. `false`: the whole text at its end.
   */
  readonly window?: Partial<GrowingWindow> | false;
  /** Milliseconds for one judgement, with its repetitions and its wait for a place. Default 1,500. */
  readonly deadlineMs?: number;
  /** Milliseconds beyond the deadline in which an answer is still waited for, to be told as late. Default 3,000. */
  readonly lateMs?: number;
  /** The least score that is reported as a signal. Default 0.5. */
  readonly from?: number;
  /**
   * Longest passage of one call, in UTF-16 units. A longer text is judged in passages that overlap by 200. Default
   * 8,000.
   */
  readonly maxUnits?: number;
  /** Share of texts that are judged, 0 to 1; the others are counted as not asked. Default 1. */
  readonly share?: number;
  /** Calls under way at a time, and how many more may wait. Default `{ calls: 16, waiting: 256 }`. */
  readonly bulkhead?: { readonly calls: number; readonly waiting?: number };
  /**
   * Opens when this share of the last calls failed, and tries again after a time. Default
   * `{ failures: 0.5, of: 20, againAfterMs: 10_000 }`.
   */
  readonly breaker?: { readonly failures?: number; readonly of?: number; readonly againAfterMs?: number } | false;
  /**
   * Repetitions of a call that failed and may succeed, and which share of all calls they may be. Default
   * `{ most: 1, share: 0.1 }`.
   */
  readonly retry?: { readonly most?: number; readonly share?: number };
  /** Judgements that are remembered, by a keyed hash of the text. Default `{ entries: 10_000, forMs: 300_000 }`. */
  readonly cache?: { readonly entries?: number; readonly forMs?: number } | false;
  /** Milliseconds in which texts are gathered for one call, where a judge takes several. Default 5. */
  readonly batchMs?: number;
  /** What may be used in a length of time. Above it a judgement fails as `UNAVAILABLE`, without a call. */
  readonly limit?: {
    readonly perMs: number;
    readonly calls?: number;
    readonly tokens?: number;
    readonly cost?: number;
  };
  /** Cost of a million tokens, in a currency of yours. Default 0. */
  readonly price?: { readonly input: number; readonly output: number };
  /** Key of the hashes that stand for texts in cache and sample. Default: random. */
  readonly hashKey?: string;
  /** Told of every judgement: numbers, types and scores, never text. */
  readonly onJudgement?: (judgement: Judgement) => void;
}

/** One judgement, as it is told. */
export interface Judgement {
  readonly judge: string;
  /**
   * `answered`; `cached`: known from before; `joined`: the same text was being judged; `late`: answered after its
   * deadline; `failed`; `cancelled`: nobody wanted it any more.
   */
  readonly outcome: 'answered' | 'cached' | 'joined' | 'late' | 'failed' | 'cancelled';
  /** What failed, as `JudgeErrorCode`. */
  readonly code?: string;
  /** The same in a sentence: `` judge `llama-guard` answered with status 401: look at its key ``. */
  readonly message?: string;
  readonly ms: number;
  /** Every category above 0, the ones below `from` too. */
  readonly scores: readonly { readonly type: string; readonly score: number }[];
}

/** How a judge has done since it was made. */
export interface JudgeStats {
  /** Judgements that were wanted, of whole texts or passages. */
  readonly wanted: number;
  readonly answered: number;
  readonly cached: number;
  readonly joined: number;
  readonly late: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Texts that the sample left out. */
  readonly notAsked: number;
  /** Calls to the other side, repetitions included. */
  readonly calls: number;
  readonly repeated: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cost: number;
  readonly breaker: 'closed' | 'open' | 'half_open';
}

export interface Settings {
  readonly window: GrowingWindow | undefined;
  readonly deadlineMs: number;
  readonly lateMs: number;
  readonly from: number;
  readonly maxUnits: number;
  readonly share: number;
  readonly calls: number;
  readonly waiting: number;
  readonly breaker: { readonly failures: number; readonly of: number; readonly againAfterMs: number } | undefined;
  readonly retry: { readonly most: number; readonly share: number };
  readonly cache: { readonly entries: number; readonly forMs: number } | undefined;
  readonly batchMs: number;
  readonly limit: JudgeOptions['limit'];
  readonly price: { readonly input: number; readonly output: number };
  readonly hashKey: string | undefined;
  readonly onJudgement: JudgeOptions['onJudgement'];
}

export const JUDGE_WINDOW: GrowingWindow = Object.freeze({
  first: 40,
  step: 240,
  overlap: 200,
  margin: 20,
  clockMs: 1000,
  inFlight: 4,
});

/**
 * Fills in the defaults: of the kind of judge, then of all judges. Throws `OPTIONS_INVALID` for what is none.
 */
export function settingsOf(
  what: string,
  given: JudgeOptions,
  more: { readonly [name: string]: OptionShape },
  required: readonly string[] = [],
  ofItsKind: JudgeOptions = {},
): Settings {
  checkJudgeOptions(what, given, more, required);
  const options: JudgeOptions = { ...ofItsKind, ...defined(given) };
  const { breaker = {}, cache = {}, retry = {}, bulkhead } = options;
  return {
    window: options.window === false ? undefined : windowOf(given.window || {}, ofItsKind.window || {}),
    deadlineMs: options.deadlineMs ?? 1500,
    lateMs: options.lateMs ?? 3000,
    from: options.from ?? 0.5,
    maxUnits: options.maxUnits ?? 8000,
    share: options.share ?? 1,
    calls: bulkhead?.calls ?? 16,
    waiting: bulkhead?.waiting ?? 256,
    breaker:
      breaker === false
        ? undefined
        : { failures: breaker.failures ?? 0.5, of: breaker.of ?? 20, againAfterMs: breaker.againAfterMs ?? 10_000 },
    retry: { most: retry.most ?? 1, share: retry.share ?? 0.1 },
    cache: cache === false ? undefined : { entries: cache.entries ?? 10_000, forMs: cache.forMs ?? 300_000 },
    batchMs: options.batchMs ?? 5,
    limit: options.limit,
    price: options.price ?? { input: 0, output: 0 },
    hashKey: options.hashKey,
    onJudgement: options.onJudgement,
  };
}

/** Fields that are left out keep their defaults, as far as those fit the fields that are given. */
function windowOf(given: Partial<GrowingWindow>, ofItsKind: Partial<GrowingWindow>): GrowingWindow {
  const usual = { ...JUDGE_WINDOW, ...ofItsKind };
  const { step, overlap, clockMs, inFlight } = { ...usual, ...defined(given) };
  const first = given.first ?? Math.min(usual.first ?? step, step);
  const margin = given.margin ?? Math.max(0, Math.min(usual.margin ?? 0, overlap ?? 0, first - 1));
  return { first, step, overlap, margin, clockMs, inFlight } as GrowingWindow;
}

/** `undefined` is what was not given. */
const defined = <T extends object>(given: T): T =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;
