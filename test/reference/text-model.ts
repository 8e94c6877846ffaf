import { Language } from './language.ts';
import type { Span } from './spans.ts';
import {
  alone,
  codePointOf,
  firstHalf,
  isFirst,
  isHigh,
  isLow,
  isSecond,
  secondHalf,
  symbolsOf,
  type Symbol,
} from './symbols.ts';

/** What to look for. A phrase is written as the expression it means. */
export interface ReferencePattern {
  readonly type: string;
  readonly find: RegExp;
  /** Look-alikes are read as what they imitate, invisible characters not at all. */
  readonly fold?: boolean;
  /** Sees the candidate as the pattern reads it: folded, if it is. */
  readonly validate?: (match: string) => boolean;
  /** Sees what stands before the candidate too, up to so many units. */
  readonly context?: { readonly before: number; readonly accepts: (match: string, before: string) => boolean };
  /**
   * What the validator is asked about: every candidate (default), or as a search would find them, one after the other.
   */
  readonly candidates?: 'all' | 'leftmost-longest';
}

/** How folding reads a code point: as other text, as nothing (`''`), or as itself (`undefined`). */
export type Fold = (codePoint: number) => string | undefined;

/** An accepted match. */
export interface KnownSpan extends Span {
  readonly pattern: number;
}

interface Candidate {
  readonly start: number;
  configs: readonly number[];
}

/** One pattern over one text that arrives unit by unit. */
class Reading {
  readonly #pattern: ReferencePattern;
  readonly #language: Language;
  readonly #fold: Fold;
  #candidates: Candidate[] = [];
  #previous: Symbol | undefined;
  /** Where a match ends that the next symbol confirms. */
  #end = 0;

  constructor(pattern: ReferencePattern, fold: Fold) {
    this.#pattern = pattern;
    this.#language = languageOf(pattern.find);
    this.#fold = fold;
  }

  /** Oldest start of a candidate that may still become a match. */
  get oldest(): number {
    return this.#candidates[0]?.start ?? Number.POSITIVE_INFINITY;
  }

  read(symbol: Symbol, at: number, found: (span: Span) => void): void {
    const pair = isFirst(symbol) ? 2 : 1;
    const folded = this.#pattern.fold === true && !isSecond(symbol) ? this.#fold(codePointOf(symbol)) : undefined;
    if (folded === undefined) {
      if (this.#pattern.fold === true && isSecond(symbol) && this.#fold(codePointOf(symbol)) !== undefined) return;
      this.#letter(symbol, at, at + 1, found);
    } else for (const letter of symbolsOf(folded)) this.#letter(letter, at, at + pair, found);
  }

  end(found: (span: Span) => void): void {
    for (const { start, configs } of this.#candidates) {
      if (this.#language.step(configs, undefined).matchedBefore) found({ start, end: this.#end });
    }
    this.#candidates = [];
  }

  #letter(letter: Symbol, at: number, end: number, found: (span: Span) => void): void {
    const candidates = [...this.#candidates, { start: at, configs: this.#language.begin(this.#previous) }];
    for (const candidate of candidates) {
      const { start, configs } = candidate;
      const step = this.#language.step(configs, letter);
      if (step.matchedBefore && start < this.#end) found({ start, end: this.#end });
      if (step.matched) found({ start, end });
      candidate.configs = step.configs;
    }
    this.#candidates = candidates.filter(({ configs }) => configs.length > 0);
    this.#previous = letter;
    this.#end = end;
  }
}

/**
 * One text, looked at by all patterns while it arrives. `hold` is H(n) of the contract: the smallest offset that some
 * continuation could still make part of a match, before validation. Half a surrogate pair is no text until what follows
 * shows it.
 */
export class TextModel {
  readonly spans: KnownSpan[] = [];
  readonly #patterns: readonly ReferencePattern[];
  readonly #readings: readonly Reading[];
  readonly #fold: Fold;
  /** Candidates that are not asked about yet, and how far those that were reach, by pattern. */
  readonly #waiting: Span[][];
  readonly #settledTo: number[];
  #text = '';
  #read = 0;

  constructor(patterns: readonly ReferencePattern[], fold: Fold) {
    this.#patterns = patterns;
    this.#fold = fold;
    this.#waiting = patterns.map(() => []);
    this.#settledTo = patterns.map(() => 0);
    this.#readings = patterns.map((pattern) => new Reading(pattern, fold));
  }

  get hold(): number {
    if (this.#readings.length === 0) return this.#text.length;
    return Math.min(this.#read, ...this.#readings.map(({ oldest }) => oldest));
  }

  write(unit: string): void {
    this.#text += unit;
    const last = this.#text.length - 1;
    while (this.#read <= last) {
      const here = this.#text.charCodeAt(this.#read);
      if (!isHigh(here)) this.#see(alone(here));
      else if (this.#read === last) return;
      else if (isLow(this.#text.charCodeAt(this.#read + 1))) {
        const codePoint = this.#text.codePointAt(this.#read)!;
        this.#see(firstHalf(codePoint));
        this.#see(secondHalf(codePoint));
      } else this.#see(alone(here));
    }
  }

  end(): void {
    while (this.#read < this.#text.length) this.#see(alone(this.#text.charCodeAt(this.#read)));
    for (const [pattern, reading] of this.#readings.entries()) reading.end((span) => this.#found(pattern, span));
    for (const pattern of this.#patterns.keys()) this.#settle(pattern);
  }

  #see(symbol: Symbol): void {
    for (const [pattern, reading] of this.#readings.entries())
      reading.read(symbol, this.#read, (span) => this.#found(pattern, span));
    this.#read++;
    for (const pattern of this.#patterns.keys()) this.#settle(pattern);
  }

  #found(pattern: number, span: Span): void {
    const { candidates } = this.#patterns[pattern]!;
    if (candidates !== 'leftmost-longest') this.#ask(pattern, span);
    else if (span.start >= this.#settledTo[pattern]!) this.#waiting[pattern]!.push(span);
  }

  /** Asks about the leftmost longest candidates that nothing older or longer can replace any more. */
  #settle(pattern: number): void {
    for (;;) {
      const waiting = this.#waiting[pattern]!;
      const start = Math.min(...waiting.map((span) => span.start));
      if (waiting.length === 0 || this.#readings[pattern]!.oldest <= start) return;
      const end = Math.max(...waiting.filter((span) => span.start === start).map((span) => span.end));
      this.#ask(pattern, { start, end });
      this.#settledTo[pattern] = end;
      this.#waiting[pattern] = waiting.filter((span) => span.start >= end);
    }
  }

  #ask(pattern: number, { start, end }: Span): void {
    const { validate, fold, context } = this.#patterns[pattern]!;
    const asRead = (from: number, to: number): string =>
      fold === true ? this.#folded(from, to) : this.#text.slice(from, to);
    if (validate !== undefined && !validate(asRead(start, end))) return;
    if (context !== undefined) {
      const before = asRead(Math.max(0, start - context.before), start);
      if (!context.accepts(asRead(start, end), before)) return;
    }
    this.spans.push({ pattern, start, end });
  }

  #folded(start: number, end: number): string {
    return Array.from(
      this.#text.slice(start, end),
      (character) => this.#fold(character.codePointAt(0)!) ?? character,
    ).join('');
  }
}

const languages = new WeakMap<RegExp, Language>();

function languageOf(find: RegExp): Language {
  let language = languages.get(find);
  if (language === undefined) languages.set(find, (language = new Language(find)));
  return language;
}
