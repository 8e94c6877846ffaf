import type { ServerResponse } from 'node:http';

import { isDenied, requireGovernor, type Interaction, type Subject } from '@flyball/core/adapter';
import { gateResponse, runWithInteraction, type GateResponseOptions } from '@flyball/http';

import { enforceInput } from './enforce-input.ts';
import { merged, type GovernanceOptions, type GovernedRequest, type RouteOptions } from './options.ts';
import { GovernedState, type RequestGovernance } from './request-governance.ts';
import { inputEvent, requestPrompts } from './to-event.ts';
import { answerDenied, responseOptions } from './to-response.ts';
import { createWarner, type Warn } from './warnings.ts';

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
  /** Read by the gate when the body begins: a later layer changes it in place. */
  gate?: GateResponseOptions;
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
 * Express middleware that decides on each request before its handler runs, and on its answer before it leaves. Register it
 * after compression and the body parser; globally, on routes, or both: options of a route win over those of the application.
 */
export function governance<R extends GovernedRequest = GovernedRequest, S extends ServerResponse = ServerResponse>(
  options: GovernanceOptions<R, S>,
): GovernanceMiddleware<R, S> {
  requireGovernor(options?.governor, 'governance({ governor })');
  const warn = createWarner(options.onWarning);
  if (options.subject === undefined) warn('FLYBALL_NO_SUBJECT');
  options.governor.wire(options.response === false ? ['input'] : ['input', 'output']);
  return createLayer(options, options, warn);
}

/** One registration: `own` are the options it adds to those of a layer that ran before it on the same request. */
function createLayer<R extends GovernedRequest, S extends ServerResponse>(
  own: RouteOptions<R, S>,
  all: GovernanceOptions<R, S>,
  warn: Warn,
): GovernanceMiddleware<R, S> {
  const id = {};

  const run = (request: R, res: S, next: (error?: unknown) => void): void => {
    const req = request as Governed<R, S>;
    const outer = req[INSTALLED];
    if (outer?.layers.has(id)) {
      warn('FLYBALL_REGISTERED_TWICE');
      return next();
    }
    const options = outer === undefined ? all : merged(outer.options, own);
    req[INSTALLED] = { options, layers: new Set(outer?.layers).add(id), ...(outer?.gate && { gate: outer.gate }) };

    // INVARIANT: a rejection reaches `next`: Express 4 would leave the request hanging.
    void govern(req, res, options, outer?.options, warn).then(
      (interaction) => interaction && runWithInteraction(interaction, () => next()),
      next,
    );
  };

  return Object.assign(run, {
    route: (more: RouteOptions<R, S>) => createLayer(merged(own, more), merged(all, more), warn),
  });
}

/**
 * The main path of a request: who it is for, what it asks, the decision on that, and the gate for its answer.
 * Answers a stopped request itself; returns the interaction of one that may go on.
 */
async function govern<R extends GovernedRequest, S extends ServerResponse>(
  req: Governed<R, S>,
  res: S,
  options: GovernanceOptions<R, S>,
  outer: GovernanceOptions<R, S> | undefined,
  warn: Warn,
): Promise<Interaction | undefined> {
  const sameWho = outer !== undefined && WHO.every((name) => options[name] === outer[name]);
  // Most subjects are known at once: nothing is awaited that need not be.
  const found = sameWho ? undefined : subjectOf(req, options.subject);
  const who = found instanceof Promise ? await found : found;
  const interaction = interactionOf(req, res, options, sameWho, who);
  const state = new GovernedState(interaction, res, options.cancelOnDisconnect === true, req.governance);
  req.governance = state;

  const installed = req[INSTALLED]!;
  let mode = installed.gate?.mode ?? 'enforce';
  if (!sameWho || WHAT.some((name) => options[name] !== outer[name])) {
    const prompts = requestPrompts(req, options);
    if (prompts.unparsed) warn('FLYBALL_BODY_NOT_PARSED');
    if (prompts.unrecognised) warn('FLYBALL_NO_PROMPT');
    const event = inputEvent(req, prompts, options);
    let decision = await options.governor.decide(interaction.event(event));
    const refusal = enforceInput(req, decision, prompts, options.onUnparsed);
    if (refusal !== undefined) decision = await options.governor.refuse(interaction.event(event), refusal);
    if (isDenied(decision)) {
      await answerDenied(decision, options, req, res);
      return undefined;
    }
    mode = decision.mode;
  }

  if (options.response !== false) {
    installed.gate = Object.assign(installed.gate ?? {}, responseOptions(req, interaction, mode, options, state, warn));
    gateResponse(req, res, installed.gate);
  }
  return interaction;
}

/** The request's interaction; where a route names another policy or subject, one of its own under the same id. */
function interactionOf<R extends GovernedRequest, S extends ServerResponse>(
  req: Governed<R, S>,
  res: S,
  { governor, policy }: GovernanceOptions<R, S>,
  sameWho: boolean,
  who: Subject | undefined,
): Interaction {
  const earlier = req.governance?.interaction;
  if (sameWho && earlier !== undefined) return earlier;
  const interaction = governor.interaction(who, {
    ...(policy !== undefined && { policy }),
    ...(earlier && { id: earlier.id }),
  });
  res.once('close', () => void interaction.end());
  return interaction;
}

/** Undefined: the subject could not be established, and the policy says what then. */
function subjectOf<R>(
  req: R,
  resolve: ((req: R) => Subject | undefined | Promise<Subject | undefined>) | undefined,
): Subject | undefined | Promise<Subject | undefined> {
  if (resolve === undefined) return { tenant: 'default' };
  try {
    const subject = resolve(req);
    return subject instanceof Promise ? subject.then(complete, () => undefined) : complete(subject);
  } catch {
    return undefined;
  }
}

function complete(subject: Subject | undefined): Subject | undefined {
  return subject?.tenant ? subject : undefined;
}
