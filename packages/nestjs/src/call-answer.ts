import type { IncomingMessage, ServerResponse } from 'node:http';

import {
  mapMaybe,
  type AdapterGovernor,
  type Decision,
  type Interaction,
  type Json,
  type Mode,
  type Resource,
} from '@flyball/core/adapter';
import type { Denial, GateResponseOptions, OpaqueBodies, ResponseWarning } from '@flyball/http';

import type { CallState } from './call-governance.ts';
import { answerInWords, wordsFor } from './denied.ts';
import type { Exchange, Passage } from './exchange.ts';
import type { CheckedOptions } from './options.ts';
import type { Warn, WarningCode } from './warnings.ts';

const RESPONSE_WARNINGS: { readonly [what in ResponseWarning]: WarningCode } = {
  ENCODED_BODY: 'FLYBALL_BEFORE_COMPRESSION',
  OPAQUE_BODY: 'FLYBALL_OPAQUE_BODY',
  JOINED_ROWS: 'FLYBALL_JOINED_ROWS',
  FAILED: 'FLYBALL_FAILED',
};

/**
 * How the answer to a call is governed. INVARIANT: one is made for every call, and what it calls are methods: V8 keeps
 * an object that was given a function of its own, and with it the whole call, until a full collection.
 */
export class CallAnswer implements GateResponseOptions {
  declare readonly select?: readonly string[];
  declare readonly rows?: true | readonly string[];
  declare readonly paths?: readonly string[];
  declare readonly opaque?: OpaqueBodies;
  declare readonly maxBody?: number;
  declare readonly earlyHeaders?: boolean;
  declare readonly lateWrites?: 'ignore' | 'throw';
  declare readonly attributes?: { readonly [name: string]: Json };
  declare readonly unreadable?: readonly string[];
  readonly governor: AdapterGovernor;
  readonly interaction: Interaction;
  readonly mode: Mode;
  readonly resource: Resource;
  readonly state: CallState;
  readonly exchange: Exchange;
  readonly warn: Warn;

  constructor(options: CheckedOptions, exchange: Exchange, warn: Warn) {
    const { interaction, mode, place, state } = exchange;
    const { resource, attributes, unreadable } = place;
    this.governor = options.governor;
    this.interaction = interaction;
    this.mode = mode;
    this.resource = resource;
    this.state = state;
    this.exchange = exchange;
    this.warn = warn;
    if (options.response) Object.assign(this, options.response);
    if (attributes !== undefined) this.attributes = attributes;
    if (unreadable !== undefined) this.unreadable = unreadable;
  }

  known(): unknown {
    return this.exchange.known?.();
  }

  onStopped(decision: Decision): void {
    this.state.stop(decision);
  }

  onWarning(what: ResponseWarning): void {
    this.warn(RESPONSE_WARNINGS[what], { route: this.resource.route });
  }
}

/** The same, where a stop is told in the words of the application or of the transport. */
export class CallAnswerInWords extends CallAnswer {
  readonly passage: Passage;

  constructor(passage: Passage, exchange: Exchange, warn: Warn) {
    super(passage.options, exchange, warn);
    this.passage = passage;
  }

  onDenied(denial: Denial, _req: IncomingMessage, to: ServerResponse): void | PromiseLike<void> {
    const { transport, arrival } = this.passage;
    const { req } = arrival.raw!;
    return mapMaybe(wordsFor(this.passage, denial.decision), ({ body }) => {
      if (transport.answer !== undefined) transport.answer(body, { req, res: to }, denial);
      else answerInWords(body, denial, req, to);
    });
  }
}
