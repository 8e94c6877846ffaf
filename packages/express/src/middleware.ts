import type { ServerResponse } from 'node:http';

import {
  mapMaybe,
  isDenied,
  requireGovernor,
  type Decision,
  type Interaction,
  type Mode,
  type Subject,
} from '@flyball/core/adapter';
import { gateResponse, runWithInteraction, type GateResponseOptions } from '@flyball/http';

import { enforceInput } from './enforce-input.ts';
import {
  merged,
  type CheckedOptions,
  type GovernanceOptions,
  type GovernedRequest,
  type RouteOptions,
} from './options.ts';
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
  readonly options: CheckedOptions<R, S>;
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
  const governor = requireGovernor(options?.governor, 'governance({ governor })', options?.policy);
  const warn = createWarner(options.onWarning);
  if (options.subject === undefined) warn('FLYBALL_NO_SUBJECT');
  governor.declareStages(options.response === false ? ['input'] : ['input', 'output']);
  return createLayer(options, { ...options, governor }, warn);
}

/** One registration: `own` are the options it adds to those of a layer that ran before it on the same request. */
function createLayer<R extends GovernedRequest, S extends ServerResponse>(
  own: RouteOptions<R, S>,
  all: CheckedOptions<R, S>,
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

    const go = (interaction: Interaction | undefined): void => {
      if (interaction !== undefined) runWithInteraction(interaction, () => next());
    };
    // INVARIANT: a failure reaches `next`: Express 4 would leave the request hanging.
    let governed: ReturnType<typeof govern>;
    try {
      governed = govern({ req, res, options, outer: outer?.options, warn });
    } catch (error) {
      return next(error);
    }
    if (governed instanceof Promise) void governed.then(go, next);
    else go(governed);
  };

  return Object.assign(run, {
    route: (more: RouteOptions<R, S>) => createLayer(merged(own, more), merged(all, more), warn),
  });
}

/** One request under one layer of governance. */
interface Passage<R extends GovernedRequest, S extends ServerResponse> {
  readonly req: Governed<R, S>;
  readonly res: S;
  readonly options: CheckedOptions<R, S>;
  /** Options of the layer that ran before. */
  readonly outer: CheckedOptions<R, S> | undefined;
  readonly warn: Warn;
}

/** The interaction of a request that may go on; nothing for one that was answered here. */
type Governance = Interaction | undefined;

/**
 * The main path of a request: who it is for, what it asks, the decision on that, and the gate for its answer. Most requests pass
 * it without waiting for anything.
 */
function govern<R extends GovernedRequest, S extends ServerResponse>(
  passage: Passage<R, S>,
): Governance | Promise<Governance> {
  const { req, options, outer } = passage;
  const sameWho = outer !== undefined && WHO.every((name) => options[name] === outer[name]);
  const who = sameWho ? undefined : subjectOf(req, options.subject);
  return mapMaybe(who, (subject): Governance | Promise<Governance> => {
    const { interaction, state } = begin(passage, sameWho, subject);
    if (sameWho && WHAT.every((name) => options[name] === outer[name])) {
      return gateAnswer(passage, interaction, state, req[INSTALLED]?.gate?.mode ?? 'enforce');
    }
    return mapMaybe(judgeRequest(passage, interaction), (decision): Governance | Promise<Governance> =>
      isDenied(decision)
        ? answerDenied(decision, options, req, passage.res).then(() => undefined)
        : gateAnswer(passage, interaction, state, decision.mode),
    );
  });
}

function begin<R extends GovernedRequest, S extends ServerResponse>(
  { req, res, options }: Passage<R, S>,
  sameWho: boolean,
  who: Subject | undefined,
): { readonly interaction: Interaction; readonly state: GovernedState } {
  const interaction = interactionOf(req, res, options, sameWho, who);
  const state = new GovernedState(interaction, res, options.cancelOnDisconnect === true, req.governance);
  req.governance = state;
  return { interaction, state };
}

function judgeRequest<R extends GovernedRequest, S extends ServerResponse>(
  { req, options, warn }: Passage<R, S>,
  interaction: Interaction,
): Decision | Promise<Decision> {
  const prompts = requestPrompts(req, options);
  if (prompts.unparsed) warn('FLYBALL_BODY_NOT_PARSED');
  if (prompts.unrecognised) warn('FLYBALL_NO_PROMPT');
  const event = inputEvent(req, prompts, options);
  return mapMaybe(options.governor.decideNow(interaction.event(event)), (decision) => {
    const refusal = enforceInput(req, decision, prompts, options.onUnparsed);
    return refusal === undefined ? decision : options.governor.refuse(interaction.event(event), refusal);
  });
}

function gateAnswer<R extends GovernedRequest, S extends ServerResponse>(
  { req, res, options, warn }: Passage<R, S>,
  interaction: Interaction,
  state: GovernedState,
  mode: Mode,
): Interaction {
  const installed = req[INSTALLED]!;
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
  { governor, policy }: CheckedOptions<R, S>,
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
