/** The password of `user:password` in what was base64; `undefined` if it is something else. */
export function passwordOf(encoded: string): string | undefined {
  try {
    const decoded = atob(encoded);
    return /^[\x20-\x7E]+$/.test(decoded) && decoded.includes(':')
      ? decoded.slice(decoded.indexOf(':') + 1)
      : undefined;
  } catch {
    return undefined;
  }
}
