/**
 * The form of what a pack holds. It has no code that runs: the governor's own packs and an application's are the same
 * kind of data.
 */

/**
 * A token that its issuer marks with a head: `ghp_` and what follows. The tokens of all packs that a policy names are
 * looked for at once, however many kinds there are: behind one of the heads, everything up to the first sign that is no
 * letter, digit, `_` or `-`.
 */
export interface Token {
  /** What the token begins with: letters, digits, `_` and `-`. */
  readonly heads: readonly string[];
  /** The whole token, head included. */
  readonly whole: RegExp;
}

/** One way in which a recogniser's data is written. */
export interface Form {
  /**
   * A regular expression as the scanner takes it ([patterns](../../../docs/reference/patterns.md)), or a token by its
   * head. Expressions that are equal in source and flags are looked for once: share them where many formats have one
   * shape.
   */
  readonly find: RegExp | Token;
  /** Confidence, above 0 and at most 1. */
  readonly score: number;
  /**
   * Accepts or refuses a candidate: a check digit, a date. Pure. Sees what the pattern reads: folded, if the recogniser
   * is.
   */
  readonly validate?: (match: string) => boolean;
  /**
   * Key words, one of which must stand near: within 60 units before the match or 40 behind it. Written in lower case
   * with spaces: `tax id` is also `Tax-ID`, `tax_id`, `taxId` and `TAXID`. Absent: the form decides alone.
   */
  readonly near?: readonly string[];
  /** Key words that refuse a match when they stand right before it, with nothing but signs and spaces in between. */
  readonly notBehind?: readonly string[];
  /** For what key words cannot say: decides by the 60 units before a match. */
  readonly accepts?: (match: string, before: string) => boolean;
  /**
   * For forms with `accepts`: it refuses a match unless the letters of one of these stand in the 60 units before it, in
   * any case and with anything but letters and digits between them. Nothing is then looked at where none of them do.
   */
  readonly announcedBy?: readonly string[];
  /**
   * For phrases: `upTo` is the phrase up to the end of the match, an expression that ends with `$`; `behind` is what
   * follows, one that begins with `^`; both read text as `plainWords` makes it. 160 units before and 100 behind are
   * looked at. The scanner then looks for one rare word of a phrase, and not for all of its words at once. A phrase
   * that is only mentioned (`attacks such as "..."`) is none.
   */
  readonly phrase?: { readonly upTo: RegExp; readonly behind?: RegExp };
  /** The host that a match would reach, in lower case: one that the policy's `allow_hosts` name lets it through. */
  readonly host?: (match: string) => string | undefined;
}

/**
 * What no expression says, and code of the governor looks for:
 *
 * - `decoded`: what the recognisers of `parts` of the same pack find, in what a text encodes;
 * - `prompt`: text of the interaction's own system prompt.
 */
export type Looking = { readonly for: 'decoded'; readonly parts: readonly string[] } | { readonly for: 'prompt' };

/** One type of data and how it is told from everything else. One per file. */
export interface Recogniser {
  /** Signal type, general to special: `pii.national_id.pl_pesel`. */
  readonly type: string;
  /** What a person calls it: `PESEL (Poland)`. */
  readonly name: string;
  /** None where `looking` says what else decides. */
  readonly forms: readonly Form[];
  readonly looking?: Looking;
  /**
   * Read look-alikes as what they imitate and skip invisible characters. For what people read; a program takes a secret
   * only as it was issued. Default false.
   */
  readonly fold?: boolean;
  /**
   * True when a match cannot go on behind its end, and is at most 256 units long: single literals can then be let
   * through with `except`. Default true.
   */
  readonly exceptable?: boolean;
  /** Who defines the format: a standard, a law, the issuer's page. */
  readonly source: string;
  /** Version of the package that first had it. */
  readonly since: string;
  /**
   * Invented texts with the match in `«»`. `{hex:32}`, `{base62:20}`, ... stand for random signs: see `examples.ts`.
   */
  readonly finds: readonly string[];
  /** The system prompt of the examples, for `looking: { for: 'prompt' }`. */
  readonly prompt?: string;
  /** Texts in which this recogniser finds nothing. */
  readonly ignores: readonly string[];
  /** What it is known not to find, or to find wrongly. */
  readonly limits?: string;
}

/** Recognisers under one name that a policy can `use`. */
export interface Pack {
  /** `pii`, `acme`. */
  readonly name: string;
  /** Changes whenever findings may change. */
  readonly version: string;
  /** By part: `use: pii/de` takes one, `use: pii` all that are not `onRequest`. */
  readonly parts: { readonly [part: string]: readonly Recogniser[] };
  /** Parts that only their own name takes, because they are less precise. */
  readonly onRequest?: readonly string[];
}
