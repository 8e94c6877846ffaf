import type { Pattern } from '../../packages/core/src/contract/detector.ts';
import { detectorOf } from '../../packages/core/src/detectors/recogniser.ts';
import { PII } from '@flyball/detectors/pii';
import { SECRETS } from '@flyball/detectors/secrets';
import type { Arrival, Reaction } from '../reference/release.ts';
import { phraseExpression } from './phrase-expression.ts';
import type { ReferencePattern } from '../reference/text-model.ts';

/** A pattern as data. Exactly one of `source`, `phrase` and `builtIn`. */
export interface CasePattern {
  readonly type: string;
  /** The built-in recogniser of this type. */
  readonly builtIn?: string;
  readonly source?: string;
  readonly flags?: string;
  readonly phrase?: string;
  readonly marks?: true;
  readonly escapes?: true;
  readonly fold?: boolean;
  /** Accepts about two candidates in three, by a hash of the text: a validator as bad as they come. */
  readonly hash?: number;
  /** The validator is asked about leftmost longest candidates only. */
  readonly longest?: true;
}

/** What a gate is asked to do, as data: a corpus case without its answer. */
export interface GateCase {
  readonly patterns: readonly CasePattern[];
  /** By type. */
  readonly reactions: { readonly [type: string]: Reaction };
  readonly arrivals: readonly Arrival[];
  /** Most states the scanner may cache; absent: its default. */
  readonly maxStates?: number;
  /** Most units that may be held; the stream is stopped at the next one. Absent: no bound. */
  readonly maxHold?: number;
}

/** Recognisers of every shape: open-ended, validated, folded, with an eye on what stands before. */
const BUILT_IN = [
  ...['pii.email', 'pii.card', 'pii.ssn', 'secret.aws_access_key', 'secret.openai_key', 'secret.github_token'],
  ...['secret.private_key', 'secret.jwt'],
];
const RECOGNISERS = [PII, SECRETS].flatMap(({ parts }) => Object.values(parts).flat());

const builtIns = new Map(
  BUILT_IN.map((type) => {
    const recogniser = RECOGNISERS.find((one) => one.type === type)!;
    return [type, detectorOf({ recogniser, version: '1', except: [] }, undefined).patterns![0]!];
  }),
);

export const BUILT_IN_TYPES: readonly string[] = [...builtIns.keys()];

/** The pattern as a detector would declare it. */
export function toPattern(one: CasePattern): Pattern {
  const { type, builtIn, source, flags, phrase, marks, escapes, fold, hash, longest } = one;
  if (builtIn !== undefined) return { ...builtIns.get(builtIn)!, type };
  return {
    type,
    find: phrase === undefined ? new RegExp(source!, flags) : { phrase },
    ...(fold === undefined ? {} : { fold }),
    ...(marks === undefined ? {} : { marks }),
    ...(escapes === undefined ? {} : { escapes }),
    ...(hash === undefined ? {} : { validate: hashValidator(hash) }),
    ...(longest === true ? { candidates: 'leftmost-longest' } : {}),
  };
}

/** The pattern as the reference reads it. A phrase is a whole word in any case, folded unless it says otherwise. */
export function toReference(pattern: CasePattern): ReferencePattern {
  const { type, builtIn, phrase } = pattern;
  const { find, fold: declared, validate, candidates, context } = toPattern(pattern);
  const isFolded = declared ?? (builtIn === undefined && phrase !== undefined);
  // A pattern's own characters are folded like the text.
  const read = (text: string): string => (isFolded ? foldedText(text) : text);
  return {
    type,
    find: phrase === undefined ? asRead(find as RegExp, read) : phraseExpression(read(phrase), pattern),
    fold: isFolded,
    ...(validate === undefined ? {} : { validate }),
    ...(candidates === undefined ? {} : { candidates }),
    ...(context === undefined
      ? {}
      : { context: { ...context, accepts: (match, before) => context.accepts(match, before, undefined) === true } }),
  };
}

function asRead(find: RegExp, read: (text: string) => string): RegExp {
  const source = read(find.source);
  return source === find.source ? find : new RegExp(source, find.flags);
}

function hashValidator(seed: number): (match: string) => boolean {
  return (match) => {
    let hash = seed;
    for (let i = 0; i < match.length; i++) hash = (Math.imul(hash, 31) + match.charCodeAt(i)) | 0;
    return ((hash >>> 3) ^ (hash >>> 13)) % 3 !== 0;
  };
}

/** How folding reads the look-alikes that the texts use; from the Unicode character database, by hand. */
const LOOK_ALIKES = new Map<number, string>([
  [0x430, 'a'], // Cyrillic
  [0x410, 'A'],
  [0x212a, 'K'], // Kelvin sign
  [0x17f, 's'], // long s
  [0xff41, 'a'], // full width
  [0xff42, 'b'],
  [0xff11, '1'],
  [0xfb01, 'fi'], // ligature
  [0x1d41a, 'a'], // mathematical bold
  [0x2028, ' '], // line separator
  [0xe1, 'a'], // a letter with its mark
  [0xc1, 'A'],
  [0x301, ''], // a mark alone
  [0x200b, ''], // zero width space
  [0xad, ''], // soft hyphen
  [0xfe0f, ''], // variation selector
]);

export function fold(codePoint: number): string | undefined {
  return LOOK_ALIKES.get(codePoint);
}

function foldedText(text: string): string {
  return Array.from(text, (character) => fold(character.codePointAt(0)!) ?? character).join('');
}

/**
 * The arrivals with each text cut into pieces by `cut`, which is given the length left and answers the next piece's.
 */
export function chunked(arrivals: readonly Arrival[], cut: (left: number) => number): Arrival[] {
  return arrivals.flatMap((arrival) => {
    if (!('text' in arrival)) return [arrival];
    const pieces: Arrival[] = [];
    for (let at = 0; at < arrival.text.length;) {
      const length = Math.max(1, cut(arrival.text.length - at));
      pieces.push({ ...arrival, text: arrival.text.slice(at, at + length) });
      at += length;
    }
    return pieces;
  });
}
