import type { ServerResponse } from 'node:http';

import type { AdapterGovernor, Decision, Interaction, Json, Mode, Resource } from '@flyball/core/adapter';
import type { GateResponseOptions, OpaqueBodies, Place, ResponseWarning } from '@flyball/http';

import type { CheckedOptions, GovernedRequest } from './options.ts';
import type { GovernedState } from './request-governance.ts';
import type { Warn, WarningCode } from './warnings.ts';

const RESPONSE_WARNINGS: { readonly [what in ResponseWarning]: WarningCode } = {
  ENCODED_BODY: 'FLYBALL_BEFORE_COMPRESSION',
  OPAQUE_BODY: 'FLYBALL_OPAQUE_BODY',
  JOINED_ROWS: 'FLYBALL_JOINED_ROWS',
  FAILED: 'FLYBALL_FAILED',
};

/**
 * How the answer to this request is governed. INVARIANT: one is made for every request, and what it calls are methods:
 * V8 keeps an object that was given a function of its own by its constructor, and with it the whole request, until a
 * full collection.
 */
export class AnswerOptions<R extends GovernedRequest, S extends ServerResponse> implements GateResponseOptions {
  declare readonly select?: readonly string[];
  declare readonly rows?: true | readonly string[];
  declare readonly paths?: readonly string[];
  declare readonly opaque?: OpaqueBodies;
  declare readonly maxBody?: number;
  declare readonly earlyHeaders?: boolean;
  declare readonly lateWrites?: 'ignore' | 'throw';
  declare readonly attributes?: { readonly [name: string]: Json };
  declare readonly unreadable?: readonly string[];
  declare readonly onDenied?: NonNullable<GateResponseOptions['onDenied']>;
  readonly governor: AdapterGovernor;
  readonly interaction: Interaction;
  readonly mode: Mode;
  readonly resource: Resource;
  readonly state: GovernedState;
  readonly warn: Warn;
  /** Where nobody waits for it: finds out what the answer is judged by. */
  readonly finding: { known(): unknown } | undefined;

  constructor(
    interaction: Interaction,
    mode: Mode,
    { resource, attributes, unreadable }: Omit<Place, 'coversInput'>,
    { governor, onDenied, response }: CheckedOptions<R, S>,
    state: GovernedState,
    warn: Warn,
    finding?: { known(): unknown },
  ) {
    this.governor = governor;
    this.interaction = interaction;
    this.mode = mode;
    this.resource = resource;
    this.state = state;
    this.warn = warn;
    this.finding = finding;
    if (response) Object.assign(this, response);
    if (attributes !== undefined) this.attributes = attributes;
    if (unreadable !== undefined) this.unreadable = unreadable;
    // The same request and response, by their Express types.
    if (onDenied !== undefined) this.onDenied = onDenied as NonNullable<GateResponseOptions['onDenied']>;
  }

  known(): unknown {
    return this.finding?.known();
  }

  onStopped(decision: Decision): void {
    this.state.stop(decision);
  }

  onWarning(what: ResponseWarning): void {
    this.warn(RESPONSE_WARNINGS[what], { route: this.resource.route });
  }
}
