import type { ServerResponse } from 'node:http';

import type { Denial } from './problem.ts';

/** Sends a denial: status, headers and problem details. Does nothing once a head has left. */
export function sendDenial(denial: Denial, res: ServerResponse): void {
  if (res.headersSent) return;
  res.statusCode = denial.status;
  for (const [name, value] of Object.entries(denial.headers)) {
    // RateLimit is a list: a limiter of the application may have written its own entry.
    if (name === 'RateLimit') res.appendHeader(name, value);
    else res.setHeader(name, value);
  }
  res.setHeader('Content-Type', 'application/problem+json');
  res.setHeader('Cache-Control', 'no-store');
  res.end(JSON.stringify(denial.problem));
}
