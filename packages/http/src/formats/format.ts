import type { Problem } from '../problem.ts';
import type { Shape } from './shape.ts';

export type EventData = { readonly [key: string]: unknown };

/** One event of a stream as a format sees it. */
export interface StreamEvent {
  /** Its name on the wire (`event:` of SSE), where it has one. */
  readonly name: string | undefined;
  /** Its data, parsed where it is JSON. */
  readonly data: unknown;
}

/** What an event means to the gate. */
export interface EventReading {
  readonly shape: Shape;
  /** Blocks that are complete once the event's own text is judged, by the beginning of what tells them apart. */
  readonly ends?: readonly string[];
  /** It announces text and shows nothing: while only such events have come, a block is still a plain refusal. */
  readonly quiet?: boolean;
  /** It only keeps the connection alive: it need not wait for the text before it. */
  readonly ping?: boolean;
  /** The format remembers its text, for the ending. */
  readonly remembers?: boolean;
}

/** An event to put on the wire. */
export interface WireEvent {
  readonly event?: string;
  readonly data: string;
  /** Of no protocol: a client that reconnects by itself must be told not to. */
  readonly final?: true;
}

/** One protocol of streamed output, and how far one stream of it has come. */
export interface StreamFormat {
  /** How the event is to be read, or undefined when it is not an event of this protocol. */
  read(event: StreamEvent): EventReading | undefined;
  /** The event has left as it stands here: what the client now waits for has changed. */
  left(event: StreamEvent): void;
  /** What closes everything that is open and tells the client that the answer was cut, as this protocol says it. */
  ending(problem: Problem): readonly WireEvent[];
}

export function isObject(value: unknown): value is EventData {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const str = (value: unknown): string => (typeof value === 'string' ? value : '');

/** True when the object has no members but these: an application's own event of the same `type` has more, or others. */
export function hasOnly(data: EventData, ...names: readonly string[]): boolean {
  for (const name in data) if (!names.includes(name)) return false;
  return true;
}

/** Data of an event as JSON. */
export function wire(data: unknown, event?: string): WireEvent {
  return { ...(event !== undefined && { event }), data: JSON.stringify(data) };
}

/** What a client may know of a stop, for protocols that carry data of their own. */
export function notice({ reason, auditId, interactionId, type, title, detail }: Problem): Omit<Problem, 'status'> {
  return { type, title, detail, reason, auditId, interactionId };
}
