/** A value that may have to be waited for. */
export type MaybePromise<T> = T | Promise<T>;

/** True for anything that can be awaited: a promise of this realm or another, or any other object with `then`. */
export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return typeof (value as { readonly then?: unknown } | undefined | null)?.then === 'function';
}

/**
 * Goes on with a value: at once if it is there, later if it is promised. Most decisions wait for nothing, and then a
 * request and its answer need not either. Takes any thenable: applications wrap promises in classes of their own.
 */
export function mapMaybe<T, U>(value: MaybePromise<T>, go: (value: T) => MaybePromise<U>): MaybePromise<U> {
  // A thenable need not answer a promise from `then`.
  return isPromise(value) ? Promise.resolve(value).then(go) : go(value);
}
