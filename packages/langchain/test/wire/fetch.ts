// A provider's HTTP endpoint, in place of `fetch`: answers in the wire shapes of its API, one piece for each read.

export type Data = { readonly [key: string]: unknown };

/** What an endpoint answers. */
export type Reply = { readonly json: unknown } | { readonly sse: readonly string[] };

export interface Wire {
  readonly fetch: typeof fetch;
  readonly requests: { readonly url: string; readonly body: Data }[];
  /** Pieces that were read. */
  sent: number;
  /** The request was aborted; the body was cancelled. */
  aborted: boolean;
  cancelled: boolean;
}

/** `answer` is told how often it was asked before. */
export function wire(
  answer: (body: Data, url: string, asked: number) => Reply,
  meanwhile?: (sent: number) => Promise<void>,
): Wire {
  const state: Wire = {
    requests: [],
    sent: 0,
    aborted: false,
    cancelled: false,
    fetch: async (input, init) => {
      const url = String(input instanceof Request ? input.url : input);
      const text = input instanceof Request ? await input.text() : init?.body;
      const body = (typeof text === 'string' ? JSON.parse(text) : {}) as Data;
      const asked = state.requests.push({ url, body }) - 1;
      const reply = answer(body, url, asked);
      if ('json' in reply) return Response.json(reply.json);
      const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
      signal?.addEventListener('abort', () => (state.aborted = true));
      let at = 0;
      const stream = new ReadableStream<Uint8Array>(
        {
          async pull(controller) {
            if (signal?.aborted === true) return controller.error(new DOMException('aborted', 'AbortError'));
            await meanwhile?.(at);
            const piece = reply.sse[at++];
            if (piece === undefined) return controller.close();
            state.sent = at;
            controller.enqueue(new TextEncoder().encode(piece));
          },
          cancel: () => void (state.cancelled = true),
        },
        { highWaterMark: 0 },
      );
      return new Response(stream, { headers: { 'content-type': 'text/event-stream' } });
    },
  };
  return state;
}

export function sse(events: readonly (Data | string)[], named = false): string[] {
  return events.map((event) => {
    const name = named && typeof event === 'object' ? `event: ${String(event['type'])}\n` : '';
    return `${name}data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`;
  });
}

export interface Call {
  readonly name: string;
  readonly args: string;
}
