import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Decision } from '@flyball/core/adapter';

/** Where a governed body goes: what is written here is on the wire. */
export interface Outlet {
  /** True once the head has left: a status can no longer be chosen. */
  readonly sent: boolean;
  /** Whatever is written here has left already, by itself. */
  readonly passive?: true;
  /** Returns false when the producer should wait for `drain`. */
  write(chunk: string | Uint8Array): boolean;
  /** `edited`: the body is not the one that its headers describe. */
  end(body: string | Uint8Array, edited?: boolean): void;
  /** The stop comes before anything left: a refusal with a status of its own. */
  refuse(decision: Decision): void;
  /** The stop comes later: `ending` closes the protocol. */
  cut(decision: Decision, ending: string | Uint8Array): void;
  /**
   * The answer is not complete, and its protocol has no words for that: the connection breaks, so that nobody takes it
   * for whole.
   */
  breakOff(decision: Decision): void;
  /** Governance itself broke: nothing more may leave. */
  fail(error: unknown): void;
  /** Everything taken so far has been dealt with. */
  drained(): void;
}

/** How a body is handed on: complete, piece by piece as governance releases it, or piece by piece as it comes. */
export type Delivery = 'whole' | 'streamed' | 'untouched';

/** A body on its way through governance. */
export interface GovernedBody {
  /** Returns false when the producer should wait for `drain`. */
  write(chunk: string | Uint8Array): boolean;
  end(): void;
  /** The client has left, or the application gave up: what is held is dropped. */
  abort(): void;
  /** The application wants no more of it: a stream ends as its protocol ends. Absent: it has no end but its own. */
  stop?(): void;
}

/** A chunk that is kept: a producer may reuse its buffer as soon as it was told that the chunk was taken. */
export function kept(chunk: string | Uint8Array): string | Uint8Array {
  return typeof chunk === 'string' ? chunk : Uint8Array.from(chunk);
}

export function bytesOf(chunk: string | Uint8Array): Uint8Array {
  return typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

/** A response whose body is about to begin. */
export interface BodySource {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  /** A header of the response, however it was given. */
  header(name: string): string | undefined;
  /** Bytes of the body, where they are known beforehand. */
  readonly length: number | undefined;
  /** The first chunk is the last one too. */
  readonly complete: boolean;
  outlet(delivery: Delivery): Outlet;
  /** Lets what cannot be judged leave as it is. */
  passOn(body: Uint8Array): void;
  /** What leaves is not encoded, although the application said so. */
  decoded(): void;
}
