import type { IncomingMessage, ServerResponse } from 'node:http';

import { call, mapMaybe, type AdapterGovernor, type Decision } from '@flyball/core/adapter';

import { denialFor, type Denial } from './problem.ts';
import { BODY_HEADERS, removeHeaders, setStatusMessage } from './response/head.ts';
import { sendDenial } from './to-response.ts';

/** Longest wait, in milliseconds, for an application to begin its own answer to what was stopped. */
export const DENIAL_DEADLINE_MS = 5000;

/** Something that was stopped before anything of its answer left. */
export interface Stopped<R extends IncomingMessage, S extends ServerResponse> {
  readonly governor: AdapterGovernor;
  readonly decision: Decision;
  readonly req: R;
  readonly res: S;
  /** Answers in the application's own words. */
  readonly onDenied?: ((denial: Denial, req: R, res: S) => unknown) | undefined;
}

/**
 * Answers what was stopped: in the application's own words, or else with problem details. An `onDenied` that throws,
 * rejects, or has sent nothing within `DENIAL_DEADLINE_MS` is answered for, and `governor.events` tell of it; what it
 * had begun to send is ended. Never throws.
 */
export function answerDenied<R extends IncomingMessage, S extends ServerResponse>(stopped: Stopped<R, S>): void {
  const { governor, decision, req, res, onDenied } = stopped;
  const denial = denialFor(decision);
  if (onDenied === undefined) return sendDenial(denial, res, req);

  const answered = call('wording', 'onDenied', () => onDenied(denial, req, res), { deadlineMs: DENIAL_DEADLINE_MS });
  void mapMaybe(answered, (answer) => {
    if (!answer.ok) {
      governor.noteFailure(answer.failure, answer.cause);
      return answerInstead(denial, req, res);
    }
    if (res.headersSent || res.destroyed) return;
    // It may answer later, from a callback, or it has forgotten to.
    const timer = setTimeout(() => {
      if (res.headersSent || res.destroyed) return;
      const silence = new Error(`\`onDenied\` sent nothing within ${DENIAL_DEADLINE_MS} milliseconds`);
      governor.noteFailure({ part: 'wording', id: 'onDenied', code: 'TIMEOUT' }, silence);
      answerInstead(denial, req, res);
    }, DENIAL_DEADLINE_MS);
    res.once('close', () => clearTimeout(timer));
  });
}

function answerInstead(denial: Denial, req: IncomingMessage, res: ServerResponse): void {
  if (!res.headersSent) {
    removeHeaders(res, BODY_HEADERS);
    setStatusMessage(res, '');
    sendDenial(denial, res, req);
  } else if (!res.writableEnded) {
    // A declared length that is not reached would be a broken answer whatever is written.
    if (res.hasHeader('content-length')) res.destroy();
    else res.end();
  }
}
