import type { ServerResponse } from 'node:http';

import {
  call,
  isPromise,
  mapMaybe,
  type Decision,
  type Interaction,
  type MaybePromise,
  type Mode,
  type Subject,
} from '@flyball/core/adapter';
import { answerDenied, gateCheckedResponse, runWithInteraction, type GateResponseOptions } from '@flyball/http';

import { subjectFor } from './ask-application.ts';
import { enforceInput } from './enforce-input.ts';
import {
  checkGovernanceOptions,
  checkRouteOptions,
  merged,
  type CheckedOptions,
  type GovernanceOptions,
  type GovernedRequest,
  type RouteOptions,
} from './options.ts';
import { placeOf, type Place } from './place.ts';
import { GovernedState, type RequestGovernance } from './request-governance.ts';
import { responseOptions } from './to-response.ts';
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
  const checked = checkGovernanceOptions(options);
  const { governor, onWarning, subject, response } = checked;
  const warn = createWarner(onWarning, governor);
  if (subject === undefined) warn('FLYBALL_NO_SUBJECT');
  governor.declareStages(response === false ? ['input'] : ['input', 'output']);
  return createLayer(options, checked, warn);
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
    if (isPromise(governed)) void governed.then(go, next);
    else go(governed);
  };

  return Object.assign(run, {
    route(more: RouteOptions<R, S>) {
      checkRouteOptions(all.governor, more);
      return createLayer(merged(own, more), merged(all, more), warn);
    },
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
 * The main path of a request: who it is for, where it stands, the decision on what it asks, and the gate for its answer. Most requests
 * pass it without waiting for anything.
 */
function govern<R extends GovernedRequest, S extends ServerResponse>(passage: Passage<R, S>): MaybePromise<Governance> {
  const { req, options, outer, warn } = passage;
  const sameWho = outer !== undefined && WHO.every((name) => options[name] === outer[name]);
  const sameWhat = sameWho && WHAT.every((name) => options[name] === outer[name]);
  const who = sameWho ? undefined : subjectFor(req, options.subject, options.governor, warn);
  return mapMaybe(who, (subject) => {
    const { interaction, state } = begin(passage, sameWho, subject);
    return mapMaybe(placeOf(req, interaction, options), (place) => {
      if (sameWhat) return gateAnswer(passage, interaction, state, place, req[INSTALLED]?.gate?.mode ?? 'enforce');
      return mapMaybe(enforceInput(req, interaction, place, options, warn), ({ kind, decision }) =>
        kind === 'stopped' ? deny(passage, decision) : gateAnswer(passage, interaction, state, place, decision.mode),
      );
    });
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

function deny<R extends GovernedRequest, S extends ServerResponse>(
  { req, res, options: { governor, onDenied } }: Passage<R, S>,
  decision: Decision,
): undefined {
  answerDenied({ governor, decision, req, res, onDenied });
}

function gateAnswer<R extends GovernedRequest, S extends ServerResponse>(
  { req, res, options, warn }: Passage<R, S>,
  interaction: Interaction,
  state: GovernedState,
  place: Place,
  mode: Mode,
): Interaction {
  const installed = req[INSTALLED]!;
  if (options.response !== false) {
    const { governor } = options;
    const gate = Object.assign(installed.gate ?? {}, {
      ...responseOptions<R, S>(interaction, mode, place, options, state, warn),
      governor,
    });
    installed.gate = gate;
    gateCheckedResponse(req, res, gate);
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
  const interaction = governor.interaction(
    who,
    policy === undefined && earlier === undefined
      ? undefined
      : { ...(policy !== undefined && { policy }), ...(earlier && { id: earlier.id }) },
  );
  res.once('close', () => {
    void mapMaybe(
      call('store', 'interaction', () => interaction.end()),
      (ended) => void (ended.ok || governor.noteFailure(ended.failure, ended.cause)),
    );
  });
  return interaction;
}
