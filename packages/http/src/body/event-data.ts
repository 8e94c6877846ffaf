/** The data of a stream's event, parsed; `undefined` when it is no more than its own text. */
export function eventData(text: string): unknown {
  const first = text.charCodeAt(0);
  // Only objects, lists and strings mean more than their own text: `42` is a token like any other.
  if (first !== 0x7b && first !== 0x5b && first !== 0x22) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
