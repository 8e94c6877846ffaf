// The Lua that stands in a template string is changed by the same kinds of slips. There is no parser for it here: a
// slip is found by its looks, outside comments and strings, which the plain style of those files allows.

/** One piece of Lua in a file, in UTF-16 units of the file. */
interface Piece {
  readonly start: number;
  readonly end: number;
}

export type Replace = (start: number, end: number, replacement: string) => void;

/**
 * What a word or operator of Lua is changed to. Operators stand between spaces: a minus sign before a number does not.
 */
const SWAPS: readonly (readonly [was: RegExp, now: (was: string) => string])[] = [
  [/(?<= )(<=?|>=?)(?= )/g, (was) => (was.endsWith('=') ? was.slice(0, -1) : `${was}=`)],
  [/(?<= )(==|~=)(?= )/g, (was) => (was === '==' ? '~=' : '==')],
  [/(?<= )[+-](?= )/g, (was) => (was === '+' ? '-' : '+')],
  [/(?<= )[*/%](?= )/g, (was) => (was === '*' ? '/' : '*')],
  [/\b(and|or)\b/g, (was) => (was === 'and' ? 'or' : 'and')],
  [/\b(true|false)\b/g, (was) => (was === 'true' ? 'false' : 'true')],
  [/\bnot /g, () => ''],
  [/\bmath\.(min|max)\b/g, (was) => (was === 'math.min' ? 'math.max' : 'math.min')],
  [/(?<![\w.])\d+\b/g, (was) => String(Number(was) + 1)],
  [/(?<=\bif ).+?(?= then\b)/g, () => 'true'],
  [/(?<=\bif ).+?(?= then\b)/g, () => 'false'],
];
/** A statement that fills its line, and that can be left out without leaving half of another. */
const STATEMENT = /^ *(?:redis\.call\(.*\)|\w+\(.*\)|[\w.[\]# +*-]+(?:, [\w.]+)* = .*[^{]|if .* end|for .* end)$/;

/** Offers every slip in the Lua of a file. */
export function mutateLua(text: string, replace: Replace): void {
  for (const { start, end } of piecesOf(text)) {
    let at = start;
    for (const line of text.slice(start, end).split('\n')) {
      const code = withoutText(line);
      for (const [was, now] of SWAPS) {
        for (const { 0: found, index } of code.matchAll(was)) {
          const original = line.slice(index, index + found.length);
          replace(at + index, at + index + found.length, now(original));
        }
      }
      if (!/^ *local\b/.test(code) && STATEMENT.test(code)) replace(at, at + line.length, '');
      at += line.length + 1;
    }
  }
}

function piecesOf(text: string): readonly Piece[] {
  return [...text.matchAll(/\/\* lua \*\/ `([^`]*)`/g)].map(({ 0: whole, 1: lua = '', index }) => {
    const start = index + whole.indexOf('`') + 1;
    return { start, end: start + lua.length };
  });
}

/** Strings and comments blanked out, so that places stay what they are. */
function withoutText(line: string): string {
  return line
    .replace(/'[^']*'/g, (string) => `'${'_'.repeat(string.length - 2)}'`)
    .replace(/--.*/, (it) => ' '.repeat(it.length))
    .trimEnd();
}
