import type { Governor, Json, Subject } from '@flyball/core';

export type MaybePromise<T> = T | Promise<T>;

/** What the author of an adapter writes for the suite: the real framework, with a fake where the model would be. */
export interface AdapterHarness {
  /** An application of the framework, governed by this governor the way its documentation says. */
  open(governor: Governor, setup: AppSetup): MaybePromise<GovernedApp>;
}

/** What an application may say of its own. */
export interface AppSetup {
  /**
   * Its words for a refusal, where it has some: hand them to the adapter's option for it. They may throw, or answer
   * something else than text.
   */
  readonly wording?: () => string;
  /**
   * What is governed (an agent, a chain) is made once, before anybody asks, and serves every request: whose request it
   * is, it asks with each. A server is made so anyway.
   */
  readonly madeOnce?: true;
}

export interface GovernedApp {
  /** One request, from the prompt to the end of its answer. Many may run at once. */
  ask(request: Ask): Promise<Answer>;
  close(): MaybePromise<void>;
}

/**
 * One request. A harness that cannot carry out a part of it (tools, say) throws: the case fails, and its author lists
 * it with the reason.
 */
export interface Ask {
  /**
   * Who asks, as the application's own code would have established it: what its resolver answers, be it nonsense.
   * `undefined`: it could not be established.
   */
  readonly subject: Subject | undefined;
  readonly prompt: string;
  /** What was said before in this conversation; it comes again with the prompt. */
  readonly earlier?: readonly Said[];
  /** The answer is declared to be JSON, as the framework has it declared: the text of its turn is JSON. */
  readonly json?: true;
  /**
   * What the source of the answer (a model, a handler) says, one turn for each time it is asked; the last one repeats.
   */
  readonly turns: readonly Turn[];
  readonly tools?: { readonly [name: string]: (args: Json) => MaybePromise<Json> };
  /** Whether the answer is delivered as it is written. */
  readonly stream: boolean;
  /** To be called with each piece of answering text when it reaches the reader. Only streams need to. */
  readonly onText?: (text: string) => void;
  /** Aborts when the reader leaves: drop the connection, cancel the stream. */
  readonly leave?: AbortSignal;
}

export interface Said {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

export type Turn = readonly Step[];

export type Step =
  /** A delta of the answer. Blocks that are open at the same time have different names; default `a`. */
  | { readonly kind: 'text' | 'reasoning'; readonly text: string; readonly block?: string }
  /**
   * What the source says beside its answer, wherever the framework carries such things: what it cites, a note in the
   * metadata, another field.
   */
  | { readonly kind: 'beside'; readonly text: string }
  /** A call of a tool. `written` is the JSON as the model wrote it, where that matters. */
  | { readonly kind: 'call'; readonly tool: string; readonly args: Json; readonly written?: string }
  /** Something that happens at this point, elsewhere: wait for it before the next step. */
  | { readonly kind: 'meanwhile'; readonly run: () => Promise<void> }
  /** The source itself fails. */
  | { readonly kind: 'fail'; readonly message: string };

/** What came of a request. Everything is said as its receiver saw it: nothing is read from the governor. */
export interface Answer {
  /** The answer's text as a reader sees it, of all turns, without the adapter's own words of refusal. */
  readonly text: string;
  readonly reasoning: string;
  /**
   * Everything that reached the reader's side, as text: deltas joined by block, metadata, tool calls and results,
   * refusals, errors. It is searched for what must not be there.
   */
  readonly received: string;
  /**
   * `complete`: as the source ended it. `stopped`: cleanly, by governance. `failed`: an error, or a broken connection.
   */
  readonly ending: 'complete' | 'stopped' | 'failed';
  /**
   * What the reader was told about a stop of the request or of its answer (not of a tool call that the model was told
   * of).
   */
  readonly denial?: ToldDenial;
  /** What the source was given, as text, once for each time it was asked. */
  readonly asked: readonly string[];
  /** Tools that really ran, in order. */
  readonly ran: readonly { readonly tool: string; readonly args: Json }[];
  /** Whether the source was told to stop before it had said everything. */
  readonly cancelled: boolean;
}

/** Who is told of a stop learns no more than this (E3), and can tell these three apart (E5). */
export interface ToldDenial {
  readonly kind: 'blocked' | 'cooldown' | 'not_evaluated';
  readonly reason: string;
  readonly auditId: string;
  readonly retryAfterMs?: number;
}
