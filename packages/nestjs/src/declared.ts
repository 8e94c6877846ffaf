import { GOVERNED, UNGOVERNED } from './decorators.ts';
import type { RouteOptions } from './options.ts';

/** What `@Governed()` and `@Ungoverned()` say of a handler. */
export interface Declared {
  readonly isUngoverned: boolean;
  /** Options from the outside in: later ones win. */
  readonly options: readonly RouteOptions[];
}

/**
 * The nearest decorator says whether a handler is governed: its own, that of its class, that of a class above. Options
 * are inherited: a class adds to those of the class above, a handler to those of its class.
 */
export function declaredOf(handler: object, owner: object): Declared {
  const places = [handler, ...lineOf(owner)];
  const says = places.find((place) => own(UNGOVERNED, place) === true || own(GOVERNED, place) !== undefined);
  const options = places.map((place) => own(GOVERNED, place) as RouteOptions | undefined);
  return {
    isUngoverned: says !== undefined && own(UNGOVERNED, says) === true,
    options: options.filter((given) => given !== undefined).reverse(),
  };
}

/** A class and those above it, the nearest first. */
export function lineOf(owner: object): object[] {
  const line: object[] = [];
  for (
    let one: object | null = owner;
    one !== null && one !== Function.prototype;
    one = Object.getPrototypeOf(one) as object | null
  )
    line.push(one);
  return line;
}

/** True where a place says both: nobody could know which of them was meant. */
export const saysBoth = (place: object): boolean =>
  own(UNGOVERNED, place) === true && own(GOVERNED, place) !== undefined;

const own = (key: string, place: object): unknown => Reflect.getOwnMetadata(key, place);
