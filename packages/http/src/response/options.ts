import type { IncomingMessage, ServerResponse } from 'node:http';

import {
  checkOptions,
  FlyballError,
  isPromise,
  notify,
  requireGovernor,
  withMethods,
  type AdapterGovernor,
  type Decision,
  type Governor,
  type Interaction,
  type Json,
  type Mode,
  type OptionShape,
  type Resource,
} from '@flyball/core/adapter';

import { isOpaqueBodies, type OpaqueBodies } from '../body/opaque.ts';
import type { Denial } from '../problem.ts';

/** How the bodies of responses are governed. */
export interface ResponseOptions {
  /** Streams of no known protocol: fields whose text continues from event to event, as paths (`result.token`). */
  readonly select?: readonly string[];
  /**
   * Streams of no known protocol: fields that are values of their own, such as the columns of a table, so that no text
   * runs on from one event to the next (`message`); `true`: all fields. Default: each value is judged alone and as what
   * continues the one before.
   */
  readonly rows?: true | readonly string[];
  /** JSON: judge only what stands at or below these paths (`choices[0].message`). Default: everything. */
  readonly paths?: readonly string[];
  /**
   * Bodies that cannot be read: encoded, binary, partial (206), in another charset than UTF-8, or larger than
   * `maxBody`. Default `block`, where a policy covers the output; `pass` lets them leave unjudged. By media type where
   * only some may: `{ 'application/zip': 'pass', 'text/*': 'pass' }` lets archives and ranges of text leave; `*` is for
   * all others.
   */
  readonly opaque?: OpaqueBodies;
  /** Most bytes kept for one response: whole bodies, unfinished events, events behind held text. Default 4 MiB. */
  readonly maxBody?: number;
  /** Let `flushHeaders()` send the head at once. A block can then no longer have a status of its own. */
  readonly earlyHeaders?: boolean;
  /**
   * What `write` does after the answer was stopped. Default `ignore`: nothing of it leaves, and its producer goes on,
   * unless it listens to the signal. `throw` ends a producer that knows no signal, such as a generator in
   * `pipeline(generator, res)`: its next write throws `ERR_FLYBALL_STOPPED`.
   */
  readonly lateWrites?: 'ignore' | 'throw';
}

export interface GateResponseOptions extends ResponseOptions {
  readonly governor: Governor;
  readonly interaction: Interaction;
  /**
   * The mode the request was let in with: while it is not `enforce`, the response is only watched and no byte is
   * touched.
   */
  readonly mode: Mode;
  /**
   * Where nothing is enforced nobody waits: finds out what the answer is judged by (`interaction`, `resource`,
   * `attributes`, set on these options before it settles) once a body begins. Bytes leave meanwhile; the copy that is
   * judged waits for it. Must neither throw nor reject, and is not asked while enforcing.
   */
  readonly known?: () => unknown;
  readonly resource?: Resource;
  readonly attributes?: { readonly [name: string]: Json };
  /**
   * What of the request could not be read (`attributes`, `resource`): where answers are covered, a failure by
   * `onError`.
   */
  readonly unreadable?: readonly string[];
  /**
   * Answers in the application's own words when the response is stopped before anything left. One that throws, or sends
   * nothing within 5 seconds, is answered for.
   */
  readonly onDenied?: (denial: Denial, req: IncomingMessage, res: ServerResponse) => void | PromiseLike<void>;
  /** The response was stopped, at whatever point. What it throws changes nothing. */
  readonly onStopped?: (decision: Decision) => void;
  readonly onWarning?: (code: ResponseWarning) => void;
}

/** The options after `gateResponse` has checked them. */
export type CheckedOptions = GateResponseOptions & { readonly governor: AdapterGovernor };

/**
 * `ENCODED_BODY`: compression runs before governance sees the text. `OPAQUE_BODY`: binary, partial, too large.
 * `JOINED_ROWS`: a match was found only by reading the same field of several events as one text; where those are rows,
 * say so with `rows`. `FAILED`: something of governance itself broke, and the answer was stopped; `governor.events`
 * have the error.
 */
export type ResponseWarning = 'ENCODED_BODY' | 'OPAQUE_BODY' | 'JOINED_ROWS' | 'FAILED';

export const DEFAULT_MAX_BODY: number = 4 * 1024 * 1024;

const names: OptionShape = {
  is: (value) => Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== ''),
  words: 'a list of paths',
};

const oneOf = (...allowed: readonly string[]): OptionShape => ({
  is: (value) => allowed.includes(value as string),
  words: `one of ${allowed.map((word) => `\`${word}\``).join(', ')}`,
});

/** A promise has no field that a resource could have, and would pass for one that names nothing. */
const plainObject: OptionShape = {
  is: (value) => typeof value === 'object' && value !== null && !Array.isArray(value) && !isPromise(value),
  words: 'an object',
};

const RESPONSE_OPTIONS: { readonly [name in keyof ResponseOptions]-?: OptionShape } = {
  select: names,
  rows: { is: (value) => value === true || names.is(value), words: 'true or a list of paths' },
  paths: names,
  opaque: {
    is: isOpaqueBodies,
    words: '`block`, `pass`, or an object of them by media type (`application/zip`, `text/*`, `*`)',
  },
  maxBody: { is: (value) => typeof value === 'number' && value > 0, words: 'a number of bytes above 0' },
  earlyHeaders: 'boolean',
  lateWrites: oneOf('ignore', 'throw'),
};

const GATE_OPTIONS: { readonly [name in keyof GateResponseOptions]-?: OptionShape } = {
  ...RESPONSE_OPTIONS,
  // What a governor is, `requireGovernor` says better.
  governor: { is: () => true, words: 'a governor' },
  interaction: withMethods('what `governor.interaction(…)` answers', 'event'),
  mode: oneOf('enforce', 'shadow', 'off'),
  known: 'function',
  resource: plainObject,
  attributes: plainObject,
  unreadable: names,
  onDenied: 'function',
  onStopped: 'function',
  onWarning: 'function',
};

/** Checks how answers are to be governed. Throws `OPTIONS_INVALID`; `caller` is what the user wrote. */
export function checkResponseOptions(caller: string, options: unknown): void {
  checkOptions(caller, options, RESPONSE_OPTIONS);
}

export function checkGateOptions(options: GateResponseOptions): CheckedOptions {
  requireGovernor(options?.governor, 'gateResponse(req, res, { governor })');
  checkOptions('gateResponse', options, GATE_OPTIONS, ['interaction', 'mode']);
  return options as CheckedOptions;
}

/** INVARIANT: what a listener throws neither undoes a stop nor reaches the handler. */
export function tellStopped(options: CheckedOptions, decision: Decision): void {
  const { onStopped } = options;
  if (onStopped === undefined) return;
  notify([(what: Decision): unknown => Reflect.apply(onStopped, options, [what])], [decision], (error) =>
    options.governor.noteFailure({ part: 'listener', id: 'onStopped', code: 'THREW' }, error),
  );
}

/** Something of governance broke while an answer was judged. */
export function tellFailure(options: CheckedOptions, error: unknown): void {
  // A governor that was closed during an answer is no defect.
  if (FlyballError.isInstance(error) && error.code === 'GOVERNOR_CLOSED') return;
  options.governor.noteFailure({ part: 'content', id: 'answer', code: 'THREW' }, error);
  tellWarning(options, 'FAILED');
}

export function tellWarning(options: CheckedOptions, code: ResponseWarning): void {
  const { onWarning } = options;
  if (onWarning === undefined) return;
  notify([(what: ResponseWarning): unknown => Reflect.apply(onWarning, options, [what])], [code], (error) =>
    options.governor.noteFailure({ part: 'listener', id: 'onWarning', code: 'THREW' }, error),
  );
}
