import type { ErrorRequestHandler, RequestHandler, Response } from 'express';

/** Answers with problem details (RFC 9457). */
export function problem(res: Response, status: number, title: string, detail: string): void {
  res
    .status(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title, status, detail }));
}

export const notFound: RequestHandler = (req, res) => {
  problem(res, 404, 'Not found', `nothing answers ${req.method} here`);
};

// What the body parser reports, in words that help whoever wrote the request.
const BODY_ERRORS: { readonly [type: string]: readonly [status: number, title: string, detail: string] } = {
  'entity.parse.failed': [400, 'Unreadable body', 'the body is not valid JSON'],
  'entity.too.large': [413, 'Body too large', 'the body is longer than 256 KiB; send less history'],
  'encoding.unsupported': [415, 'Unsupported encoding', 'send the body as plain UTF-8 JSON'],
  'charset.unsupported': [415, 'Unsupported charset', 'send the body as plain UTF-8 JSON'],
  'request.aborted': [400, 'Request aborted', 'the body ended early'],
};

export const onError: ErrorRequestHandler = (error: unknown, req, res, next) => {
  if (res.headersSent) return next(error);
  const known = BODY_ERRORS[(error as { readonly type?: string }).type ?? ''];
  // Who still sends a body that nobody reads finds the connection reset after a while, and no answer.
  req.resume();
  if (known !== undefined) return problem(res, ...known);
  console.error(error);
  problem(res, 500, 'Internal error', 'the server could not answer; its console says why');
};
