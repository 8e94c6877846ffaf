/** The options of the module, checked or not. Registered, so that two copies of this package name the same. */
export const GOVERNANCE_OPTIONS: unique symbol = Symbol.for('@flyball/nestjs.options') as never;

/** The governor of the application: `@Inject(GOVERNOR) governor: Governor`. */
export const GOVERNOR: unique symbol = Symbol.for('@flyball/nestjs.governor') as never;

/** Whether every handler is governed, or only those that say so. */
export const IS_APPLIED: unique symbol = Symbol.for('@flyball/nestjs.applied') as never;
