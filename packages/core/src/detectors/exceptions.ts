/**
 * What a policy excepts from a recogniser, decided as exactly in a stream as in a whole text: what a match may still
 * become is waited for. `ann@acme.example` may be the beginning of `ann@acme.example.org`, which is an address of
 * somebody else.
 */
import { headsOf, withHeads } from '../detection/heads.ts';
import { announcingLettersOf, withAnnouncing } from '../detection/key-worded.ts';
import type { Recogniser } from '@flyball/detectors';
import type { PatternContext } from '../contract/detector.ts';

/**
 * By `keyOfProbe`: whether an expression matches a text as a whole. Made by the scanner, so that no text makes it slow.
 */
export type Probes = ReadonlyMap<string, (text: string) => boolean>;

export const keyOfProbe = ({ pattern, flags }: { readonly pattern: string; readonly flags: string }): string =>
  `/${pattern}/${flags}`;

/** Most units that a match may go on for: what follows it is seen that far. */
const LOOK = 256;

const AT = /@|%40|&#64;|&commat;/g;

/** True for a recogniser of addresses: its examples have an `@` and a domain behind it. */
export function hasDomain({ finds }: Recogniser): boolean {
  return finds.some((text) => /«[^»]*(?:@|%40|&#64;|&commat;)[^»]*\.[a-z]{2,}»/i.test(text));
}

/** Whether a finding is excepted. */
export interface ExceptionRules {
  readonly domains: readonly string[];
  readonly probes: readonly ((text: string) => boolean)[];
}

function hostOf(match: string): string | undefined {
  const at = [...match.matchAll(AT)].at(-1);
  return at === undefined ? undefined : match.slice(at.index + at[0].length).toLowerCase();
}

function isExcepted(match: string, { domains, probes }: ExceptionRules): boolean {
  if (probes.some((probe) => probe(match))) return true;
  const host = domains.length === 0 ? undefined : hostOf(match);
  if (host === undefined) return false;
  return domains.some((domain) => (domain.startsWith('*') ? host.endsWith(domain.slice(1)) : host === domain));
}

/** True when what follows could make an excepted finding of one that is none yet. */
function mayBecomeExcepted(match: string, { domains, probes }: ExceptionRules): boolean {
  if (probes.length > 0) return true;
  const host = hostOf(match);
  return host !== undefined && domains.some((domain) => domain.startsWith('*') || domain.startsWith(host));
}

/** No domain is excepted in look-alike letters: `àcme.example` is somebody else's. */
function withoutLookAlikes(rules: ExceptionRules, written: string, read: string): ExceptionRules {
  if (written === read || hostOf(written) === hostOf(read)) return rules;
  return { ...rules, domains: [] };
}

/**
 * The context of a pattern, with exceptions. A candidate that is the beginning of an excepted finding is no finding
 * either: it is compared with the longest match from its start. `longest` finds that in a text that begins with the
 * candidate.
 */
export function exceptIn(
  context: PatternContext | undefined,
  all: ExceptionRules,
  longest: (text: string) => string | undefined,
): PatternContext {
  const accepted = (match: string, before: string, after: string | undefined): boolean | undefined => {
    if (context === undefined) return true;
    const first = context.accepts(match, before, undefined);
    return first === undefined && after !== undefined
      ? context.accepts(match, before, after.slice(0, context.after))
      : first;
  };
  const excepting: PatternContext = {
    before: context?.before ?? 0,
    after: Math.max(context?.after ?? 0, LOOK),
    accepts(match, before, after, written) {
      const rules = withoutLookAlikes(all, written ?? match, match);
      const answer = accepted(match, before, after);
      if (answer !== true) return answer;
      if (after !== undefined) return !isExcepted(longest(match + after) ?? match, rules);
      if (isExcepted(match, rules)) return false;
      return mayBecomeExcepted(match, rules) ? undefined : true;
    },
  };
  return withAnnouncing(withHeads(excepting, headsOf(context)), announcingLettersOf(context));
}
