import type { ServerResponse } from 'node:http';

import type { Interaction, Subject } from '@flyball/core/adapter';
import { isDenied, runWithInteraction } from '@flyball/http';

import { enforceInput } from './enforce-input.ts';
import type { GovernanceOptions, GovernedRequest, RouteOptions } from './options.ts';
import { requestGovernance, type RequestGovernance } from './request-governance.ts';
import { inputEvent, requestPrompts } from './to-event.ts';
import { answerDenied } from './to-response.ts';
import { createWarner, type WarningCode } from './warnings.ts';

/** Structural, so that it fits Express 4 and 5 and `connect` alike. */
export interface GovernanceMiddleware<
  Request extends GovernedRequest = GovernedRequest,
  Response extends ServerResponse = ServerResponse,
> {
  (req: Request, res: Response, next: (error?: unknown) => void): void;
  /** The same governance with other options for one route, whether or not the application uses it globally as well. */
  route(options: RouteOptions<Request, Response>): GovernanceMiddleware<Request, Response>;
}

/** What the layers of governance on one request know of each other. */
interface Installed<R extends GovernedRequest, S extends ServerResponse> {
  readonly options: GovernanceOptions<R, S>;
  readonly layers: ReadonlySet<object>;
}

// Registered symbol: two copies of this package on one request must see each other.
const INSTALLED = Symbol.for('@flyball/express');

/** Options that can change who is judged or what: a layer that changes none of them asks for no second decision. */
const WHO = ['governor', 'subject', 'policy'] as const;
const WHAT = ['extract', 'resource', 'attributes'] as const;

type Governed<R extends GovernedRequest, S extends ServerResponse> = R & {
  governance?: RequestGovernance;
  body?: unknown;
  [INSTALLED]?: Installed<R, S>;
};

/**
 * Express middleware that decides on each request before its handler runs. Register it after the body parser; register it
 * globally, on routes, or both: options of a route win over those of the application.
 */
export function governance<R extends GovernedRequest = GovernedRequest, S extends ServerResponse = ServerResponse>(
  options: GovernanceOptions<R, S>,
): GovernanceMiddleware<R, S> {
  const warn = createWarner(options.onWarning);
  if (options.subject === undefined) warn('FLYBALL_NO_SUBJECT');
  options.governor.wire(['input']);
  return createLayer(options, options, warn);
}

/** One registration: `own` are the options it adds to those of a layer that ran before it on the same request. */
function createLayer<R extends GovernedRequest, S extends ServerResponse>(
  own: RouteOptions<R, S>,
  all: GovernanceOptions<R, S>,
  warn: (code: WarningCode) => void,
): GovernanceMiddleware<R, S> {
  const id = {};

  const run = (request: R, res: S, next: (error?: unknown) => void): void => {
    const req = request as Governed<R, S>;
    const outer = req[INSTALLED];
    if (outer?.layers.has(id)) {
      warn('FLYBALL_REGISTERED_TWICE');
      return next();
    }
    const options = outer === undefined ? all : { ...outer.options, ...own };
    req[INSTALLED] = { options, layers: new Set(outer?.layers).add(id) };

    const decided = decideRequest(req, res, options, outer?.options, warn);
    // INVARIANT: a rejection reaches `next`: Express 4 would leave the request hanging.
    void decided.then((interaction) => interaction && runWithInteraction(interaction, () => next()), next);
  };

  return Object.assign(run, {
    route: (more: RouteOptions<R, S>) => createLayer({ ...own, ...more }, { ...all, ...more }, warn),
  });
}

/** Decides on the input. Answers a stopped request itself; returns the interaction of one that may go on. */
async function decideRequest<R extends GovernedRequest, S extends ServerResponse>(
  req: Governed<R, S>,
  res: S,
  options: GovernanceOptions<R, S>,
  outer: GovernanceOptions<R, S> | undefined,
  warn: (code: WarningCode) => void,
): Promise<Interaction | undefined> {
  const sameWho = outer !== undefined && WHO.every((name) => options[name] === outer[name]);
  const interaction = await interactionOf(req, options, sameWho);
  req.governance = requestGovernance(interaction, res, options.cancelOnDisconnect === true, req.governance);
  if (sameWho && WHAT.every((name) => options[name] === outer[name])) return interaction;

  const prompts = requestPrompts(req, options);
  if (prompts.unparsed) warn('FLYBALL_BODY_NOT_PARSED');
  if (prompts.unrecognised) warn('FLYBALL_NO_PROMPT');
  const decision = await options.governor.decide(interaction.event(inputEvent(req, prompts, options)));

  const enforced = enforceInput(req, decision, prompts, options.onUnparsed);
  if (!isDenied(enforced)) return interaction;
  await answerDenied(enforced, options, req, res);
  return undefined;
}

/** The request's interaction; where a route names another policy or subject, one of its own under the same id. */
async function interactionOf<R extends GovernedRequest, S extends ServerResponse>(
  req: Governed<R, S>,
  { governor, subject, policy }: GovernanceOptions<R, S>,
  sameWho: boolean,
): Promise<Interaction> {
  const earlier = req.governance?.interaction;
  if (sameWho && earlier !== undefined) return earlier;
  const who = await subjectOf(req, subject);
  return governor.interaction(who, { ...(policy !== undefined && { policy }), ...(earlier && { id: earlier.id }) });
}

async function subjectOf<R>(
  req: R,
  resolve: ((req: R) => Subject | undefined | Promise<Subject | undefined>) | undefined,
): Promise<Subject | undefined> {
  if (resolve === undefined) return { tenant: 'default' };
  try {
    const subject = await resolve(req);
    return subject?.tenant ? subject : undefined;
  } catch {
    return undefined;
  }
}
