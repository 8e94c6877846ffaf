/** What people write where a key will stand. A test key is a key: `sk_test_` is none of these. */
const PHRASES =
  /example|placeholder|your[-_ ]|change[-_]?me|redacted|foobar|xxxx|\*{3}|\.{3}|\.\.$|(?:secret|key|token|goes)[-_]?here/i;

/** Short words count as somebody writes them, and not in the mixed case of chance: `FaKe`. */
const WORDS = new RegExp(
  ['sample', 'dummy', 'insert', 'replace', 'lorem', 'fake', 'todo', 'your']
    .flatMap((word) => [word, word.toUpperCase(), word[0]!.toUpperCase() + word.slice(1)])
    .join('|'),
);

const saysPlaceholder = (text: string): boolean => PHRASES.test(text) || WORDS.test(text);

/** Rows of the keyboard, the alphabet and the digits, in order. */
const SEQUENCE = 'abcdefghijklmnopqrstuvwxyz 0123456789 abcdef0123456789 1234567890 qwertyuiop asdfghjkl zxcvbnm'.split(
  ' ',
);
const LONGEST_SEQUENCE = 10;

/** Half of the token or more are signs in order. A few of them are in real keys by chance, or in those of tests. */
function isMostlySequence(token: string): boolean {
  const lower = token.toLowerCase();
  let inOrder = 0;
  for (let at = 0; at < lower.length;) {
    const run = Math.max(...SEQUENCE.map((row) => runAt(lower, at, row)));
    if (run >= LONGEST_SEQUENCE) inOrder += run;
    at += Math.max(1, run >= LONGEST_SEQUENCE ? run : 1);
  }
  return inOrder * 2 >= token.length - HEAD;
}

/** Of a token, what its head may be. */
const HEAD = 4;

/** How far a text goes on as a row does. */
function runAt(text: string, at: number, row: string): number {
  const from = row.indexOf(text[at]!);
  if (from < 0) return 0;
  let run = 1;
  while (from + run < row.length && text[at + run] === row[from + run]) run++;
  return run;
}

/**
 * True for a token that nobody was ever issued: a word for it, one sign or one block repeated, the alphabet in order.
 */
export function isPlaceholder(token: string): boolean {
  if (saysPlaceholder(token)) return true;
  // Behind the head, something must vary.
  const body = token.slice(Math.max(token.indexOf('_'), token.indexOf('-')) > 8 ? 4 : 0);
  if (/(.)\1{7}/.test(body) || /^(.{1,8})\1{3,}/.test(body.slice(-32)) || new Set(body.slice(-20)).size < 5)
    return true;
  return isMostlySequence(token);
}

/** Passwords of documentation and of fresh installations. */
const CHOSEN = new Set(
  'password pass passwd pwd pw secret user username postgres root admin guest test mysql redis mongo changeme token key none null'.split(
    ' ',
  ),
);

/** True for what stands in the place of a password that people choose: a variable, a mask, the word itself. */
export function isChosenPlaceholder(value: string): boolean {
  const lower = value.toLowerCase();
  if (CHOSEN.has(lower) || /^[*x.•_-]+$/i.test(value) || /^[$%<[{(].*[>\]})%]?$/.test(value)) return true;
  return saysPlaceholder(value) || /^my[-_]?(?:pass|secret|token|key)/.test(lower) || /\$\{|\{\{|%[A-Z_]+%/.test(value);
}
