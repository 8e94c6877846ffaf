/** Decoded units from which a password may have units beyond ASCII, and the part of it that they may be. */
const LONG = 16;
const MOST_BEYOND = 1 / 4;

/**
 * The password of `user:password` in what was base64; `undefined` if it is something else. Which letters beyond ASCII
 * mean is not declared (RFC 7617, section 2.1), so they count as they are: a few of them in what is long enough not to
 * be a word of a sentence.
 */
export function passwordOf(encoded: string): string | undefined {
  let decoded: string;
  try {
    decoded = atob(encoded);
  } catch {
    return undefined;
  }
  const [, password] = /^[\x20-\x39\x3B-\x7E]*:([\x20-\x7E\x80-\xFF]*)$/.exec(decoded) ?? [];
  if (password === undefined) return undefined;
  const beyond = password.replaceAll(/[\x20-\x7E]/g, '').length;
  return beyond === 0 || (decoded.length >= LONG && beyond <= MOST_BEYOND * password.length) ? password : undefined;
}
