import { TOOL, type ToolOptions } from '../decorators.ts';
import type { ApplicationGovernance } from '../application-governance.ts';
import { governTool } from './govern-tool.ts';

/** Marks a wrapped method, for another copy of this package as well: it is not wrapped again. */
const WRAPPED: unique symbol = Symbol.for('@flyball/nestjs.tool') as never;

type Method = (this: unknown, ...args: never[]) => unknown;

/**
 * Wraps the methods of a class that carry `@GovernedTool()`, on the prototype: instances of requests that are made
 * later are governed as well. A prototype outlives an application, so who governs is asked when a method is called.
 */
export function wrapTools(governance: ApplicationGovernance, metatype: object): void {
  let prototype = (metatype as { readonly prototype?: object }).prototype;
  while (prototype !== undefined && prototype !== null && prototype !== Object.prototype) {
    for (const name of Object.getOwnPropertyNames(prototype)) wrap(governance, prototype, name);
    prototype = Object.getPrototypeOf(prototype) as object | undefined;
  }
}

function wrap(governance: ApplicationGovernance, prototype: object, name: string): void {
  const described = Object.getOwnPropertyDescriptor(prototype, name);
  const method = described?.value as Method | undefined;
  if (name === 'constructor' || typeof method !== 'function') return;
  const options = Reflect.getMetadata(TOOL, method) as ToolOptions | undefined;
  if (options === undefined) return;
  governance.declareTools();
  if (WRAPPED in method) return;
  const governed = governTool(method, { name: options.name ?? name });
  Object.defineProperty(governed, WRAPPED, { value: true });
  Object.defineProperty(governed, 'name', { value: name, configurable: true });
  // What other decorators have written on the method stands on the function.
  for (const key of Reflect.getMetadataKeys(method) as string[])
    Reflect.defineMetadata(key, Reflect.getMetadata(key, method), governed);
  Object.defineProperty(prototype, name, { ...described, value: governed });
}

/**
 * Names of an instance's own functions that hide a governed method, or carry the decorator themselves: nobody has
 * wrapped those.
 */
export function unwrapped(instance: unknown): readonly string[] {
  if (typeof instance !== 'object' || instance === null) return [];
  return Object.entries(Object.getOwnPropertyDescriptors(instance)).flatMap(([name, { value }]) => {
    if (typeof value !== 'function' || WRAPPED in value) return [];
    const inherited = (Object.getPrototypeOf(instance) as { readonly [name: string]: unknown } | null)?.[name];
    const isTool =
      (typeof inherited === 'function' && WRAPPED in inherited) || Reflect.hasMetadata(TOOL, instance, name);
    return isTool ? [name] : [];
  });
}
