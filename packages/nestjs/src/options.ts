import {
  checkOptions,
  FlyballError,
  requireGovernor,
  type AdapterGovernor,
  type Governor,
  type Json,
  type OptionShape,
  type Resource,
  type SegmentInit,
  type Subject,
} from '@flyball/core/adapter';
import { checkResponseOptions, type Denial, type ResponseOptions } from '@flyball/http';
import type { ExecutionContext } from '@nestjs/common';

import type { Transport } from './arrival.ts';
import type { GovernanceWarning } from './warnings.ts';

/** What a function of the application may answer: at once, or later. It has `ANSWER_DEADLINE_MS`. */
type Later<T> = T | PromiseLike<T>;

/**
 * Options that a handler or a class may set for itself, with `@Governed()`. The functions among them are called with a
 * bound: one that throws, rejects, answers something else than its type or nothing within 5 seconds has not answered.
 * What it would have said is then unknown, and the policy's `onError` decides where a rule needs it.
 */
export interface RouteOptions {
  /**
   * Who acts, from what your guards established (`request.user`), never from the body. Without it every caller is the
   * tenant `default`. `undefined` says that nobody was found: the policy's `onError` decides.
   */
  readonly subject?: (context: ExecutionContext) => Later<Subject | undefined>;
  /** Name of the policy, or a function that answers it at once: by tenant, say. Absent: the governor's first one. */
  readonly policy?: string | ((context: ExecutionContext) => string | undefined);
  /**
   * The prompts of a call, where they are not in one of the usual payloads. Edits need segments with paths of the
   * payload (`body.terms`).
   */
  readonly extract?: (context: ExecutionContext) => Later<string | readonly SegmentInit[] | undefined>;
  /** What is acted upon. Default: `{ route }`, the pattern of the route, of the message, or `Query.field`. */
  readonly resource?: (context: ExecutionContext) => Later<Resource | undefined>;
  /** Facts for conditions, from trusted code: an object of JSON. */
  readonly attributes?: (context: ExecutionContext) => Later<{ readonly [name: string]: Json } | undefined>;
  /** Names that the interaction carries from the beginning. */
  readonly labels?: readonly string[];
  /**
   * Texts that are not known to be prompts: a form's, say. Default `judge`: rules that stop apply, and what a rule
   * would redact is left as it is, which the decision says and a warning once. `redact`: they are rewritten like
   * prompts. `refuse`: a payload in which no prompt is known cannot be judged. `ignore`: they are not read.
   */
  readonly unknown?: 'judge' | 'redact' | 'refuse' | 'ignore';
  /** A request with a body that nobody has parsed cannot be judged. Default `block`; `pass` governs its answer only. */
  readonly onUnparsed?: 'block' | 'pass';
  /** How answers are judged; `false` leaves them to adapters further in. Default: as described by `ResponseOptions`. */
  readonly response?: ResponseOptions | false;
  /**
   * What a stopped caller is told in the application's own words: an object, sent in the place of the problem, with its
   * status and headers. Where it fails, answers none, or does not answer within 5 seconds, the caller gets problem
   * details.
   */
  readonly onDenied?: (denial: Denial, context: ExecutionContext) => Later<object | undefined>;
  /** Abort `@CurrentGovernance().signal` when the client leaves. Default: only a stop aborts it. */
  readonly cancelOnDisconnect?: boolean;
}

/** The options of `GovernanceModule.forRoot()`. */
export interface GovernanceModuleOptions extends RouteOptions {
  readonly governor: Governor;
  /** Beside HTTP: `webSockets()`, `microservices()`, `graphql()` from the subpaths of this package. */
  readonly transports?: readonly Transport[];
  /**
   * Handlers that are found at start-up and cannot be governed as the module is set up. Default `refuse`: the
   * application does not start. `warn`: it is told once, and they run ungoverned. `@Ungoverned()` on such a handler
   * says that it is meant.
   */
  readonly onUngoverned?: 'refuse' | 'warn';
  /**
   * Handlers that send the response themselves (`@Res()`). Default `govern`, through the raw response; `refuse`: the
   * application does not start.
   */
  readonly resHandlers?: 'govern' | 'refuse';
  /**
   * At shutdown: milliseconds that running answers get to finish by themselves; what still runs is ended in its
   * protocol's words. Default 5000.
   */
  readonly drainMs?: number;
  /**
   * Close the governor at shutdown, after the answers. Default true; false where another application of the process
   * uses it.
   */
  readonly closeGovernor?: boolean;
  /** Receives each warning once. Default: `process.emitWarning`. */
  readonly onWarning?: (warning: GovernanceWarning) => void;
}

/** The options after the module has checked them. */
export type CheckedOptions = GovernanceModuleOptions & { readonly governor: AdapterGovernor };

const oneOf = (...allowed: readonly string[]): OptionShape => ({
  is: (value) => allowed.includes(value as string),
  words: allowed.map((word) => `\`${word}\``).join(' or '),
});

const ROUTE_OPTIONS: { readonly [name in keyof RouteOptions]-?: OptionShape } = {
  subject: 'function',
  policy: {
    is: (value) => typeof value === 'function' || (typeof value === 'string' && value !== ''),
    words: 'the name of a policy, or a function that answers it',
  },
  extract: 'function',
  resource: 'function',
  attributes: 'function',
  labels: {
    is: (value) => Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== ''),
    words: 'a list of names',
  },
  onUnparsed: oneOf('block', 'pass'),
  unknown: oneOf('judge', 'redact', 'refuse', 'ignore'),
  // What it may be, `checkResponseOptions` says better.
  response: { is: () => true, words: 'options for answers, or false' },
  onDenied: 'function',
  cancelOnDisconnect: 'boolean',
};

const OPTIONS: { readonly [name in keyof GovernanceModuleOptions]-?: OptionShape } = {
  ...ROUTE_OPTIONS,
  // What a governor is, `requireGovernor` says better.
  governor: { is: () => true, words: 'a governor' },
  transports: {
    is: (value) => Array.isArray(value) && value.every(isTransport),
    words: 'a list of what `webSockets()`, `microservices()` and `graphql()` answer',
  },
  onUngoverned: oneOf('refuse', 'warn'),
  resHandlers: oneOf('govern', 'refuse'),
  drainMs: { is: (value) => typeof value === 'number' && value >= 0, words: 'a number of milliseconds' },
  closeGovernor: 'boolean',
  onWarning: 'function',
};

function isTransport(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Transport>).arrival === 'function';
}

/** Throws `OPTIONS_INVALID` for what the module does not know, and for a policy that is not loaded. */
export function checkModuleOptions(options: GovernanceModuleOptions): CheckedOptions {
  const { policy } = options ?? {};
  const named = typeof policy === 'string' ? policy : undefined;
  const governor = requireGovernor(options?.governor, 'GovernanceModule.forRoot({ governor })', named);
  checkOptions('GovernanceModule.forRoot', options, OPTIONS);
  checkResponse('GovernanceModule.forRoot({ response })', options);
  return { ...options, governor };
}

/** The same for `@Governed()` on `place`, where the governor is known. */
export function checkRouteOptions(governor: AdapterGovernor, place: string, options: RouteOptions): void {
  const caller = `@Governed() on ${place}`;
  checkOptions(caller, options, ROUTE_OPTIONS);
  requireGovernor(governor, caller, typeof options.policy === 'string' ? options.policy : undefined);
  checkResponse(caller, options);
}

function checkResponse(caller: string, { response }: Pick<RouteOptions, 'response'>): void {
  if (response !== undefined && response !== false) checkResponseOptions(caller, response);
}

/** Later options win; those about responses win one by one, and labels add up. */
export function merged<T extends RouteOptions>(base: T, more: RouteOptions): T {
  const response = more.response && base.response ? { ...base.response, ...more.response } : more.response;
  const labels = base.labels && more.labels ? [...base.labels, ...more.labels] : more.labels;
  return { ...base, ...more, ...(response !== undefined && { response }), ...(labels && { labels }) };
}

/** What stops an application from starting. */
export const refusal = (message: string): FlyballError => new FlyballError('OPTIONS_INVALID', message);
