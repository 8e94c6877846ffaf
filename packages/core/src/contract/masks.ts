/**
 * The text that replaces a redacted span when the policy names none. Depends on the signal's type alone, so equal
 * policies mask alike whatever was found: `pii.email` → `[EMAIL]`, `pii.national_id` → `[NATIONAL ID]`, `code-name` →
 * `[CODE NAME]`. Everything below `secret` is `[SECRET]`: which vendor issued a leaked key is news for whoever probes
 * for it.
 */
export function defaultMask(type: string): string {
  if (type === 'secret' || type.startsWith('secret.')) return '[SECRET]';
  const name = type.slice(type.lastIndexOf('.') + 1);
  return `[${name.replace(/[_-]+/g, ' ').toUpperCase()}]`;
}
