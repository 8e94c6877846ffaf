/** What of an exception its caller is sent, as text. */
export function shownOf(told: unknown): string | undefined {
  if (typeof told === 'string') return told;
  try {
    return JSON.stringify(told);
  } catch {
    return String(told);
  }
}
