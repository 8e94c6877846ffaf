import { refusal } from '../options.ts';
import { governTool } from './govern-tool.ts';

const TOOL = 'flyball:tool';

/** Marks a governed method, for another copy of this package as well. */
const WRAPPED: unique symbol = Symbol.for('@flyball/nestjs.tool') as never;

type Method = (this: unknown, ...args: never[]) => unknown;

/**
 * A method that a model may call as a tool: its arguments are decided on before it runs, its result before anybody
 * reads it.
 */
export interface ToolOptions {
  /** Default: the method's name. */
  readonly name?: string;
}

/**
 * Governs a method of a provider as a tool, whoever calls it, request-scoped and transient providers included. The
 * method answers with a promise, so it must be one that may. It is governed by the application whose call runs it;
 * outside every application with `GovernanceModule` it fails with `NO_INTERACTION`, and does not run ungoverned.
 *
 *     @GovernedTool({ name: 'refund' })
 *     async refund(order: string, amount: number) { ... }
 */
export const GovernedTool =
  (options: ToolOptions = {}): MethodDecorator =>
  (target, key, descriptor: PropertyDescriptor | undefined) => {
    // For the class, so that an application knows of it, and for the member.
    Reflect.defineMetadata(TOOL, true, target);
    Reflect.defineMetadata(TOOL, true, target, key);
    // A field has no descriptor: nobody can wrap it here, and start-up names it.
    if (descriptor === undefined) return;
    const method = descriptor.value as Method | undefined;
    const name = String(key);
    const owner = typeof target === 'function' ? target.name : target.constructor.name;
    if (typeof method !== 'function')
      throw refusal(`\`@GovernedTool()\` on \`${owner}.${name}\`, which is an accessor: only methods can be tools`);
    // Here, and not when an application starts: a decorator above may put a function of its own in the place of this.
    if (!(WRAPPED in method)) descriptor.value = governed(method, name, options);
  };

function governed(method: Method, name: string, options: ToolOptions): Method {
  const wrapper = governTool(method, { name: options.name ?? name }) as Method;
  Object.defineProperty(wrapper, WRAPPED, { value: true });
  Object.defineProperty(wrapper, 'name', { value: name, configurable: true });
  // What decorators below have written on the method stands on the function.
  for (const key of Reflect.getMetadataKeys(method) as string[])
    Reflect.defineMetadata(key, Reflect.getMetadata(key, method), wrapper);
  return wrapper;
}

/** True for a class with tools, its own or inherited. */
export const hasTools = (prototype: object): boolean => Reflect.hasMetadata(TOOL, prototype);

/** Names of methods of a class that override a tool and are none themselves. */
export function ungovernedOverrides(prototype: object): readonly string[] {
  return Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(([name, { value }]) =>
    typeof value === 'function' &&
    !(WRAPPED in value) &&
    Reflect.hasMetadata(TOOL, prototype, name) &&
    !Reflect.hasOwnMetadata(TOOL, prototype, name)
      ? [name]
      : [],
  );
}

/**
 * Names of an instance's own functions that hide a governed method, or carry the decorator themselves: nobody has
 * wrapped those.
 */
export function unwrapped(instance: unknown): readonly string[] {
  if (typeof instance !== 'object' || instance === null) return [];
  return Object.entries(Object.getOwnPropertyDescriptors(instance)).flatMap(([name, { value }]) =>
    typeof value === 'function' && !(WRAPPED in value) && Reflect.hasMetadata(TOOL, instance, name) ? [name] : [],
  );
}
