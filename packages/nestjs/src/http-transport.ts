import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';

import { promptsOf } from '@flyball/http';
import type { Resource } from '@flyball/core/adapter';
import type { ArgumentsHost } from '@nestjs/common';

import type { Arrival, RawExchange, Transport } from './arrival.ts';
import { GovernanceException } from './exception.ts';
import type { CallPrompts, UnknownTexts } from './call-prompts.ts';
import { fixedTexts, promptsIn } from './to-event.ts';

/** What is read of a request of Express and of Fastify. */
export interface PlatformRequest {
  readonly raw?: IncomingMessage;
  readonly url?: string;
  readonly headers: IncomingMessage['headers'];
  body?: unknown;
  readonly query?: unknown;
  readonly params?: unknown;
  /** Express. */
  readonly route?: { readonly path?: unknown };
  /** Fastify. */
  readonly routeOptions?: { readonly url?: unknown };
  /** Put there by parsers of uploads. */
  readonly file?: unknown;
  readonly files?: unknown;
}

export interface PlatformResponse {
  readonly raw?: ServerResponse;
}

/** Node's own objects below a platform's. Express extends them, Fastify wraps them. */
export function rawOf(req: PlatformRequest, res: PlatformResponse): RawExchange {
  const { raw } = req;
  if (raw === undefined) return { req: req as IncomingMessage, res: res.raw ?? (res as ServerResponse) };
  // Refusals in the words of a protocol look for its ids in the body, which Fastify keeps to itself.
  (raw as { body?: unknown }).body ??= req.body;
  return { req: raw, res: res.raw ?? (res as ServerResponse) };
}

class HttpArrival implements Arrival {
  readonly key: object;
  readonly raw: RawExchange;
  readonly #req: PlatformRequest;

  constructor(req: PlatformRequest, res: PlatformResponse) {
    this.key = req.raw ?? req;
    this.raw = rawOf(req, res);
    this.#req = req;
  }

  get shared(): object {
    return this.key;
  }

  get resource(): Resource {
    return { route: routeOf(this.#req) };
  }

  get payload(): unknown {
    return this.#req.body;
  }

  replace(payload: unknown): boolean {
    this.#req.body = payload;
    return true;
  }

  /** Every text of a request: of its body, its query and the parameters of its route. */
  read(unknown: UnknownTexts): CallPrompts {
    const req = this.#req;
    const texts = unknown === 'refuse' ? 'judge' : unknown;
    const query = req.url?.includes('?')
      ? promptsOf(req.query, 'query', texts === 'ignore' ? texts : 'judge').segments
      : [];
    const beside = texts === 'ignore' ? query : [...query, ...fixedTexts(req.params, 'params')];
    const { body } = req;
    if (body === undefined || body === null) return { segments: beside, ...(hasBody(req) && { unparsed: true }) };

    const bytes = body instanceof Uint8Array ? textOfBytes(body) : undefined;
    if (body instanceof Uint8Array && bytes === undefined) return { segments: beside, media: ['body'] };
    if (bytes !== undefined) {
      const { segments } = promptsOf(bytes, 'body', texts);
      // Bytes are the application's to read: nobody could write an edit back.
      return { segments: [...segments.map((segment) => ({ ...segment, fixed: true as const })), ...beside] };
    }
    const prompts = promptsIn(promptsOf(body, 'body', texts), 'body', unknown, body, beside);
    const files = [...(req.file === undefined ? [] : ['file']), ...(req.files === undefined ? [] : ['files'])];
    return files.length === 0 ? prompts : { ...prompts, media: [...(prompts.media ?? []), ...files] };
  }
}

/** HTTP, on either platform: always there. */
export const HTTP: Transport = {
  type: 'http',
  answers: 'response',
  arrival(context: ArgumentsHost) {
    const http = context.switchToHttp();
    return new HttpArrival(http.getRequest(), http.getResponse());
  },
  error: (denial, body) => new GovernanceException(denial, body),
};

/** Longest name an event may hold, in UTF-16 units. */
const MAX_NAME = 512;

/** The pattern of the route (`/users/:id`), else the path, cut to what an event holds: never the query string. */
function routeOf(req: PlatformRequest): string {
  const pattern = req.route?.path ?? req.routeOptions?.url;
  const path = typeof pattern === 'string' ? pattern : pathOf(req.url ?? '/');
  return (path || '/').slice(0, MAX_NAME);
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

function hasBody({ headers }: PlatformRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** The text of a body that was parsed to bytes, as JSON where it is some; `undefined`: it is no text. */
function textOfBytes(bytes: Uint8Array): unknown {
  // With a zero among the first two bytes it is UTF-16 or nothing that is read as text.
  if (!isUtf8(bytes) || bytes[0] === 0 || bytes[1] === 0) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  try {
    // Readers leave out a byte order mark.
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch {
    return text;
  }
}
