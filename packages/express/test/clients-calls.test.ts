// What clients of tools, procedures and operations make of governed answers: allowed, masked, refused before anything
// of the answer left, stopped in the middle, halted by an operator, cooled down.
import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { LoggingMessageNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { createTRPCClient, httpBatchLink, httpBatchStreamLink, httpSubscriptionLink } from '@trpc/client';
import type { AnyTRPCRouter } from '@trpc/server';
import { EventSource } from 'eventsource';
import { createClient } from 'graphql-sse';
import { meros } from 'meros/browser';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { PROMPTS, QUESTION, type Case } from './clients-scripts.ts';
import { halting, serveClients, type ClientsServer } from './clients-server.ts';

let served: ClientsServer;
beforeAll(async () => {
  served = await serveClients();
});
afterAll(() => served.close());
beforeEach(() => {
  served.state.user++;
  served.state.requests = 0;
});

/** What a client saw on the way, and its result or error at the end. */
type Seen = readonly [text: string, end: unknown];
type Ask = (which: Case, question?: string) => Promise<Seen>;

/** The code of an error that a call ended with. */
const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown }).code ?? error;

const mcp: Ask = async (which, question = QUESTION) => {
  const client = new Client({ name: 'client', version: '1' });
  let text = '';
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => void (text += String(params.data)));
  await client.connect(new StreamableHTTPClientTransport(new URL(`${served.origin}/${which}/mcp`)));
  try {
    const { content } = await client.callTool({ name: 'order', arguments: { question } });
    return [text, (content as readonly { text: string }[])[0]?.text];
  } catch (error) {
    return [text, codeOf(error)];
  } finally {
    await client.close();
  }
};

const modernMcp: Ask = async (which, question = QUESTION) => {
  const client = new ModernClient(
    { name: 'client', version: '1' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  let text = '';
  client.setNotificationHandler('notifications/message', ({ params }) => void (text += String(params.data)));
  await client.connect(new ModernTransport(new URL(`${served.origin}/${which}/mcp-modern`)));
  try {
    const { content } = await client.callTool({ name: 'order', arguments: { question } });
    return [text, (content as readonly { text: string }[])[0]?.text];
  } catch (error) {
    return [text, codeOf(error)];
  } finally {
    await client.close();
  }
};

describe.each([
  ['2025-11-25', mcp, -32000],
  // Its first question is what the server speaks.
  ['2026-07-28', modernMcp, 'ERA_NEGOTIATION_FAILED'],
] as const)('MCP, the client of %s', (_, ask, unconnected) => {
  it('reads what is allowed and masked, and an error for the call that was stopped, at once', async () => {
    expect(await ask('allowed')).toEqual(['It left on Monday.', 'It left on Monday.']);
    const [, masked] = await ask('masked');
    expect(masked).toBe('Card [x] is yours.');
    expect(await ask('allowed', PROMPTS.blocked)).toEqual(['', -32000]);
    const [text, end] = await ask('middle');
    expect([text.startsWith('It is '), text.includes('secret plan'), end]).toEqual([true, false, -32000]);
    expect(await halting(served, 'halted', ask('halted'))).toEqual(['It left on', -32000]);
  });

  it('is told to wait while it is cooled down', async () => {
    expect(await ask('allowed', PROMPTS.cooled)).toEqual(['', -32000]);
    // Connecting is a call, too.
    expect(codeOf(await ask('allowed').catch((error: unknown) => error))).toBe(unconnected);
  });
});

/** What the server offers, as its type would say it. */
interface Procedures {
  readonly order: { mutate(input: { readonly case: Case; readonly question: string }): Promise<string> };
  readonly talk: {
    subscribe(
      input: { readonly case: Case; readonly question: string },
      told: { onData(text: string): void; onError(error: unknown): void; onComplete(): void },
    ): { unsubscribe(): void };
  };
}

const trpc = (link: typeof httpBatchLink): Procedures =>
  createTRPCClient<AnyTRPCRouter>({ links: [link({ url: `${served.origin}/trpc` })] }) as unknown as Procedures;

const trpcCode = (error: unknown): unknown =>
  (error as { readonly data?: { readonly code?: unknown } }).data?.code ?? error;

describe.each([
  ['httpBatchLink', httpBatchLink],
  ['httpBatchStreamLink', httpBatchStreamLink as unknown as typeof httpBatchLink],
])('tRPC, %s', (_, link) => {
  const call = async (which: Case, question = QUESTION): Promise<unknown> =>
    trpc(link).order.mutate({ case: which, question }).catch(trpcCode);

  it('reads what is allowed and masked, and an error of its own for what was stopped', async () => {
    expect(await call('allowed')).toBe('It left on Monday.');
    expect(await call('masked')).toBe('Card [x] is yours.');
    expect(await call('allowed', PROMPTS.blocked)).toBe('FORBIDDEN');
    expect(await call('middle')).toBe('FORBIDDEN');
    await served.governor.control.halt({ tenant: 't' }, { who: 'ada', why: 'drill' });
    const halted = await call('allowed');
    await served.governor.control.resume({ tenant: 't' }, { who: 'ada', why: 'over' });
    expect(halted).toBe('FORBIDDEN');
  });

  it('is told to wait while it is cooled down', async () => {
    expect(await call('allowed', PROMPTS.cooled)).toBe('TOO_MANY_REQUESTS');
    expect(await call('allowed')).toBe('TOO_MANY_REQUESTS');
  });
});

const trpcSubscription: Ask = (which, question = QUESTION) =>
  new Promise((resolve) => {
    const client = createTRPCClient<AnyTRPCRouter>({
      links: [httpSubscriptionLink({ url: `${served.origin}/trpc`, EventSource: EventSource as never })],
    }) as unknown as Procedures;
    let text = '';
    const over = (end: unknown): void => {
      subscription.unsubscribe();
      resolve([text, end]);
    };
    const subscription = client.talk.subscribe(
      { case: which, question },
      {
        onData: (piece) => void (text += piece),
        onError: (error) => over(trpcCode(error)),
        onComplete: () => over('complete'),
      },
    );
  });

describe('tRPC, httpSubscriptionLink', () => {
  it('reads what is allowed and masked, and an error of its own for what was stopped', async () => {
    expect(await trpcSubscription('allowed')).toEqual(['It left on Monday.', 'complete']);
    expect(await trpcSubscription('masked')).toEqual(['Card [x] is yours.', 'complete']);
    expect(await trpcSubscription('middle')).toEqual(['It is the ', 'FORBIDDEN']);
    expect(await halting(served, 'halted', trpcSubscription('halted'))).toEqual(['It left on', 'FORBIDDEN']);
  });

  it('is refused with a status, which its EventSource tells, and not asked again', async () => {
    for (const [prompt, status] of [
      [PROMPTS.blocked, 403],
      [PROMPTS.cooled, 429],
      [QUESTION, 429],
    ] as const) {
      const [text, error] = await trpcSubscription('allowed', prompt);
      expect([text, String(error)]).toEqual(['', expect.stringContaining(String(status))]);
    }
    expect(served.state.requests).toBe(3);
  });
});

describe('GraphQL', () => {
  const body = (question: string) => ({
    query: 'query Order($question: String!) { order(question: $question) }',
    variables: { question },
  });

  it('answers as JSON: `data`, or `errors` that its client reads', async () => {
    const call = async (which: Case, question = QUESTION) => {
      const response = await fetch(`${served.origin}/${which}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json;q=0.9',
        },
        body: JSON.stringify(body(question)),
      });
      const { data, errors } = (await response.json()) as {
        data?: { order: string };
        errors?: { extensions: { code: string } }[];
      };
      expect(response.headers.get('content-type')).toMatch(/^application\/graphql-response\+json/);
      return [response.status, data?.order ?? errors?.[0]!.extensions.code];
    };
    expect(await call('allowed')).toEqual([200, 'It left on Monday.']);
    expect(await call('masked')).toEqual([200, 'Card [x] is yours.']);
    expect(await call('allowed', PROMPTS.blocked)).toEqual([403, 'FORBIDDEN']);
    expect(await call('middle')).toEqual([403, 'FORBIDDEN']);
    expect(await call('allowed', PROMPTS.cooled)).toEqual([429, 'TOO_MANY_REQUESTS']);
    expect(await call('allowed')).toEqual([429, 'TOO_MANY_REQUESTS']);
  });

  const subscribe: Ask = async (which, question = QUESTION) => {
    const client = createClient({ url: `${served.origin}/${which}/graphql`, retryAttempts: 0 });
    let text = '';
    try {
      const results = client.iterate<{ talk: string }>({
        query: 'subscription Talk($question: String!) { talk(question: $question) }',
        variables: { question },
      });
      for await (const { data, errors } of results) {
        text += data?.talk ?? '';
        if (errors !== undefined) return [text, errors[0]!.extensions?.['code']];
      }
      return [text, 'complete'];
    } catch (error) {
      return [text, (error as { readonly response?: { readonly status: number } }).response?.status ?? error];
    } finally {
      client.dispose();
    }
  };

  it('subscriptions over server-sent events end with `errors`, and are not asked for again', async () => {
    expect(await subscribe('allowed')).toEqual(['It left on Monday.', 'complete']);
    expect(await subscribe('masked')).toEqual(['Card [x] is yours.', 'complete']);
    expect(await subscribe('middle')).toEqual(['It is ', 'FORBIDDEN']);
    expect(await halting(served, 'halted', subscribe('halted'))).toEqual(['It left on', 'FORBIDDEN']);
    expect(await subscribe('allowed', PROMPTS.blocked)).toEqual(['', 403]);
    expect(await subscribe('allowed', PROMPTS.cooled)).toEqual(['', 429]);
    expect(await subscribe('allowed')).toEqual(['', 429]);
    expect(served.state.requests).toBe(7);
  });

  const inParts: Ask = async (which, question = QUESTION) => {
    interface Part {
      readonly incremental?: readonly { readonly items: readonly { readonly text: string }[] }[];
      readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
      readonly hasNext: boolean;
    }
    const response = await fetch(`${served.origin}/${which}/parts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'multipart/mixed' },
      body: JSON.stringify(body(question)),
    });
    if (!response.ok) return ['', response.status];
    let text = '';
    let end: unknown = 'cut';
    const read = await meros<Part>(response);
    if (read instanceof Response) return ['', 'no parts'];
    for await (const part of read) {
      if (!part.json) return [text, part.body];
      const { incremental, errors, hasNext }: Part = part.body;
      for (const { items } of incremental ?? []) text += items.map((item) => item.text).join('');
      if (errors !== undefined) end = errors[0]!.extensions.code;
      else if (!hasNext) end = 'complete';
    }
    return [text, end];
  };

  it('results that come later, in parts, end with a part of `errors`', async () => {
    expect(await inParts('allowed')).toEqual(['It left on Monday.', 'complete']);
    expect(await inParts('masked')).toEqual(['Card [x] is yours.', 'complete']);
    expect(await inParts('middle')).toEqual(['It is ', 'FORBIDDEN']);
    expect(await halting(served, 'halted', inParts('halted'))).toEqual(['It left on', 'FORBIDDEN']);
    expect(await inParts('allowed', PROMPTS.blocked)).toEqual(['', 403]);
    expect(await inParts('allowed', PROMPTS.cooled)).toEqual(['', 429]);
  });
});
