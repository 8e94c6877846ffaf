import type { IncomingMessage, ServerResponse } from 'node:http';

import type { AdapterGovernor, Decision, Governor, Interaction, Json, Mode, Resource } from '@flyball/core/adapter';

import type { Denial } from '../problem.ts';

/** How the bodies of responses are governed. */
export interface ResponseOptions {
  /** Streams of no known protocol: fields whose text continues from event to event, as paths (`result.token`). */
  readonly select?: readonly string[];
  /** JSON: judge only what stands at or below these paths (`choices[0].message`). Default: everything. */
  readonly paths?: readonly string[];
  /**
   * Bodies that cannot be read: encoded, binary, partial (206), in another charset than UTF-8, or larger than `maxBody`.
   * Default `block`, where a policy covers the output; `pass` lets them leave unjudged.
   */
  readonly opaque?: 'block' | 'pass';
  /** Most bytes kept for one response: whole bodies, unfinished events, events behind held text. Default 4 MiB. */
  readonly maxBody?: number;
  /** Let `flushHeaders()` send the head at once. A block can then no longer have a status of its own. */
  readonly earlyHeaders?: boolean;
}

export interface GateResponseOptions extends ResponseOptions {
  readonly governor: Governor;
  readonly interaction: Interaction;
  /** The mode the request was let in with: while it is not `enforce`, the response is only watched and no byte is touched. */
  readonly mode: Mode;
  readonly resource?: Resource;
  readonly attributes?: { readonly [name: string]: Json };
  /** Answers in the application's own words when the response is stopped before anything left. */
  readonly onDenied?: (denial: Denial, req: IncomingMessage, res: ServerResponse) => void | Promise<void>;
  /** The response was stopped, at whatever point. */
  readonly onStopped?: (decision: Decision) => void;
  readonly onWarning?: (code: ResponseWarning) => void;
}

/** The options after `gateResponse` has checked that the governor is one. */
export type CheckedOptions = GateResponseOptions & { readonly governor: AdapterGovernor };

/** `ENCODED_BODY`: compression runs before governance sees the text. `OPAQUE_BODY`: binary, partial, too large. */
export type ResponseWarning = 'ENCODED_BODY' | 'OPAQUE_BODY';

export const DEFAULT_MAX_BODY: number = 4 * 1024 * 1024;
