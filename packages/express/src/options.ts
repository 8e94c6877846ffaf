import type { IncomingMessage, ServerResponse } from 'node:http';

import {
  checkOptions,
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

import type { GovernanceWarning } from './warnings.ts';

/** What is read of a request: Express 4 and 5 both look like this, and so does anything built on `node:http`. */
export interface GovernedRequest extends IncomingMessage {
  readonly body?: unknown;
  readonly query?: unknown;
  readonly path?: string;
  readonly baseUrl?: string;
  readonly route?: unknown;
}

/** What a function of the application may answer: at once, or later. It has `ANSWER_DEADLINE_MS`. */
type Later<T> = T | PromiseLike<T>;

/**
 * The functions among them are called with a bound: one that throws, rejects, answers something else than its type or
 * nothing within 5 seconds has not answered. What it would have said is then unknown, and the policy's `onError`
 * decides where a rule needs it.
 */
export interface GovernanceOptions<
  Request extends GovernedRequest = GovernedRequest,
  Response extends ServerResponse = ServerResponse,
> {
  readonly governor: Governor;
  /**
   * Who acts, from what your authentication established, never from the body. Without it every caller is the tenant
   * `default`. `undefined` says that nobody was found: the policy's `onError` decides.
   */
  readonly subject?: (req: Request) => Later<Subject | undefined>;
  /**
   * Name of the policy for these requests, or a function that chooses it by the request, at once. One that fails, or
   * names none that is loaded, stops the request (`POLICY_UNKNOWN`). Absent: the governor's first one.
   */
  readonly policy?: string | ((req: Request) => string);
  /**
   * The prompts of a request, where they are not in one of the usual payloads. Edits need segments with paths of the
   * body.
   */
  readonly extract?: (req: Request) => Later<string | readonly SegmentInit[] | undefined>;
  /** What is acted upon. Default: `{ route }`, the route's pattern where it is known, else the path. */
  readonly resource?: (req: Request) => Later<Resource | undefined>;
  /** Facts for conditions, from trusted code: an object of JSON. */
  readonly attributes?: (req: Request) => Later<{ readonly [name: string]: Json } | undefined>;
  /**
   * Texts of the request that are not known to be prompts: a form's, say. Default `judge`: rules that stop apply, and
   * what a rule would redact is left as it is, which the decision says and a warning once. `redact`: they are rewritten
   * like prompts. `refuse`: a body in which no prompt is known cannot be judged. `ignore`: they are not read.
   */
  readonly unknown?: 'judge' | 'redact' | 'refuse' | 'ignore';
  /** A request with a body that nobody has parsed cannot be judged. Default `block`; `pass` governs its answer only. */
  readonly onUnparsed?: 'block' | 'pass';
  /** How answers are judged; `false` leaves them to adapters further in. Default: as described by `ResponseOptions`. */
  readonly response?: ResponseOptions | false;
  /**
   * Answers a stopped request in the application's own words. Nothing of the response has been sent. Where it fails, or
   * sends nothing within 5 seconds, the caller gets problem details.
   */
  readonly onDenied?: (denial: Denial, req: Request, res: Response) => void | PromiseLike<void>;
  /** Abort `req.governance.signal` when the client leaves. Default: only a stop aborts it. */
  readonly cancelOnDisconnect?: boolean;
  /** Receives each warning once. Default: `process.emitWarning`. */
  readonly onWarning?: (warning: GovernanceWarning) => void;
}

/** The options after `governance()` has checked them. */
export type LayerOptions<R extends GovernedRequest, S extends ServerResponse> = GovernanceOptions<R, S> & {
  readonly governor: AdapterGovernor;
};

/** The same for one request, whose policy is chosen. */
export type CheckedOptions<R extends GovernedRequest, S extends ServerResponse> = Omit<LayerOptions<R, S>, 'policy'> & {
  readonly policy?: string;
};

/** Options that a route may set for itself; the others are the application's. */
export type RouteOptions<
  Request extends GovernedRequest = GovernedRequest,
  Response extends ServerResponse = ServerResponse,
> = Omit<Partial<GovernanceOptions<Request, Response>>, 'governor' | 'onWarning'>;

const ROUTE_OPTIONS: { readonly [name in keyof RouteOptions]-?: OptionShape } = {
  subject: 'function',
  policy: {
    is: (value) => typeof value === 'string' || typeof value === 'function',
    words: 'the name of a policy, or a function that chooses one',
  },
  extract: 'function',
  resource: 'function',
  attributes: 'function',
  onUnparsed: { is: (value) => value === 'block' || value === 'pass', words: '`block` or `pass`' },
  unknown: {
    is: (value) => ['judge', 'redact', 'refuse', 'ignore'].includes(value as string),
    words: '`judge`, `redact`, `refuse` or `ignore`',
  },
  // What it may be, `checkResponseOptions` says better.
  response: { is: () => true, words: 'options for answers, or false' },
  onDenied: 'function',
  cancelOnDisconnect: 'boolean',
};

const OPTIONS: { readonly [name in keyof GovernanceOptions]-?: OptionShape } = {
  ...ROUTE_OPTIONS,
  // What a governor is, `requireGovernor` says better.
  governor: { is: () => true, words: 'a governor' },
  onWarning: 'function',
};

/** Throws `OPTIONS_INVALID` for what `governance()` does not know, and for a policy that is not loaded. */
export function checkGovernanceOptions<R extends GovernedRequest, S extends ServerResponse>(
  options: GovernanceOptions<R, S>,
): LayerOptions<R, S> {
  const governor = requireGovernor(options?.governor, 'governance({ governor })', named(options?.policy));
  checkOptions('governance', options, OPTIONS);
  checkResponse('governance({ response })', options);
  return { ...options, governor };
}

export function checkRouteOptions<R extends GovernedRequest, S extends ServerResponse>(
  governor: AdapterGovernor,
  options: RouteOptions<R, S>,
): void {
  checkOptions('governance(…).route', options, ROUTE_OPTIONS);
  requireGovernor(governor, 'governance(…).route({ policy })', named(options.policy));
  checkResponse('governance(…).route({ response })', options);
}

/** A policy that is chosen request by request is looked at then. */
const named = (policy: unknown): string | undefined => (typeof policy === 'string' ? policy : undefined);

function checkResponse(caller: string, { response }: Pick<RouteOptions, 'response'>): void {
  if (response !== undefined && response !== false) checkResponseOptions(caller, response);
}

/** Later options win; those about responses win one by one. */
export function merged<T extends Pick<RouteOptions, 'response'>>(base: T, more: Pick<RouteOptions, 'response'>): T {
  const response = more.response && base.response ? { ...base.response, ...more.response } : more.response;
  return { ...base, ...more, ...(response !== undefined && { response }) };
}
