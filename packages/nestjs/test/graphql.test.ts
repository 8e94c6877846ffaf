import { once } from 'node:events';

import { ApolloDriver } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { Args, GraphQLModule, Mutation, Parent, Query, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import { MercuriusDriver } from '@nestjs/mercurius';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';

import { CurrentInteraction, GovernanceModule } from '../src/index.ts';
import { graphql } from '../src/graphql.ts';
import { governorWith, KEY, KEY_HALVES, listen, type Listening, type Platform, type Recorded } from './harness.ts';

const [FIRST, SECOND] = KEY_HALVES;

const TYPE_DEFS = `
  type Row { name: String, deep: String }
  type Query { echo(text: String): String leak: String masked: String rows: [Row] who: String throws: String }
  type Mutation { say(text: String): String }
  type Subscription { words: String count: Int ticks: Int rows: Row fails: String refuses: String }
`;

const asked: string[] = [];
let returned = 0;

@Resolver('Query')
class Queries {
  @Query('echo') echo(@Args('text') text: string): string {
    asked.push(text);
    return `said ${text}`;
  }

  @Query('leak') leak(): string {
    return `key ${KEY}`;
  }

  @Query('masked') masked(): string {
    return 'card 4111 ok';
  }

  @Query('rows') rows(): object[] {
    return [{ name: 'a' }, { name: 'b' }];
  }

  @Query('who') who(@CurrentInteraction() interaction: { subject: { tenant: string } }): string {
    return interaction.subject.tenant;
  }

  @Query('throws') throws(): never {
    throw new Error(`broke at ${KEY}`);
  }

  @Mutation('say') say(@Args('text') text: string): string {
    asked.push(text);
    return text;
  }

  @Subscription('words', { resolve: (value: { words: string }) => value.words })
  async *words(): AsyncGenerator<{ words: string }> {
    try {
      for (const words of ['Hello ', FIRST, SECOND, ' bye']) yield { words };
    } finally {
      returned++;
    }
  }

  @Subscription('ticks')
  async *ticks(): AsyncGenerator<{ ticks: number }> {
    try {
      for (let ticks = 0; ; ticks++) {
        yield { ticks };
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    } finally {
      returned++;
    }
  }

  @Subscription('rows')
  async *rowByRow(): AsyncGenerator<object> {
    for (const name of ['a', 'b']) yield { rows: { name } };
  }

  @Subscription('fails')
  async *fails(): AsyncGenerator<object> {
    yield { fails: 'Hello' };
    throw new Error(`broke at ${KEY}`);
  }

  @Subscription('refuses') refuses(): never {
    throw new Error(`no ${KEY} here`);
  }

  @Subscription('count')
  async *count(): AsyncGenerator<{ count: number }> {
    for (let count = 0; count < 3; count++) yield { count };
  }
}

@Resolver('Row')
class Rows {
  @ResolveField('deep') deep(@Parent() row: { name: string }): string {
    return row.name === 'b' ? `key ${KEY}` : 'nothing';
  }
}

const DRIVERS: readonly (readonly [name: string, platform: Platform, driver: object])[] = [
  ['Apollo on express', 'express', { driver: ApolloDriver, subscriptions: { 'graphql-ws': true } }],
  ['Apollo on fastify', 'fastify', { driver: ApolloDriver, subscriptions: { 'graphql-ws': true } }],
  ['Mercurius on fastify', 'fastify', { driver: MercuriusDriver, subscription: true }],
];

interface Result {
  readonly data?: { readonly [field: string]: unknown } | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly [name: string]: unknown } }[];
}

/** One subscription, to its end or until so many results are there, in the protocol `graphql-transport-ws`. */
async function subscribed(port: number, query: string, atMost = Infinity): Promise<readonly Result[]> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws');
  const results: Result[] = [];
  const over = new Promise<void>((resolve) => {
    socket.on('close', () => resolve());
    socket.on('message', (message: Buffer) => {
      const { type, payload } = JSON.parse(message.toString()) as { type: string; payload: Result };
      if (type === 'connection_ack') socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
      if (type === 'next') results.push(payload);
      if (type === 'error') results.push({ errors: payload as never });
      if (type === 'complete' || type === 'error' || results.length >= atMost) resolve();
    });
  });
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await over;
  socket.close();
  return results;
}

describe.each(DRIVERS)('%s with interceptors of field resolvers', (_name, platform, driver) => {
  it('what field resolvers of a subscription say is judged', async () => {
    const { governor } = await governorWith();
    @Module({
      imports: [
        GovernanceModule.forRoot({ governor, transports: [graphql()], onWarning: () => {} }),
        GraphQLModule.forRoot({
          ...{ typeDefs: TYPE_DEFS, fieldResolverEnhancers: ['interceptors'] },
          ...driver,
        } as never),
      ],
      providers: [Queries, Rows],
    })
    class AppModule {}
    await using server = await listen(AppModule, platform);
    const results = await subscribed(server.port, 'subscription { rows { name deep } }');
    expect(JSON.stringify(results)).not.toContain(KEY);
    expect(results[0]).toEqual({ data: { rows: { name: 'a', deep: 'nothing' } } });
    expect(results[1]).toMatchObject({ data: { rows: { name: 'b', deep: null } } });
    expect(results[1]?.errors?.[0]?.extensions).toMatchObject({ code: 'P_SECRET' });
  });
});

describe.each(DRIVERS)('%s', (_name, platform, driver) => {
  let server: Listening;
  let recorded: Recorded;

  beforeAll(async () => {
    recorded = await governorWith();
    @Module({
      imports: [
        GovernanceModule.forRoot({
          governor: recorded.governor,
          transports: [graphql()],
          subject: () => ({ tenant: 'acme' }),
          onWarning: () => {},
        }),
        GraphQLModule.forRoot({ typeDefs: TYPE_DEFS, ...driver } as never),
      ],
      providers: [Queries, Rows],
    })
    class AppModule {}
    server = await listen(AppModule, platform);
  });
  afterAll(async () => server[Symbol.asyncDispose]());

  const ask = async (
    query: string,
    variables: object = {},
  ): Promise<{ status: number; result: Result; text: string }> => {
    const response = await fetch(`${server.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const text = await response.text();
    return { status: response.status, result: JSON.parse(text) as Result, text };
  };

  it('lets through what nothing objects to, in one interaction', async () => {
    recorded.events.length = 0;
    expect((await ask('{ echo(text: "hi") who }')).result).toEqual({ data: { echo: 'said hi', who: 'acme' } });
    expect(new Set(recorded.events.map(({ interactionId }) => interactionId)).size).toBe(1);
    expect(recorded.events.map(({ resource }) => resource.route)).toContain('Query.echo');
  });

  it('E1: a resolver does not run for arguments that were stopped, literal or variable; others keep their data', async () => {
    asked.length = 0;
    for (const { status, result } of [
      await ask('{ who bad: echo(text: "the secret plan") }'),
      await ask('query($text: String) { who bad: echo(text: $text) }', { text: 'the secret plan' }),
    ]) {
      expect([status, result.data]).toEqual([200, { who: 'acme', bad: null }]);
      expect(result.errors?.[0]?.extensions).toMatchObject({ code: 'P_SECRET', governance: { reason: 'P_SECRET' } });
    }
    expect((await ask('mutation { say(text: "the secret plan") }')).result.data).toEqual({ say: null });
    expect(asked).toEqual([]);
  });

  it('E1: edits reach the resolver, and masks stand in what it answers', async () => {
    asked.length = 0;
    expect((await ask('mutation { say(text: "card 4111") }')).result.data).toEqual({ say: 'card [x]' });
    expect(asked).toEqual(['card [x]']);
    expect((await ask('{ masked }')).result).toEqual({ data: { masked: 'card [x] ok' } });
  });

  it('E1: a value that was stopped is an error beside the data of others', async () => {
    const { status, result, text } = await ask('{ leak who }');
    expect([status, result.data]).toEqual([200, { leak: null, who: 'acme' }]);
    expect(result.errors?.[0]?.extensions).toMatchObject({ code: 'P_SECRET' });
    expect(text).not.toContain(KEY);
  });

  it('what only the whole answer shows is judged there: field resolvers, messages of errors', async () => {
    for (const query of ['{ rows { name deep } }', '{ throws }']) {
      const { status, result, text } = await ask(query);
      expect(text).not.toContain(KEY);
      expect(status).toBe(200);
      if (query.includes('rows')) {
        expect(result.data).toBeNull();
        expect(result.errors?.[0]?.extensions).toMatchObject({ code: 'P_SECRET' });
      }
    }
  });

  it('G1: a subscription ends with an error when a key comes in pieces', async () => {
    returned = 0;
    const results = await subscribed(server.port, 'subscription { words }');
    expect(JSON.stringify(results)).not.toContain(SECOND);
    expect(results[0]).toEqual({ data: { words: 'Hello ' } });
    expect(results.at(-1)?.errors?.[0]?.extensions).toMatchObject({ code: 'P_SECRET' });
    expect(returned).toBe(1);
  });

  it('what a subscription fails with is judged', async () => {
    for (const field of ['fails', 'refuses']) {
      const results = await subscribed(server.port, `subscription { ${field} }`);
      expect(JSON.stringify(results)).not.toContain(KEY);
      expect(results.at(-1)?.errors?.[0]?.extensions).toMatchObject({ code: 'P_SECRET' });
    }
  });

  it('a subscriber that leaves stops the producer', async () => {
    returned = 0;
    const results = await subscribed(server.port, 'subscription { ticks }', 2);
    expect(results.map(({ data }) => data)).toEqual([{ ticks: 0 }, { ticks: 1 }]);
    await expect.poll(() => returned, { timeout: 3_000 }).toBe(1);
  });

  it('G2: a subscription that nothing objects to ends as it was', async () => {
    const results = await subscribed(server.port, 'subscription { count }');
    expect(results.map(({ data }) => data)).toEqual([{ count: 0 }, { count: 1 }, { count: 2 }]);
  });
});
