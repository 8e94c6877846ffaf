import type { ServerResponse } from 'node:http';

import type { Interaction, Mode } from '@flyball/core/adapter';
import type { GateResponseOptions, ResponseWarning } from '@flyball/http';

import type { CheckedOptions, GovernedRequest } from './options.ts';
import type { Place } from './place.ts';
import type { GovernedState } from './request-governance.ts';
import type { Warn, WarningCode } from './warnings.ts';

const RESPONSE_WARNINGS: { readonly [what in ResponseWarning]: WarningCode } = {
  ENCODED_BODY: 'FLYBALL_BEFORE_COMPRESSION',
  OPAQUE_BODY: 'FLYBALL_OPAQUE_BODY',
  JOINED_ROWS: 'FLYBALL_JOINED_ROWS',
  FAILED: 'FLYBALL_FAILED',
};

/** How the answer to this request is governed. */
export function responseOptions<R extends GovernedRequest, S extends ServerResponse>(
  interaction: Interaction,
  mode: Mode,
  { resource, attributes, unreadable }: Place,
  options: CheckedOptions<R, S>,
  state: GovernedState,
  warn: Warn,
): GateResponseOptions {
  const { governor, onDenied, response } = options;
  return {
    ...(response === false ? undefined : response),
    resource,
    ...(attributes && { attributes }),
    ...(unreadable && { unreadable }),
    governor,
    interaction,
    mode,
    // The same request and response, by their Express types.
    ...(onDenied && { onDenied: onDenied as NonNullable<GateResponseOptions['onDenied']> }),
    onStopped: (decision) => state.stop(decision),
    onWarning: (what) => warn(RESPONSE_WARNINGS[what], { route: resource.route }),
  };
}
