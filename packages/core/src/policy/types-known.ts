import type { DetectorInfo } from '../contract/detector.ts';
import { typeMatches } from '../contract/signal.ts';
import { didYouMean } from '../suggest.ts';

/** Says what is wrong with a signal type, or `undefined` if some detector of the policy may report it or something below it. */
export function typeAdvisor(
  catalogue: readonly DetectorInfo[],
  available: readonly string[],
): (type: string) => string | undefined {
  const reported = [...new Set(catalogue.flatMap(({ types }) => types))];
  const known = [...reported, ...available];
  const names = new Set([...reported, ...known.map(above), ...available].filter((name) => name !== ''));
  return (type) => {
    if (reported.some((known) => typeMatches(known, type))) return undefined;
    const pack = available.find((name) => name === type || typeMatches(name, type));
    if (pack !== undefined)
      return `no detector of this policy reports \`${type}\`; name one under \`detectors\`, such as \`- use: ${pack}\``;
    return `no detector reports \`${type}\`${didYouMean(type, names) || '; name one under `detectors`'}`;
  };
}

/** `pii` of `pii.email`. */
const above = (type: string): string => type.slice(0, Math.max(0, type.lastIndexOf('.')));
