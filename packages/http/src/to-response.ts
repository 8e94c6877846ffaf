import type { ServerResponse } from 'node:http';

import type { Denial } from './problem.ts';

/** Sends a denial: status, headers and problem details. Does nothing once a head has left. */
export function sendDenial(denial: Denial, res: ServerResponse): void {
  if (!res.headersSent) res.end(prepareDenial(denial, res));
}

/** Writes the head of a denial and returns its body, for those who must send it in a way of their own. */
export function prepareDenial({ status, headers, problem }: Denial, res: ServerResponse): string {
  const body = JSON.stringify(problem);
  res.statusCode = status;
  for (const [name, value] of Object.entries(headers)) {
    // RateLimit is a list: a limiter of the application may have written its own entry.
    if (name === 'RateLimit') res.appendHeader(name, value);
    else res.setHeader(name, value);
  }
  res.setHeader('Content-Type', 'application/problem+json');
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('Content-Length', Buffer.byteLength(body));
  return body;
}
