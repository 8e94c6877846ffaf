import type { Scalar } from 'yaml';

const ESCAPE_LENGTH: { readonly [letter: string]: number } = { x: 4, u: 6, U: 10 };

/**
 * Where in the source the character at `index` of a scalar's value stands. Exact in plain, quoted and block scalars,
 * over their line breaks, except inside runs of white space that contain a line break.
 */
export function scalarOffset(source: string, node: Scalar, index: number): number {
  const start = node.range?.[0] ?? 0;
  const value = String(node.value);
  const quote = node.type === 'QUOTE_DOUBLE' ? '"' : node.type === 'QUOTE_SINGLE' ? "'" : undefined;
  const block = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
  let at = block ? Math.max(start, source.indexOf('\n', start)) : start + (quote === undefined ? 0 : 1);
  for (let i = 0; ;) {
    const gap = lineBreakAt(source, at);
    if (gap > 0) {
      at += gap;
      while (i < value.length && isSpace(value[i])) i++;
    }
    if (i >= index || at >= source.length) return at;
    if (quote === '"' && source[at] === '\\') {
      const letter = source[at + 1] ?? '';
      at += ESCAPE_LENGTH[letter] ?? 2;
      i += letter === 'U' && (value.codePointAt(i) ?? 0) > 0xffff ? 2 : 1;
    } else {
      at += quote === "'" && source[at] === "'" ? 2 : 1;
      i++;
    }
  }
}

/** Length of the white space at `at` if it contains a line break, else 0. */
function lineBreakAt(source: string, at: number): number {
  let end = at;
  let broken = false;
  while (isSpace(source[end])) broken = source[end++] === '\n' || broken;
  return broken ? end - at : 0;
}

const isSpace = (char: string | undefined): boolean => char === ' ' || char === '\n' || char === '\t' || char === '\r';
