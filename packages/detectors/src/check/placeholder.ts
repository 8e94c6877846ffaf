/** What people write where a key will stand. A test key is a key: `sk_test_` is none of these. */
const WORDS =
  /example|sample|dummy|placeholder|your[-_ ]?|change[-_]?me|insert|replace|redacted|foobar|lorem|fake|xxxx|\*{3}|\.{3}|todo|secret[-_]?here|key[-_]?here|token[-_]?here|goes[-_]?here/i;

/** Rows of the keyboard, the alphabet and the digits, in order. */
const SEQUENCE = 'abcdefghijklmnopqrstuvwxyz 0123456789 abcdef0123456789 1234567890 qwertyuiop asdfghjkl zxcvbnm'.split(
  ' ',
);
const LONGEST_SEQUENCE = 10;

/** True for a token that nobody was ever issued: a word for it, one sign or one block repeated, the alphabet in order. */
export function isPlaceholder(token: string): boolean {
  if (WORDS.test(token)) return true;
  // Behind the head, something must vary.
  const body = token.slice(Math.max(token.indexOf('_'), token.indexOf('-')) > 8 ? 4 : 0);
  if (/(.)\1{7}/.test(body) || /^(.{1,8})\1{3,}/.test(body.slice(-32)) || new Set(body.slice(-20)).size < 5)
    return true;
  // A long token may hold ten signs in order by chance or by hand, and still be one.
  if (token.length > 4 * LONGEST_SEQUENCE) return false;
  const lower = token.toLowerCase();
  return SEQUENCE.some((row) => {
    for (let from = 0; from + LONGEST_SEQUENCE <= row.length; from++)
      if (lower.includes(row.slice(from, from + LONGEST_SEQUENCE))) return true;
    return false;
  });
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
  return WORDS.test(value) || /^my[-_]?(?:pass|secret|token|key)/.test(lower) || /\$\{|\{\{|%[A-Z_]+%/.test(value);
}
