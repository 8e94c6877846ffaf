import type { GateLeaf } from '@flyball/core/adapter';

/** One text of an event on its way through the gate. */
export interface Part {
  /** Where it stands: `data.choices[0].delta.content`; `field` beside the data. */
  readonly path: string;
  readonly text: string;
  /**
   * No edit can be written to where it stands (a number, a name, a comment): what would have to be masked there stops
   * the stream.
   */
  readonly fixed: boolean;
  /**
   * Half of it may leave when the stream is stopped: half a sentence is what the gate released, half a record is worse
   * than none.
   */
  readonly divisible: boolean;
  /** Its text in the gate, where it is one of its own. */
  leaf?: GateLeaf<Part> | undefined;
  /** The block it is a piece of, where it is one. */
  block?: string;
  /** What has been released of it. */
  released: string | undefined;
  /** It was released to its end. */
  done: boolean;
}

export function newPart(path: string, text: string, fixed: boolean, divisible: boolean): Part {
  return { path, text, fixed, divisible, released: undefined, done: false };
}

/** True when everything of it that may leave has left the gate. */
export function isDone(part: Part): boolean {
  return part.done || part.released === part.text || part.leaf?.done === true;
}

/** Something of it was masked, or cut out. */
export function isEdited(part: Part): boolean {
  return (part.released ?? '') !== part.text;
}

/**
 * It leaves as it came: nothing objects, or it was judged before and found clean. A part may be kept: what judged it is
 * not.
 */
export function pass(part: Part): void {
  part.released = part.text;
  part.done = true;
  part.leaf = undefined;
}

/** True when it has left as it came. */
export function hasPassed(part: Part): boolean {
  if (!isDone(part) || isEdited(part)) return false;
  pass(part);
  return true;
}
