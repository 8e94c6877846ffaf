/**
 * A synchronous function of an application, made harmless: where it throws, the answer is `otherwise`. For functions
 * that are asked so often that an answer object for each call, as `call` makes it, would be felt: the validators of
 * patterns.
 *
 *     const validate = failSafe(pattern.validate, true); // one that throws has refused nothing
 */
export function failSafe<A extends readonly unknown[], R>(fn: (...args: A) => R, otherwise: R): (...args: A) => R {
  return (...args) => {
    try {
      return fn(...args);
    } catch {
      return otherwise;
    }
  };
}
