import { once } from 'node:events';

import { Module } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { WsAdapter } from '@nestjs/platform-ws';
import {
  Ack,
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
  WsException,
  type WsResponse,
} from '@nestjs/websockets';
import { concat, delay, finalize, from, interval, map, of, type Observable } from 'rxjs';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';

import { CurrentInteraction, Decision, Governance, GovernanceModule } from '../src/index.ts';
import { webSockets } from '../src/websockets.ts';
import { governorWith, KEY, KEY_HALVES, listen, type Listening, type Recorded } from './harness.ts';

const [FIRST, SECOND] = KEY_HALVES;

@WebSocketGateway()
class ChatGateway {
  @WebSocketServer() server!: { emit(event: string, ...data: unknown[]): unknown };
  readonly asked: unknown[] = [];
  ended = 0;

  @SubscribeMessage('value') value(@MessageBody() data: { text: string }): WsResponse {
    this.asked.push(data);
    return { event: 'answer', data: { text: data.text } };
  }

  @SubscribeMessage('leak') leak(): WsResponse {
    return { event: 'answer', data: { key: KEY } };
  }

  @SubscribeMessage('tokens') tokens(): Observable<WsResponse> {
    return from(['Hello ', FIRST, SECOND, ' bye'].map((data) => ({ event: 'token', data })));
  }

  @SubscribeMessage('slow') slow(): Observable<WsResponse> {
    const token = (data: string): WsResponse => ({ event: 'token', data });
    return concat(of(token('one ')), of(token('two ')).pipe(delay(30)), of(token('done')));
  }

  @SubscribeMessage('endless') endless(): Observable<WsResponse> {
    return interval(5).pipe(
      map((n) => ({ event: 'token', data: `tick ${n} ` })),
      finalize(() => this.ended++),
    );
  }

  @SubscribeMessage('masked') masked(): WsResponse {
    return { event: 'answer', data: { card: 'card 4111 ok' } };
  }

  @SubscribeMessage('throws') throws(): never {
    throw new WsException(`broke at ${KEY}`);
  }

  @SubscribeMessage('acked') acked(): object {
    return { key: KEY };
  }

  @SubscribeMessage('acks') acks(@Ack() ack: (answer: object) => void): void {
    ack({ key: KEY });
  }

  @SubscribeMessage('acks-masked') acksMasked(@Ack() ack: (answer: object) => void): void {
    ack({ card: 'card 4111 ok' });
  }

  @SubscribeMessage('who') who(
    @CurrentInteraction() interaction: { id: string },
    @Decision() decision: { outcome: string },
    @ConnectedSocket() client: object,
  ): WsResponse {
    return { event: 'answer', data: { id: typeof interaction.id, outcome: decision.outcome, client: typeof client } };
  }
}

/** A client of either kind: what it sends, and what it got. */
interface Client {
  send(event: string, data?: unknown): void;
  readonly got: { readonly event: string; readonly data: unknown }[];
  until(count: number): Promise<void>;
  close(): void;
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 300 && !holds(); tries++) await new Promise((resolve) => setTimeout(resolve, 10));
}

async function wsClient(port: number): Promise<Client> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  const got: { event: string; data: unknown }[] = [];
  socket.on('message', (message: Buffer) => got.push(JSON.parse(message.toString()) as (typeof got)[number]));
  await once(socket, 'open');
  return {
    send: (event, data) => socket.send(JSON.stringify({ event, data })),
    got,
    until: async (count) => until(() => got.length >= count),
    close: () => socket.close(),
  };
}

async function ioClient(port: number): Promise<Client & { readonly socket: Socket }> {
  const socket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'] });
  const got: { event: string; data: unknown }[] = [];
  socket.onAny((event: string, data: unknown) => got.push({ event, data }));
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  return {
    socket,
    send: (event, data) => socket.emit(event, data),
    got,
    until: async (count) => until(() => got.length >= count),
    close: () => socket.close(),
  };
}

const PLATFORMS = [
  ['ws', WsAdapter, wsClient],
  ['socket.io', IoAdapter, ioClient],
] as const;

describe.each(PLATFORMS)('a gateway on %s', (_name, Adapter, connect) => {
  let server: Listening;
  let recorded: Recorded;
  let client: Client;

  beforeAll(async () => {
    recorded = await governorWith();
    @Module({
      imports: [
        GovernanceModule.forRoot({
          governor: recorded.governor,
          transports: [webSockets()],
          subject: () => ({ tenant: 'acme' }),
          onWarning: () => {},
        }),
      ],
      providers: [ChatGateway],
    })
    class AppModule {}
    server = await listen(AppModule, 'express', (app) => app.useWebSocketAdapter(new Adapter(app)));
    client = await connect(server.port);
  });
  afterAll(async () => {
    client.close();
    await server[Symbol.asyncDispose]();
  });

  const ask = async (event: string, data?: unknown, count = 1): Promise<Client['got']> => {
    client.got.length = 0;
    client.send(event, data ?? {});
    await client.until(count);
    return [...client.got];
  };

  it('lets through what nothing objects to, decided once', async () => {
    recorded.decisions.length = 0;
    expect(await ask('value', { text: 'hi' })).toEqual([{ event: 'answer', data: { text: 'hi' } }]);
    await until(() => recorded.decisions.length > 1);
    expect(recorded.decisions.map(({ stage }) => stage)).toEqual(['input', 'output']);
    expect(recorded.events[0]?.resource).toEqual({ route: 'value' });
  });

  it('E1: a message is stopped before its handler runs, and its sender is told without an echo', async () => {
    const gateway = server.app.get(ChatGateway);
    gateway.asked.length = 0;
    const [told] = await ask('value', { text: 'the secret plan' });
    expect(told).toMatchObject({ event: 'exception', data: { reason: 'P_SECRET', status: 403 } });
    expect(JSON.stringify(told)).not.toContain('secret plan');
    expect(gateway.asked).toEqual([]);
  });

  it('E1: edits reach the handler', async () => {
    const gateway = server.app.get(ChatGateway);
    gateway.asked.length = 0;
    await ask('value', { text: 'card 4111 please' });
    expect(gateway.asked).toEqual([{ text: 'card [x] please' }]);
  });

  it('E1: what a handler answers is refused, or masked', async () => {
    const [told] = await ask('leak');
    expect(told).toMatchObject({ event: 'exception', data: { reason: 'P_SECRET' } });
    expect(await ask('masked')).toEqual([{ event: 'answer', data: { card: 'card [x] ok' } }]);
  });

  it('G1: a key that is cut over emissions does not leave', async () => {
    const got = await ask('tokens', {}, 2);
    expect(got.map(({ event }) => event)).toEqual(['token', 'exception']);
    expect(got[0]?.data).toBe('Hello ');
    expect(JSON.stringify(got)).not.toContain(SECOND);
  });

  it('G2: emissions leave one by one, as they were', async () => {
    const got = await ask('slow', {}, 3);
    expect(got.map(({ data }) => data)).toEqual(['one ', 'two ', 'done']);
  });

  it('what a handler throws is judged where its caller is shown it', async () => {
    const [told] = await ask('throws');
    expect(JSON.stringify(told)).not.toContain(KEY);
    expect(told).toMatchObject({ event: 'exception', data: { reason: 'P_SECRET' } });
  });

  it('handlers find their interaction and the decision', async () => {
    expect(await ask('who')).toEqual([{ event: 'answer', data: { id: 'string', outcome: 'ALLOW', client: 'object' } }]);
  });

  it('a client that leaves stops the producer', async () => {
    const gateway = server.app.get(ChatGateway);
    const leaving = await connect(server.port);
    leaving.send('endless', {});
    await leaving.until(2);
    expect(gateway.ended).toBe(0);
    leaving.close();
    await until(() => gateway.ended > 0);
    expect(gateway.ended).toBe(1);
  });

  it('what is sent past handlers goes through an emitter', async () => {
    const governance = server.app.get(Governance);
    const sent: unknown[] = [];
    const emitter = governance.emitter(
      { emit: (...given) => sent.push(given) },
      recorded.governor.interaction({ tenant: 'acme' }),
    );
    expect(await emitter.emit('news', `key ${KEY}`)).toBe(false);
    expect(await emitter.emit('news', 'card 4111')).toBe(true);
    expect(sent).toEqual([['news', 'card [x]']]);
  });
});

describe('acknowledgements of socket.io', () => {
  let server: Listening;
  let client: Client & { readonly socket: Socket };

  beforeAll(async () => {
    const { governor } = await governorWith();
    @Module({
      imports: [GovernanceModule.forRoot({ governor, transports: [webSockets()], onWarning: () => {} })],
      providers: [ChatGateway],
    })
    class AppModule {}
    server = await listen(AppModule, 'express', (app) => app.useWebSocketAdapter(new IoAdapter(app)));
    client = await ioClient(server.port);
  });
  afterAll(async () => {
    client.close();
    await server[Symbol.asyncDispose]();
  });

  const ask = async (event: string, data: object = {}): Promise<unknown> =>
    client.socket.timeout(3000).emitWithAck(event, data) as Promise<unknown>;

  it('end, where the message was stopped', async () => {
    expect(await ask('acked', { text: 'the secret plan' })).toMatchObject({ error: { reason: 'P_SECRET' } });
  });

  it('end, where the answer was stopped', async () => {
    expect(await ask('acked')).toMatchObject({ error: { reason: 'P_SECRET' } });
  });

  it('are judged where a handler calls them itself', async () => {
    expect(await ask('acks')).toMatchObject({ error: { reason: 'P_SECRET' } });
    expect(await ask('acks-masked')).toEqual({ card: 'card [x] ok' });
  });
});

describe('start-up', () => {
  it('is refused where gateways would run ungoverned', async () => {
    const { governor } = await governorWith();
    @Module({ imports: [GovernanceModule.forRoot({ governor, onWarning: () => {} })], providers: [ChatGateway] })
    class AppModule {}
    await expect(listen(AppModule, 'express', (app) => app.useWebSocketAdapter(new WsAdapter(app)))).rejects.toThrow(
      '`ChatGateway.value` would run ungoverned: add `webSockets()` from `@flyball/nestjs/websockets`',
    );
    await governor.close();
  });

  it('says that a gateway holds its server', async () => {
    const { governor } = await governorWith();
    const warned: string[] = [];
    @Module({
      imports: [
        GovernanceModule.forRoot({ governor, transports: [webSockets()], onWarning: ({ code }) => warned.push(code) }),
      ],
      providers: [ChatGateway],
    })
    class AppModule {}
    await using _server = await listen(AppModule, 'express', (app) => app.useWebSocketAdapter(new WsAdapter(app)));
    expect(warned).toContain('FLYBALL_BROADCASTS');
  });
});

describe('in mode off', () => {
  it('E4: what a handler answers is read by whoever sends it, and by nobody else', async () => {
    const { governor } = await governorWith({ mode: 'off' });
    const reads: string[] = [];
    @WebSocketGateway()
    class Counting {
      @SubscribeMessage('count') count(): Observable<WsResponse> {
        const one = (n: number): WsResponse => ({
          event: 'token',
          data: {
            get text() {
              reads.push(`read ${n}`);
              return KEY;
            },
          },
        });
        return from([one(1), one(2)]);
      }
    }
    @Module({
      imports: [GovernanceModule.forRoot({ governor, transports: [webSockets()], onWarning: () => {} })],
      providers: [Counting],
    })
    class AppModule {}
    await using server = await listen(AppModule, 'express', (app) => app.useWebSocketAdapter(new WsAdapter(app)));
    const client = await wsClient(server.port);
    client.send('count', {});
    await client.until(2);
    expect(client.got).toEqual([1, 2].map(() => ({ event: 'token', data: { text: KEY } })));
    expect(reads).toEqual(['read 1', 'read 2']);
    client.close();
  });
});

describe('in shadow', () => {
  it('E4: messages pass as they are, and are judged by what is found out meanwhile', async () => {
    const recorded = await governorWith({ mode: 'shadow' });
    @Module({
      imports: [
        GovernanceModule.forRoot({
          governor: recorded.governor,
          transports: [webSockets()],
          subject: async () => ({ tenant: 'late' }),
          attributes: async () => ({ plan: 'free' }),
          onWarning: () => {},
        }),
      ],
      providers: [ChatGateway],
    })
    class AppModule {}
    await using server = await listen(AppModule, 'express', (app) => app.useWebSocketAdapter(new WsAdapter(app)));
    const client = await wsClient(server.port);
    client.send('tokens', { text: 'the secret plan' });
    await client.until(4);
    expect(client.got.map(({ data }) => data).join('')).toBe(`Hello ${KEY} bye`);
    await until(() => recorded.events.length === 2);
    expect(recorded.events.map(({ stage, subject, attributes }) => ({ stage, subject, attributes }))).toEqual(
      ['input', 'output'].map((stage) => ({ stage, subject: { tenant: 'late' }, attributes: { plan: 'free' } })),
    );
    expect(recorded.decisions.map(({ decision }) => [decision.outcome, decision.verdict])).toEqual([
      ['NO_OP', expect.anything()],
      ['NO_OP', expect.anything()],
    ]);
    client.close();
  });
});
