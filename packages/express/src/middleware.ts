import type { ServerResponse } from 'node:http';

import {
  isDenied,
  isPromise,
  mapMaybe,
  resolvePolicy,
  type Decision,
  type Interaction,
  type MaybePromise,
  type Mode,
} from '@flyball/core/adapter';
import {
  answerDenied,
  createWarner,
  gateCheckedResponse,
  NO_TEXTS,
  placeOf,
  runWithInteraction,
  subjectFor,
  type Place,
} from '@flyball/http';

import { decideAtOnce, enforceInput, eventOf, readPrompts, warnOfUnapplied } from './enforce-input.ts';
import {
  checkGovernanceOptions,
  checkRouteOptions,
  merged,
  type CheckedOptions,
  type LayerOptions,
  type GovernanceOptions,
  type GovernedRequest,
  type RouteOptions,
} from './options.ts';
import { beginInteraction, INSTALLED, passageOf, type Governed, type Passage } from './passage.ts';
import { GovernedState } from './request-governance.ts';
import { routeOf } from './route.ts';
import { AnswerOptions } from './to-response.ts';
import { WARNINGS, type Warn } from './warnings.ts';
import { watchRequest } from './watch-request.ts';

/** Structural, so that it fits Express 4 and 5 and `connect` alike. */
export interface GovernanceMiddleware<
  Request extends GovernedRequest = GovernedRequest,
  Response extends ServerResponse = ServerResponse,
> {
  (req: Request, res: Response, next: (error?: unknown) => void): void;
  /** The same governance with other options for one route, whether or not the application uses it globally as well. */
  route(options: RouteOptions<Request, Response>): GovernanceMiddleware<Request, Response>;
}

/**
 * Express middleware that decides on each request before its handler runs, and on its answer before it leaves. Register
 * it after compression and the body parser; globally, on routes, or both: options of a route win over those of the
 * application.
 */
export function governance<R extends GovernedRequest = GovernedRequest, S extends ServerResponse = ServerResponse>(
  options: GovernanceOptions<R, S>,
): GovernanceMiddleware<R, S> {
  const checked = checkGovernanceOptions(options);
  const { governor, onWarning, subject, response } = checked;
  const warn = createWarner(WARNINGS, onWarning, governor);
  if (subject === undefined) warn('FLYBALL_NO_SUBJECT');
  governor.declareStages(response === false ? ['input'] : ['input', 'output']);
  return createLayer(options, checked, warn);
}

/** One registration: `own` are the options it adds to those of a layer that ran before it on the same request. */
function createLayer<R extends GovernedRequest, S extends ServerResponse>(
  own: RouteOptions<R, S>,
  all: LayerOptions<R, S>,
  warn: Warn,
): GovernanceMiddleware<R, S> {
  const id = {};
  const alone: ReadonlySet<object> = new Set([id]);

  const run = (request: R, res: S, next: (error?: unknown) => void): void => {
    const req = request as Governed<R, S>;
    const outer = req[INSTALLED];
    if (outer?.layers.has(id)) {
      warn('FLYBALL_REGISTERED_TWICE');
      return next();
    }
    const options = chosenFor(req, outer === undefined ? all : merged<LayerOptions<R, S>>(outer.options, own));
    const mode = options.governor.strictestMode(options.policy);
    // What an outer layer enforces, one further in takes part in.
    const watched = mode !== 'enforce' && outer?.watched !== false;
    const layers = outer === undefined ? alone : new Set(outer.layers).add(id);
    req[INSTALLED] = { options, layers, watched, gate: outer?.gate };
    const passage = passageOf(req, res, options, outer, watched, warn);
    if (watched) return watchRequest(passage, mode, next);

    const go = (interaction: Interaction | undefined): void => {
      if (interaction !== undefined) runWithInteraction(interaction, () => next());
    };
    // INVARIANT: a failure reaches `next`: Express 4 would leave the request hanging.
    let governed: ReturnType<typeof govern>;
    try {
      governed = govern(passage);
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

/** The options of one request: whoever stands further in is told the policy that was chosen here. */
function chosenFor<R extends GovernedRequest, S extends ServerResponse>(
  req: R,
  options: LayerOptions<R, S>,
): CheckedOptions<R, S> {
  const { policy: choice } = options;
  // A name that is written down, or none: nothing is made for each request.
  if (typeof choice !== 'function') return options as CheckedOptions<R, S>;
  const policy = resolvePolicy(choice, [req], (failure, cause) => options.governor.noteFailure(failure, cause));
  const { policy: _, ...rest } = options;
  return policy === undefined ? rest : { ...rest, policy };
}

/** The interaction of a request that may go on; nothing for one that was answered here. */
type Governance = Interaction | undefined;

/**
 * The main path of a request: who it is for, where it stands, the decision on what it asks, and the gate for its
 * answer. Most requests pass it without waiting for anything.
 */
function govern<R extends GovernedRequest, S extends ServerResponse>(passage: Passage<R, S>): MaybePromise<Governance> {
  const { req, res, options, sameWho, sameWhat, warn } = passage;
  const earlier = req.governance;
  const begun = sameWho
    ? earlier!.interaction
    : mapMaybe(subjectFor(req, options.subject, options.governor, warn), (who) =>
        beginInteraction(req, res, options, who, earlier?.interaction.id),
      );
  return mapMaybe(begun, (interaction) => {
    const state = new GovernedState(interaction, res, options.cancelOnDisconnect === true, earlier);
    req.governance = state;
    const atOnce = sameWhat ? undefined : decideAtOnce(req, interaction, options);
    if (atOnce?.decided === 'passed') return gateAnswer(passage, interaction, state, atOnce.place, atOnce.mode);
    if (atOnce?.decided !== undefined)
      return mapMaybe(atOnce.decided, (decision) =>
        isDenied(decision)
          ? deny(passage, decision)
          : gateAnswer(passage, interaction, state, atOnce.place, decision.mode),
      );
    return mapMaybe(placeOf(req, interaction, routeOf(req, options), options), (place) => {
      if (sameWhat) return gateAnswer(passage, interaction, state, place, req[INSTALLED]?.gate?.mode ?? 'enforce');
      return mapMaybe(place.coversInput ? (atOnce?.prompts ?? readPrompts(req, options)) : NO_TEXTS, (prompts) => {
        const event = eventOf(interaction, place, prompts, options, warn);
        return mapMaybe(enforceInput(req, event, prompts, place, options), ({ kind, decision }) => {
          if (kind === 'stopped') return deny(passage, decision);
          warnOfUnapplied(decision, place, warn);
          return gateAnswer(passage, interaction, state, place, decision.mode);
        });
      });
    });
  });
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
  if (options.response === false) return interaction;
  const installed = req[INSTALLED]!;
  const fresh = new AnswerOptions<R, S>(interaction, mode, place, options, state, warn);
  const gate = installed.gate === undefined ? fresh : Object.assign(installed.gate, fresh);
  installed.gate = gate;
  gateCheckedResponse(req, res, gate);
  return interaction;
}
