import type { Piece } from '@flyball/core/adapter';

import type { EventReading, StreamFormat } from '../formats/format.ts';
import type { Frame } from '../framing/frame.ts';
import type { ValuesByPath } from './event-values.ts';
import type { Part } from './part.ts';

/** An event on its way through the gate. */
export interface Entry {
  readonly frame: Frame;
  readonly data: unknown;
  readonly format: StreamFormat | undefined;
  readonly reading: EventReading | undefined;
  readonly parts: Part[];
  /** Its values repeat each other's text: a mask in one is no mask in all. */
  repeats: boolean;
  /** Its number in the stream. */
  readonly at: number;
}

/** Data of an event that equals the one before it: nobody needs it parsed, unless a mask has to be written. */
export const NOT_PARSED: unknown = {};

export function addPart(entry: Entry, part: Part): Part {
  entry.parts.push(part);
  return part;
}

export function isText(piece: Piece<Part>, block: string, text: string): boolean {
  return piece.kind === 'text' && piece.text === text && piece.block === block && piece.leaf === undefined;
}

/** What tells a block apart: the value at a path of the event, or the position in a list where there is none. */
export function valueOf(
  values: ValuesByPath,
  id: string | { readonly path: string; readonly position: string },
): string {
  const path = typeof id === 'string' ? id : id.path;
  return values.textAt(path) ?? (typeof id === 'string' ? '' : id.position);
}
