import type { Path, Problem } from './locate.ts';

const MAX_DEPTH = 32;
const MAX_VALUES = 200_000;

export interface PlainData {
  /** A frozen copy; `undefined` if there are problems. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
}

/**
 * Copies plain data: own keys, lists, strings, finite numbers, booleans, null. A copy, so that what was checked is what
 * runs, whatever the caller does to the object afterwards; nothing of the original's getters or prototypes survives.
 */
export function plainData(source: unknown): PlainData {
  const problems: Problem[] = [];
  let values = 0;
  const refuse = (path: Path, message: string, atKey = false): undefined => {
    problems.push({ path, code: 'NOT_PLAIN_DATA', message, atKey });
    return undefined;
  };
  const copy = (value: unknown, path: Path): unknown => {
    if (++values > MAX_VALUES)
      return values === MAX_VALUES + 1 ? refuse([], `the policy has more than ${MAX_VALUES} values`) : undefined;
    if (path.length > MAX_DEPTH)
      return refuse(path.slice(0, 4), `the policy is nested more than ${MAX_DEPTH} levels deep`);
    switch (typeof value) {
      case 'string':
        return /\p{Surrogate}/u.test(value) ? refuse(path, 'the text contains half a surrogate pair') : value;
      case 'number':
        return Number.isFinite(value) ? value + 0 : refuse(path, `the number \`${value}\` is not finite`);
      case 'boolean':
        return value;
      case 'object':
        return value === null ? value : copyObject(value, path);
      default:
        return refuse(path, `a policy is plain data; \`${typeof value}\` is not accepted`);
    }
  };
  const copyObject = (value: object, path: Path): unknown => {
    if (Array.isArray(value)) {
      if (value.length > MAX_VALUES) return refuse(path, `the list has ${value.length} entries`);
      return Object.freeze(Array.from(value, (item, i) => copy(item, [...path, i])));
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null)
      return refuse(path, 'a policy is plain data; a class instance is not accepted');
    const result: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value)) {
      if (key === '__proto__') refuse([...path, key], 'unknown field `__proto__`', true);
      else if (item !== undefined) result[key] = copy(item, [...path, key]);
    }
    return Object.freeze(result);
  };
  const value = copy(source, []);
  return { value: problems.length === 0 ? value : undefined, problems };
}
