/**
 * Goes on with a value: at once if it is there, later if it is promised. Most decisions wait for nothing, and then a request and its
 * answer need not either.
 */
export function after<T, U>(value: T | Promise<T>, go: (value: T) => U | Promise<U>): U | Promise<U> {
  return value instanceof Promise ? value.then(go) : go(value);
}
