/**
 * Generators run when they are pulled, which happens outside the interceptor: this binds the pulls of one to a context.
 */
export function boundPulls(value: unknown, inside: <T>(work: () => T) => T): unknown {
  if (!isAsyncIterator(value)) return value;
  const { next } = value;
  value.next = (...given) => inside(() => Reflect.apply(next, value, given));
  return value;
}

export interface Pulled extends AsyncIterator<unknown> {
  [Symbol.asyncIterator](): AsyncIterator<unknown>;
}

export function isAsyncIterator(value: unknown): value is Pulled {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Partial<Pulled>).next === 'function' &&
    typeof (value as Partial<Pulled>)[Symbol.asyncIterator] === 'function'
  );
}
