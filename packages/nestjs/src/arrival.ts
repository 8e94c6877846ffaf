import type { IncomingMessage, ServerResponse } from 'node:http';

import type { ArgumentsHost, ExecutionContext, HttpServer } from '@nestjs/common';
import type { Denial } from '@flyball/http';
import type { MaybePromise, Resource } from '@flyball/core/adapter';

import type { CallPrompts, UnknownTexts } from './call-prompts.ts';

/** The HTTP exchange behind a call: Node's own objects, below the platform's. */
export interface RawExchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
}

/** One call of a handler, as its transport delivers it. */
export interface Arrival {
  /** Tells this call from all others: whatever else governs it finds it by this object. */
  readonly key: object;
  /** Calls with the same object share one interaction: the resolvers of one GraphQL operation, say. */
  readonly shared: object;
  readonly resource: Resource;
  /** Present where the answer leaves through a response that can be gated. */
  readonly raw?: RawExchange;
  /**
   * The texts that came in. `extracted`: what the application found in their place. May throw for a payload that cannot
   * be read.
   */
  read(unknown: UnknownTexts): CallPrompts;
  /** What was parsed; edits are made in it. */
  readonly payload: unknown;
  /** Puts the edited payload in the place of the one that came. False: the transport cannot. */
  replace(payload: unknown): boolean;
}

/** How one kind of call reaches handlers, and how its callers are told of a stop. */
export interface Transport {
  /** What `ExecutionContext.getType()` answers for it. */
  readonly type: string;
  /**
   * `response`: the answer leaves through an HTTP response, and nothing else. `values`: handlers' values are sent one
   * by one. `both`: values, and what frameworks make of them leaves through a response.
   */
  readonly answers: 'response' | 'values' | 'both';
  arrival(context: ArgumentsHost): Arrival;
  /**
   * What is thrown to tell the caller, in the transport's own shape. `body`: the problem, or the application's words.
   */
  error(denial: Denial, body: object, context: ArgumentsHost): Error;
  /** A value as it is judged, where that is not the whole of it. */
  readonly split?: (value: unknown) => SplitValue;
  /** Tells the caller of a stop in another way than by an error: true where it has, and the answer just ends. */
  readonly tell?: (body: object, context: ArgumentsHost) => boolean;
  /** What of a handler's error its caller is shown. */
  readonly shown?: (error: unknown) => string | undefined;
  /** The last value of a stream that was stopped: whoever reads it meets the error. */
  readonly lastValue?: (error: Error) => unknown;
  /** Called once, before the application serves anything: what a transport must see of its platform. */
  readonly prepare?: (adapter: HttpServer | undefined) => void;
  /** Called before the handler: a transport may have to stand between it and its caller. */
  readonly before?: (context: ExecutionContext, judge: JudgeValue) => void;
  /**
   * Answers a gated response that was stopped. Absent: with problem details, or in the words of a provider's protocol.
   */
  readonly answer?: (body: object, raw: RawExchange, denial: Denial) => void;
  /** True where an answer is made of several values over time, and not of the one that the handler returns. */
  readonly isStream?: (context: ArgumentsHost) => boolean;
  /** Handlers of this transport are found by metadata on their class, or on their methods. */
  readonly marks?: { readonly class?: string; readonly method?: string };
}

/**
 * Judges what is sent beside the handler's answer: a value with masks in place, or what is told instead. At once where
 * nothing is enforced.
 */
export type JudgeValue = (value: unknown) => MaybePromise<{ readonly value: unknown } | { readonly denied: object }>;

/** The judged part of a value, and the rest around it. */
export interface SplitValue {
  readonly name?: string;
  readonly data: unknown;
  with(data: unknown): unknown;
}
