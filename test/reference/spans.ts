import { isHigh, isLow } from './symbols.ts';

/** A span of a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Every span of a complete text that the expression matches, found by trying each start and each end with `RegExp`. The
 * end is forced by a lookahead that counts what follows, so `$` and lookarounds see the text as it is.
 */
export function spansOf(find: RegExp, text: string): Span[] {
  const spans: Span[] = [];
  const unicode = /[uv]/.test(find.flags);
  // Between the halves of a pair there is no place for an expression that reads code points.
  const places = Array.from({ length: text.length + 1 }, (_, at) => at).filter(
    (at) => !unicode || !insidePair(text, at),
  );
  for (const end of places) {
    const rest = unicode ? places.length - 1 - places.indexOf(end) : text.length - end;
    const ending = endingBefore(find, rest);
    for (const start of places) {
      if (start >= end) break;
      ending.lastIndex = start;
      if (ending.test(text) && ending.lastIndex === end) spans.push({ start, end });
    }
  }
  return spans;
}

function insidePair(text: string, at: number): boolean {
  return at > 0 && at < text.length && isHigh(text.charCodeAt(at - 1)) && isLow(text.charCodeAt(at));
}

const endings = new WeakMap<RegExp, Map<number, RegExp>>();

/** The expression where exactly `rest` characters follow the match. */
function endingBefore(find: RegExp, rest: number): RegExp {
  let byRest = endings.get(find);
  if (byRest === undefined) endings.set(find, (byRest = new Map()));
  let ending = byRest.get(rest);
  if (ending === undefined) {
    ending = new RegExp(`(?:${find.source})(?=[^]{${rest}}(?![^]))`, `${find.flags.replaceAll(/[gyd]/g, '')}y`);
    byRest.set(rest, ending);
  }
  return ending;
}
