import type { DetectorInfo } from '../contract/detector.ts';
import { typeMatches } from '../contract/signal.ts';
import { didYouMean, listed } from '../suggest.ts';
import { typeCalled } from './document/synonyms.ts';

/**
 * Says what is wrong with a signal type, or `undefined` if some detector of the policy may report it or something below
 * it. `available` are the names that `use:` would take; `refused` are names of detectors that are wrong themselves, and
 * might have reported it.
 */
export function typeAdvisor(
  catalogue: readonly DetectorInfo[],
  available: readonly string[],
  refused: readonly string[] = [],
): (type: string) => string | undefined {
  const reported = [...new Set([...catalogue.flatMap(({ types }) => types), ...refused])];
  const isType = (name: string): boolean => name.includes('.');
  const types = [...new Set([...reported, ...available.filter(isType)])];
  const names = new Set([...types, ...types.map(above)].filter((name) => name !== ''));
  return (type) => {
    if (reported.some((known) => typeMatches(known, type))) return undefined;
    if (names.has(type)) {
      if (refused.length > 0) return undefined;
      const use = available.find((name) => name === type || typeMatches(name, type)) ?? type;
      return `no detector of this policy reports \`${type}\`; name one under \`detectors\`, such as \`- use: ${packOf(type, available) ?? use}\``;
    }
    const near = calledHere(type, names, available);
    return `no detector reports \`${type}\`${near === undefined ? didYouMean(type, names) || fallback(reported) : `; did you mean \`${near}\`?`}`;
  };
}

/** The type of somebody who wrote a pack's name (`secrets`, `pii/de`) or only its last part (`email`). */
function calledHere(wanted: string, names: ReadonlySet<string>, available: readonly string[]): string | undefined {
  const pack = wanted.split('/', 1)[0]!;
  const singular = pack.replace(/s$/, '');
  if (available.includes(wanted) && names.has(pack)) return pack;
  if (available.includes(wanted) && names.has(singular)) return singular;
  const last = wanted.toLowerCase().replace(/[\s-]+/g, '_');
  return (
    [...names].find((name) => name.endsWith(`.${last}`)) ??
    typeCalled(wanted, [...names]) ??
    [...names].find((name) => name.endsWith(`.${last.replace(/s$/, '')}`))
  );
}

/** The pack that has the type as a whole: `secrets` for `secret`. */
function packOf(type: string, available: readonly string[]): string | undefined {
  return available.find((name) => name === type || (name === `${type}s` && !name.includes('/')));
}

const fallback = (reported: readonly string[]): string => {
  const own = [...new Set(reported.map((type) => type.split('.', 1)[0]!))].slice(0, 8);
  return own.length === 0 ? '; name a detector under `detectors`' : `; there are ${listed(own)} and what is below them`;
};

/** `pii` of `pii.email`. */
const above = (type: string): string => type.slice(0, Math.max(0, type.lastIndexOf('.')));
