import type { Role } from '@flyball/core';

/** One text that is to be judged, no longer than the judge reads at once. */
export interface Passage {
  readonly text: string;
  readonly role: Role;
}

/** Something a judge says about a passage. Without a place it is about all of it. */
export interface Score {
  readonly type: string;
  /** 0 to 1. */
  readonly score: number;
  readonly start?: number;
  readonly end?: number;
}

export interface Opinion {
  readonly scores: readonly Score[];
}

export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface Answers {
  /** One for each passage, in their order. */
  readonly opinions: readonly Opinion[];
  /** Absent: the other side does not say. */
  readonly usage?: Usage | undefined;
}

/** What one kind of judge knows: how its model is asked, and how its answer is read. */
export interface Asker {
  /** Id of the detector. */
  readonly id: string;
  /** Everything that may change its opinions: model, prompt, categories. Part of the behaviour version. */
  readonly version: string;
  /** Every signal type that it may report. */
  readonly types: readonly string[];
  /** Passages that one call may hold. Default 1. */
  readonly batch?: number;
  /**
   * Throws a `JudgeError` for what went wrong; anything else counts as out of reach. An answer that is not of the
   * declared form is a failure and never harmless. End when `signal` aborts: a call that goes on keeps its place in
   * the bulkhead.
   */
  ask(passages: readonly Passage[], signal: AbortSignal): Promise<Answers>;
}
