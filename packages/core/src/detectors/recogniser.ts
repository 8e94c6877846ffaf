import type { Detector, DetectorInfo, Pattern } from '../contract/detector.ts';
import { defineDetector, infoOf } from './detector.ts';

/** One built-in type: what it looks like and how a candidate is told from a look-alike. */
export interface Recogniser {
  readonly type: string;
  /** Changes whenever its findings may change. */
  readonly version: string;
  readonly find: RegExp;
  /** Read look-alikes and skip invisible characters. For what people read; a program takes a secret only as it was issued. */
  readonly fold?: boolean;
  readonly validate?: (match: string) => boolean;
  /**
   * True when a match cannot go on behind its end, and is at most 256 units long: single literals can then be let through.
   * Open-ended tokens are reported from their head on, before anyone can know which literal they will become.
   */
  readonly exceptable: boolean;
}

/** A recogniser as a detector that leaves the given literals alone. They are compared without regard to case. */
export function detectorOf(
  { type, version, find, fold = false, validate }: Recogniser,
  except: readonly string[],
): Detector {
  const literals = new Set(except.map(plain));
  const pattern: Pattern = {
    type,
    find,
    fold,
    ...(validate === undefined && literals.size === 0 ? {} : { validate: accepts(literals, validate) }),
  };
  return defineDetector({ id: type, version, types: [type], patterns: [pattern] });
}

export function recogniserInfo({ type, version, find, validate }: Recogniser, except: readonly string[]): DetectorInfo {
  const shape: Pattern = { type, find, ...(validate === undefined ? {} : { validate }) };
  const content = except.length === 0 ? undefined : JSON.stringify([...new Set(except.map(plain))].toSorted());
  return infoOf({ id: type, version, types: [type], patterns: [shape] }, content);
}

/** True when the recogniser would report the literal, standing alone, as a whole. */
export function matchesWhole({ find, validate }: Recogniser, literal: string): boolean {
  const whole = new RegExp(`^(?:${find.source})$`, find.flags);
  return whole.test(literal) && (validate === undefined || validate(literal));
}

/**
 * The validator sees every candidate of every end, in a stream as in a whole text, so what it refuses is refused exactly.
 * A literal's beginnings that would match by themselves (`help@acme.co` of `help@acme.co.example`) are refused with it.
 */
function accepts(literals: ReadonlySet<string>, validate: Recogniser['validate']): (match: string) => boolean {
  const beginnings = new Set<string>();
  for (const literal of literals) for (let end = 1; end <= literal.length; end++) beginnings.add(literal.slice(0, end));
  const excepted = (match: string): boolean => beginnings.size > 0 && beginnings.has(plain(match));
  return (match) => !excepted(match) && (validate === undefined || validate(match));
}

function plain(text: string): string {
  return text.trim().toLowerCase();
}
