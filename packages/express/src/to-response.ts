import type { ServerResponse } from 'node:http';

import type { Decision, Interaction, Mode } from '@flyball/core/adapter';
import { denialFor, sendDenial, type GateResponseOptions } from '@flyball/http';

import type { GovernanceOptions, GovernedRequest } from './options.ts';
import type { GovernedState } from './request-governance.ts';
import { placeOf } from './to-event.ts';
import type { Warn } from './warnings.ts';

/** Decision that stops → the answer a client understands, or the application's own. */
export async function answerDenied<R extends GovernedRequest, S extends ServerResponse>(
  decision: Decision,
  { onDenied }: GovernanceOptions<R, S>,
  req: R,
  res: S,
): Promise<void> {
  const denial = denialFor(decision);
  if (onDenied === undefined) sendDenial(denial, res);
  else await onDenied(denial, req, res);
}

/** How the answer to this request is governed. */
export function responseOptions<R extends GovernedRequest, S extends ServerResponse>(
  req: R,
  interaction: Interaction,
  mode: Mode,
  options: GovernanceOptions<R, S>,
  state: GovernedState,
  warn: Warn,
): GateResponseOptions {
  const { governor, onDenied, response } = options;
  return {
    ...(response === false ? undefined : response),
    ...placeOf(req, options),
    governor,
    interaction,
    mode,
    ...(onDenied && { onDenied: (denial, _req, res) => onDenied(denial, req, res as S) }),
    onStopped: (decision) => state.stop(decision),
    onWarning: (what) => warn(what === 'ENCODED_BODY' ? 'FLYBALL_BEFORE_COMPRESSION' : 'FLYBALL_OPAQUE_BODY'),
  };
}
