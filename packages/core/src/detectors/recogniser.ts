import type { Form, Recogniser, Token } from '@flyball/detectors';
import type { Detector, DetectorInfo, Pattern, PatternContext } from '../contract/detector.ts';
import { withHeads } from '../detection/heads.ts';
import { lettersOf, plainWords } from '../detection/key-letters.ts';
import { NEAR_AFTER, NEAR_BEFORE, withAnnouncing, withKeyWords } from '../detection/key-worded.ts';
import { defineDetector, infoOf } from './detector.ts';
import { type ExceptionRules, exceptIn, keyOfProbe, type Probes } from './exceptions.ts';
import { phraseContext } from './phrase-context.ts';
import { endsInKeyWord, hasKeyWord, keyLetters } from './key-words.ts';

/** A recogniser of a pack, with what a policy says about it. */
export interface UsedRecogniser {
  readonly recogniser: Recogniser;
  /** Version of its pack. */
  readonly version: string;
  /** Literals that it lets through, compared without regard to case. */
  readonly except: readonly string[];
  /** Domains whose addresses it lets through. */
  readonly domains?: readonly string[];
  /** Expressions: what one of them matches as a whole is let through. */
  readonly patterns?: readonly { readonly pattern: string; readonly flags: string }[];
  /** Hosts to which its matches may lead: `acme.example`, or `*.acme.example` for what is below. */
  readonly allowHosts?: readonly string[];
  /** Units at the end of each match that stay. */
  readonly keepLast?: number;
}

/** A recogniser as a detector. `tokens` finds the tokens of everything that the policy uses. */
export function detectorOf(
  { recogniser, version, except, domains = [], patterns: written = [], allowHosts = [], keepLast }: UsedRecogniser,
  tokens: RegExp | undefined,
  probes: Probes = new Map(),
): Detector {
  const { type } = recogniser;
  const forms =
    allowHosts.length === 0 ? recogniser.forms : recogniser.forms.map((form) => withHosts(form, allowHosts));
  const excepted = exceptedBy(except);
  const rules: ExceptionRules = {
    domains,
    probes: written.flatMap((pattern) => probes.get(keyOfProbe(pattern)) ?? []),
  };
  const patterns = forms.map((form) => {
    const pattern = { ...patternOf(recogniser, form, excepted, tokens), ...(keepLast !== undefined && { keepLast }) };
    if (domains.length + rules.probes.length === 0) return pattern;
    return { ...pattern, context: exceptIn(pattern.context, rules, longestOf(form)) };
  });
  return defineDetector({ id: type, version, types: [type], patterns });
}

/** The longest match of a form from the start of a text. */
function longestOf({ find }: Form): (text: string) => string | undefined {
  const { source, flags } = isToken(find) ? find.whole : find;
  const sticky = new RegExp(source, `${flags}y`);
  return (text) => {
    sticky.lastIndex = 0;
    return sticky.exec(text)?.[0];
  };
}

export function recogniserInfo({
  recogniser: { type, looking },
  version,
  except,
  domains = [],
  patterns = [],
  allowHosts = [],
  keepLast,
}: UsedRecogniser): DetectorInfo {
  const literals = [...new Set(except.map(plain))].toSorted();
  const content =
    domains.length + patterns.length + allowHosts.length > 0 || keepLast !== undefined
      ? JSON.stringify({
          literals,
          domains,
          patterns: patterns.map(keyOfProbe),
          ...(allowHosts.length > 0 && { allowHosts }),
          ...(keepLast !== undefined && { keepLast }),
        })
      : except.length === 0
        ? undefined
        : JSON.stringify(literals);
  const kind = looking === undefined ? { patterns: [] } : { detect: () => [] };
  return infoOf({ id: type, version, types: [type], ...kind }, content);
}

/** True when the policy can say which hosts its matches may lead to. */
export const leadsToHosts = ({ forms }: Recogniser): boolean => forms.some(({ host }) => host !== undefined);

function withHosts(form: Form, allowed: readonly string[]): Form {
  const { host, accepts } = form;
  if (host === undefined) return form;
  return {
    ...form,
    accepts: (match, before) => !isAllowed(host(match), allowed) && (accepts === undefined || accepts(match, before)),
  };
}

/** `acme.example` is that host alone; `*.acme.example` is what is below it, as in a content security policy. */
function isAllowed(host: string | undefined, allowed: readonly string[]): boolean {
  if (host === undefined || host === '') return false;
  return allowed.some((entry) => (entry.startsWith('*.') ? host.endsWith(entry.slice(1)) : host === entry));
}

/** True when the recogniser would report the literal, standing alone or beside a key word, as a whole. */
export function matchesWhole({ forms }: Recogniser, literal: string): boolean {
  return forms.some(({ find, validate }) => {
    const { source, flags } = isToken(find) ? find.whole : find;
    return new RegExp(`^(?:${source})$`, flags).test(literal) && (validate === undefined || validate(literal));
  });
}

export const isToken = (find: Form['find']): find is Token => !(find instanceof RegExp);

function patternOf(
  { type, fold = false }: Recogniser,
  form: Form,
  excepted: Excepted | undefined,
  tokens: RegExp | undefined,
): Pattern {
  const { find, score } = form;
  const base = { type, score, fold };
  const validate = validatorOf(form, excepted);
  if (!isToken(find) && !looksAround(form)) return { ...base, find, ...(validate !== undefined && { validate }) };
  // Beside a key word the check waits for the candidate: equal expressions are then looked for once. Otherwise the
  // scanner asks it for every start, so that nothing hides behind what stands before.
  if (form.phrase !== undefined) return { ...base, find: find as RegExp, context: phraseContext(form.phrase) };
  if (isToken(find) || form.near !== undefined)
    return { ...base, find: isToken(find) ? tokens! : find, context: contextOf(form, validate) };
  return { ...base, find, ...(validate !== undefined && { validate }), context: contextOf(form, undefined) };
}

const looksAround = ({ near, notBehind, accepts, phrase }: Form): boolean =>
  near !== undefined || notBehind !== undefined || accepts !== undefined || phrase !== undefined;

/** Checks first: they are cheap, and what they refuse never waits for a key word. */
function contextOf(form: Form, validate: Form['validate']): PatternContext {
  const { find, accepts } = form;
  const token = isToken(find) ? find : undefined;
  const whole = token === undefined ? undefined : new RegExp(`^(?:${token.whole.source})$`, token.whole.flags);
  const near = form.near === undefined ? undefined : hasKeyWord(form.near);
  const refused = form.notBehind === undefined ? undefined : endsInKeyWord(form.notBehind);
  const context: PatternContext = {
    before: looksAround(form) ? NEAR_BEFORE : 0,
    after: near === undefined ? 0 : NEAR_AFTER,
    accepts(match, before, after) {
      if (after !== undefined) return near!(after);
      if (whole !== undefined && !whole.test(match)) return false;
      if (validate !== undefined && !validate(match)) return false;
      if (refused !== undefined && refused(before)) return false;
      if (accepts !== undefined && !accepts(match, before)) return false;
      return near === undefined || near(before) ? true : undefined;
    },
  };
  // All tokens of a policy are looked for at once, so nearly all that would be asked here are of another kind.
  const headed = withAnnouncing(
    withHeads(context, token?.heads),
    form.announcedBy?.map((words) => lettersOf(plainWords(words))),
  );
  return withKeyWords(headed, form.near === undefined ? undefined : keyLetters(form.near));
}

type Excepted = (match: string) => boolean;

/**
 * The validator sees every candidate of every end, in a stream as in a whole text, so what it refuses is refused
 * exactly. A literal's beginnings that would match by themselves (`help@acme.co` of `help@acme.co.example`) are refused
 * with it.
 */
function exceptedBy(except: readonly string[]): Excepted | undefined {
  if (except.length === 0) return undefined;
  const beginnings = new Set<string>();
  for (const literal of except.map(plain))
    for (let end = 1; end <= literal.length; end++) beginnings.add(literal.slice(0, end));
  return (match) => beginnings.has(plain(match));
}

function validatorOf({ validate }: Form, excepted: Excepted | undefined): Form['validate'] {
  if (excepted === undefined) return validate;
  return (match) => !excepted(match) && (validate === undefined || validate(match));
}

function plain(text: string): string {
  return text.trim().toLowerCase();
}
