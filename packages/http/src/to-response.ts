import type { IncomingMessage, ServerResponse } from 'node:http';

import { hintsOf, type RequestHints } from './formats/request.ts';
import { refusalFor } from './formats/refusals.ts';
import type { Denial } from './problem.ts';

/**
 * Sends a denial: status, headers and a body. Given the request, it answers in the words of the provider's protocol
 * that the request speaks; else with problem details. Does nothing once a head has left.
 */
export function sendDenial(denial: Denial, res: ServerResponse, req?: IncomingMessage): void {
  if (!res.headersSent) res.end(prepareDenial(denial, res, req === undefined ? NO_REQUEST : hintsOf(req)));
}

const NO_REQUEST: RequestHints = { path: '', headers: {}, body: undefined };

/** Writes the head of a denial and returns its body, for those who must send it in a way of their own. */
function prepareDenial(denial: Denial, res: ServerResponse, request: RequestHints): string {
  const { status, headers, type, body: content } = refusalFor(denial, request);
  const body = JSON.stringify(content);
  res.statusCode = status;
  for (const [name, value] of Object.entries(headers)) {
    // RateLimit is a list: a limiter of the application may have written its own entry.
    if (name === 'RateLimit') res.appendHeader(name, value);
    else res.setHeader(name, value);
  }
  res.setHeader('Content-Type', type);
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('Content-Length', Buffer.byteLength(body));
  return body;
}
