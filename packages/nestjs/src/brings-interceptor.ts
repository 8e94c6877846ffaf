/** Nest's own key for what `@UseInterceptors()` was given. */
export const INTERCEPTORS = '__interceptors__';

/** Interceptors that decide: those of this package, known to each other without importing each other. */
const deciding = new WeakSet<object>();

export function decides(interceptor: object): void {
  deciding.add(interceptor);
}

/**
 * True where a handler or a class itself has `@UseInterceptors(…, GovernanceInterceptor)`: behind a parser of uploads,
 * say.
 */
export function bringsInterceptor(target: object): boolean {
  const own = Reflect.getMetadata(INTERCEPTORS, target) as readonly object[] | undefined;
  return own?.some((interceptor) => deciding.has(interceptor)) === true;
}
