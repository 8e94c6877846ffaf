import type { IncomingMessage } from 'node:http';

import { isObject } from './format.ts';

/** What a request says of the protocol that its answer will speak. */
export interface RequestHints {
  readonly path: string;
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
  /** Its parsed body, where something has parsed it. */
  readonly body: unknown;
}

/** Read when it is needed: parsers run behind governance too. */
export function hintsOf(req: IncomingMessage): RequestHints {
  const { url = '', headers } = req;
  const { body, originalUrl } = req as { body?: unknown; originalUrl?: unknown };
  const [path = ''] = (typeof originalUrl === 'string' ? originalUrl : url).split('?');
  return { path, headers, body };
}

/** Ids of the JSON-RPC calls of a request that wait for an answer. */
export function callIds({ body }: RequestHints): (string | number)[] {
  const calls: readonly unknown[] = Array.isArray(body) ? body : [body];
  return calls.flatMap((call) => {
    if (!isObject(call) || call['jsonrpc'] !== '2.0' || call['method'] === undefined) return [];
    const { id } = call;
    return typeof id === 'string' || typeof id === 'number' ? [id] : [];
  });
}
