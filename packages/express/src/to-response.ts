import type { ServerResponse } from 'node:http';

import type { Decision } from '@flyball/core/adapter';
import { denialFor, sendDenial } from '@flyball/http';

import type { GovernanceOptions, GovernedRequest } from './options.ts';

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
