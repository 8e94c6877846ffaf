import { Controller, Get, Module, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  ClientKafka,
  ClientProxyFactory,
  EventPattern,
  MessagePattern,
  Payload,
  RpcException,
  type ClientProxy,
  type MicroserviceOptions,
} from '@nestjs/microservices';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CurrentInteraction, GovernanceModule } from '../src/index.ts';
import { microservices } from '../src/microservices.ts';
import { governorWith, KEY, KEY_HALVES, type Recorded } from './harness.ts';

const [FIRST, SECOND] = KEY_HALVES;
const seen: unknown[] = [];

/** Others may speak through the same Redis. */
const own = (pattern: string): string => `${pattern}.${process.pid}`;

@Controller()
class Shop {
  @MessagePattern(own('echo')) echo(
    @Payload() data: unknown,
    @CurrentInteraction() interaction: { id: string },
  ): object {
    seen.push(data);
    return { data, governed: typeof interaction.id };
  }

  @MessagePattern(own('leak')) async leak(): Promise<object> {
    return { key: KEY };
  }

  @MessagePattern(own('masked')) masked(): string {
    return 'card 4111 ok';
  }

  @MessagePattern(own('stream')) stream(): Observable<string> {
    return from(['Hello ', FIRST, SECOND, ' bye']);
  }

  @MessagePattern(own('throws')) throws(): never {
    throw new RpcException(`broke at ${KEY}`);
  }

  @EventPattern(own('told')) told(@Payload() data: unknown): void {
    seen.push(data);
  }

  @Get('hello') hello(): string {
    return 'hello';
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 300 && !holds(); tries++) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** What a stream gave, and how it ended: `toArray` would lose what came before an error. */
async function collected(source: Observable<unknown>): Promise<{ values: unknown[]; error?: unknown }> {
  const values: unknown[] = [];
  return new Promise((resolve) =>
    source.subscribe({
      next: (value) => values.push(value),
      error: (error: unknown) => resolve({ values, error }),
      complete: () => resolve({ values }),
    }),
  );
}

function appWith({ governor }: Recorded) {
  @Module({
    imports: [
      GovernanceModule.forRoot({
        governor,
        transports: [microservices()],
        subject: () => ({ tenant: 'acme' }),
        onWarning: () => {},
      }),
    ],
    controllers: [Shop],
  })
  class AppModule {}
  return AppModule;
}

export type Kind = readonly [
  name: string,
  how: 'standalone' | 'hybrid',
  options: () => Promise<MicroserviceOptions>,
  runs: boolean,
];

/** What holds for a microservice whatever carries its messages. */
export function holdsForMicroservice(...[name, how, optionsOf, runs]: Kind): void {
  describe(`a microservice ${name}`, () => {
    cases(how, optionsOf, runs);
  });
}

function cases(how: Kind[1], optionsOf: Kind[2], runs: boolean): void {
  let recorded: Recorded;
  let client: ClientProxy;
  let close: () => Promise<void>;

  beforeAll(async () => {
    if (!runs) return;
    recorded = await governorWith();
    const options = await optionsOf();
    const settings = { logger: false, abortOnError: false } as const;
    if (how === 'standalone') {
      const service = await NestFactory.createMicroservice(appWith(recorded), { ...settings, ...options });
      await service.listen();
      close = async () => service.close();
    } else {
      const app: INestApplication = await NestFactory.create(appWith(recorded), settings);
      app.connectMicroservice(options);
      await app.startAllMicroservices();
      await app.init();
      close = async () => app.close();
    }
    client = ClientProxyFactory.create(options as never) as unknown as ClientProxy;
    // Kafka hands replies to topics that a client has asked for before.
    if (client instanceof ClientKafka)
      for (const pattern of ['echo', 'leak', 'masked', 'stream', 'throws']) client.subscribeToResponseOf(own(pattern));
    await client.connect();
  });
  afterAll(async () => {
    if (!runs) return;
    await client.close();
    await close();
  });

  const ask = async (pattern: string, data: unknown = {}): Promise<unknown> =>
    lastValueFrom(client.send<unknown>(own(pattern), data)).catch((error: unknown) => ({ error }));

  it.skipIf(!runs)('lets through what nothing objects to, decided once', async () => {
    recorded.decisions.length = 0;
    expect(await ask('echo', { prompt: 'hi' })).toEqual({ data: { prompt: 'hi' }, governed: 'string' });
    await until(() => recorded.decisions.length > 1);
    expect(recorded.decisions.map(({ stage }) => stage)).toEqual(['input', 'output']);
    expect(recorded.events[0]?.resource).toEqual({ route: own('echo') });
  });

  it.skipIf(!runs)('E1: a message is stopped before its handler runs, and its caller is told', async () => {
    seen.length = 0;
    expect(await ask('echo', { prompt: 'the secret plan' })).toMatchObject({
      error: { reason: 'P_SECRET', status: 403 },
    });
    expect(seen).toEqual([]);
  });

  it.skipIf(!runs)('E1: edits reach the handler', async () => {
    expect(await ask('echo', { prompt: 'card 4111' })).toMatchObject({ data: { prompt: 'card [x]' } });
  });

  it.skipIf(!runs)('E1: what a handler answers is refused, or masked', async () => {
    expect(await ask('leak')).toMatchObject({ error: { reason: 'P_SECRET' } });
    expect(await ask('masked')).toBe('card [x] ok');
  });

  it.skipIf(!runs)('G1: a key that is cut over values does not leave', async () => {
    const { values, error } = await collected(client.send(own('stream'), {}));
    expect(values).toEqual(['Hello ']);
    expect(error).toMatchObject({ reason: 'P_SECRET' });
  });

  it.skipIf(!runs)('what a handler throws is judged', async () => {
    const told = await ask('throws');
    expect(JSON.stringify(told)).not.toContain(KEY);
    expect(told).toMatchObject({ error: { reason: 'P_SECRET' } });
  });

  it.skipIf(!runs)('an event that was stopped reaches no handler: the record is the only trace', async () => {
    seen.length = 0;
    recorded.decisions.length = 0;
    client.emit(own('told'), { prompt: 'the secret plan' });
    await until(() => recorded.decisions.length > 0);
    client.emit(own('told'), { prompt: 'hello' });
    await until(() => seen.length > 0);
    expect(seen).toEqual([{ prompt: 'hello' }]);
    expect(recorded.decisions[0]?.decision).toMatchObject({ outcome: 'BLOCK', reason: 'P_SECRET' });
  });
}
