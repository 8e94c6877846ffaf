/** What of an exception its caller is sent, as text. */
export function shownOf(told: unknown): string | undefined {
  if (typeof told === 'string') return told;
  try {
    return JSON.stringify(told);
  } catch {
    return String(told);
  }
}

/**
 * Everything of an exception that a filter is likely to show: its message, and what Nest's exceptions carry beside it.
 */
export function allOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return shownOf(error);
  const { message, getResponse, getError } = error as {
    readonly message?: unknown;
    readonly getResponse?: () => unknown;
    readonly getError?: () => unknown;
  };
  const carried = [getResponse, getError].map((read) =>
    typeof read === 'function' ? Reflect.apply<object, [], unknown>(read, error, []) : undefined,
  );
  return [message, ...carried]
    .map(shownOf)
    .filter((text) => text !== undefined)
    .join('\n');
}
