import type { IncomingMessage, ServerResponse } from 'node:http';

import type { AdapterGovernor, Governor, Json, Resource, SegmentInit, Subject } from '@flyball/core/adapter';
import type { Denial, ResponseOptions } from '@flyball/http';

import type { GovernanceWarning } from './warnings.ts';

/** What is read of a request: Express 4 and 5 both look like this, and so does anything built on `node:http`. */
export interface GovernedRequest extends IncomingMessage {
  readonly body?: unknown;
  readonly query?: unknown;
  readonly path?: string;
  readonly baseUrl?: string;
  readonly route?: unknown;
}

export interface GovernanceOptions<
  Request extends GovernedRequest = GovernedRequest,
  Response extends ServerResponse = ServerResponse,
> {
  readonly governor: Governor;
  /**
   * Who acts, from what your authentication established, never from the body. Without it every caller is the tenant `default`.
   * Throwing, or returning no tenant, is a failure that the policy's `onError` decides.
   */
  readonly subject?: (req: Request) => Subject | undefined | Promise<Subject | undefined>;
  /** Name of the policy for these requests. Absent: the governor's only one. */
  readonly policy?: string;
  /** The prompts of a request, where they are not in one of the usual payloads. Edits need segments with paths of the body. */
  readonly extract?: (req: Request) => string | readonly SegmentInit[] | undefined;
  /** What is acted upon. Default: `{ route }`, the route's pattern where it is known, else the path. */
  readonly resource?: (req: Request) => Resource;
  /** Facts for conditions, from trusted code. */
  readonly attributes?: (req: Request) => { readonly [name: string]: Json };
  /** A request with a body that nobody has parsed cannot be judged. Default `block`; `pass` governs its answer only. */
  readonly onUnparsed?: 'block' | 'pass';
  /** How answers are judged; `false` leaves them to adapters further in. Default: as described by `ResponseOptions`. */
  readonly response?: ResponseOptions | false;
  /** Answers a stopped request in the application's own words. Nothing of the response has been sent. */
  readonly onDenied?: (denial: Denial, req: Request, res: Response) => void | Promise<void>;
  /** Abort `req.governance.signal` when the client leaves. Default: only a stop aborts it. */
  readonly cancelOnDisconnect?: boolean;
  /** Receives each start-up warning once. Default: `process.emitWarning`. */
  readonly onWarning?: (warning: GovernanceWarning) => void;
}

/** The options after `governance()` has checked that the governor is one. */
export type CheckedOptions<R extends GovernedRequest, S extends ServerResponse> = GovernanceOptions<R, S> & {
  readonly governor: AdapterGovernor;
};

/** Options that a route may set for itself; the others are the application's. */
export type RouteOptions<
  Request extends GovernedRequest = GovernedRequest,
  Response extends ServerResponse = ServerResponse,
> = Omit<Partial<GovernanceOptions<Request, Response>>, 'governor' | 'onWarning'>;

/** Later options win; those about responses win one by one. */
export function merged<T extends Pick<RouteOptions, 'response'>>(base: T, more: Pick<RouteOptions, 'response'>): T {
  const response = more.response && base.response ? { ...base.response, ...more.response } : more.response;
  return { ...base, ...more, ...(response !== undefined && { response }) };
}
