/**
 * Refuses what other engines read as syntax and JavaScript, without the flags `u` and `v`, reads as plain letters:
 * `\Asecret\z` would look for the text `Asecretz`. Such a pattern loads, matches nothing that its author had in mind,
 * and nobody is told.
 */
import { Refusal } from './refusal.ts';

/** What a class of POSIX is in JavaScript, inside brackets. */
const POSIX: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '\\d',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@[-`{-~',
  space: '\\s',
  upper: 'A-Z',
  word: '\\w',
  xdigit: '0-9A-Fa-f',
};

/** Escapes of Perl, PCRE, RE2, Python, Ruby and Java, with what to write for them. */
const ESCAPES: Readonly<Record<string, string>> = {
  A: 'write `^` (without the flag `m`) for the start of the text',
  z: 'write `$` (without the flag `m`) for the end of the text',
  Z: 'write `$` (without the flag `m`) for the end of the text, or `\\n?$` if a last line break may follow',
  G: 'leave it out: every match is found wherever it begins',
  h: 'write `[ \\t]` for a space within a line',
  H: 'write `[^ \\t]` for anything but a space within a line',
  R: 'write `(?:\\r\\n?|\\n)` for a line break',
  N: 'write `[^\\n]` for anything but a line break',
  K: 'write a lookbehind of one character, or make what stands before it part of the match',
  X: 'write what it may be, for example `\\P{M}\\p{M}{0,4}` with the flag `u`',
  C: 'write `[^]` for any unit',
  Q: 'escape each special character between `\\Q` and `\\E` with a backslash, or use a phrase',
  E: 'escape each special character between `\\Q` and `\\E` with a backslash, or use a phrase',
  a: 'write `\\x07` for the bell',
  e: 'write `\\x1b` for the escape character',
  p: 'add the flag `u` for `\\p{...}`',
  P: 'add the flag `u` for `\\P{...}`',
};

/** Letters that are an escape in JavaScript with any flags; `x`, `u`, `c` and `k` depend on what follows. */
const KNOWN = /[bBdDfnrsStvwW]/;
const LETTER = /[A-Za-z]/;
const FOLLOWED: Readonly<Record<string, RegExp>> = { x: /^[\dA-Fa-f]{2}/, u: /^[\dA-Fa-f]{4}/, c: /^[A-Za-z]/ };

export function refuseForeignSyntax(source: string, flags: string): void {
  // With `u` or `v` a letter that is no escape is an error, so what is left to look at is inside brackets.
  const strict = /[uv]/.test(flags);
  const hasNames = /\(\?<[^=!]/.test(source);
  let inClass = false;
  for (let at = 0; at < source.length; at++) {
    const character = source[at]!;
    if (character === '\\') {
      if (!strict) refuseEscape(source, at + 1, hasNames);
      at++;
    } else if (inClass) {
      if (character === ']') inClass = false;
      else if (character === '[') refusePosix(source, at);
      else if (character === '&' && source.startsWith('&&[', at) && !flags.includes('v')) {
        throw foreign('&&[', at, 'as the characters `&` and `[`', 'add the flag `v` for the intersection of classes');
      }
    } else if (character === '[') {
      inClass = true;
    } else if (character === '{' && !strict) {
      const [count] = /^\{,\d+\}/.exec(source.slice(at, at + 16)) ?? [];
      if (count === undefined) continue;
      throw foreign(count, at, 'as those characters', `write \`{0${count.slice(1)}\``);
    }
  }
}

function refuseEscape(source: string, at: number, hasNames: boolean): void {
  const letter = source[at] ?? '';
  if (!LETTER.test(letter) || KNOWN.test(letter)) return;
  const rest = source.slice(at + 1, at + 9);
  if (FOLLOWED[letter]?.test(rest) === true || (letter === 'k' && hasNames)) return;
  throw foreign(`\\${letter}`, at - 1, `as the letter \`${letter}\``, adviceFor(letter, rest));
}

function adviceFor(letter: string, rest: string): string {
  if (letter === 'x' && rest.startsWith('{')) return 'write `\\u{...}` with the flag `u`, or `\\x` and two digits';
  if (letter === 'u' && rest.startsWith('{')) return 'add the flag `u` for `\\u{...}`';
  return ESCAPES[letter] ?? 'remove the backslash if the letter is meant';
}

/** A class of POSIX can only stand inside brackets. */
function refusePosix(source: string, at: number): void {
  const [written, not, name] = /^\[:(\^?)([a-z]+):\]/.exec(source.slice(at, at + 16)) ?? [];
  const members = name === undefined ? undefined : POSIX[name];
  if (members === undefined) return;
  throw foreign(
    written!,
    at,
    'as single characters',
    not === '' ? `write \`${members}\` in its place` : `write \`[^${members}]\`, alone or as an alternative`,
  );
}

function foreign(written: string, at: number, read: string, advice: string): Refusal {
  return new Refusal(
    'PATTERN_SYNTAX',
    `has \`${written}\` at character ${at + 1}, which JavaScript reads ${read}`,
    advice,
  );
}
