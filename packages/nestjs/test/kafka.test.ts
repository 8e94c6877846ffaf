// Kafka goes by the seam of all microservices. No broker is needed for it: the strategy here hands records to handlers
// and takes their replies as Nest's own server for Kafka does, with its context.
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  EventPattern,
  KafkaContext,
  MessagePattern,
  Payload,
  Server,
  type CustomTransportStrategy,
} from '@nestjs/microservices';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { GovernanceModule } from '../src/index.ts';
import { microservices } from '../src/microservices.ts';
import { governorWith, KEY_HALVES, type Recorded } from './harness.ts';

interface Reply {
  readonly response?: unknown;
  readonly err?: unknown;
}

/** Records of a topic, in memory. */
class Records extends Server implements CustomTransportStrategy {
  listen(done: () => void): void {
    done();
  }

  close(): void {}

  on(): void {}

  unwrap<T>(): T {
    return undefined as T;
  }

  /** A record that waits for replies. */
  async ask(topic: string, value: unknown): Promise<readonly Reply[]> {
    const replies: Reply[] = [];
    const handler = this.getHandlerByPattern(topic)!;
    const waits = { kafka_correlationId: '1', kafka_replyTopic: `${topic}.reply` };
    const answers = this.transformToObservable(
      await handler(value, contextOf(topic, value, waits)),
    ) as Observable<unknown>;
    return new Promise((resolve) => {
      this.send(answers as never, async ({ response, err, isDisposed }) => {
        if (response !== undefined || err !== undefined) replies.push(err === undefined ? { response } : { err });
        if (isDisposed === true) resolve(replies);
      });
    });
  }

  /** A record that waits for nothing. Kafka hands it out again where this rejects. */
  async tell(topic: string, value: unknown): Promise<void> {
    const handled: unknown = await this.getHandlerByPattern(topic)!(value, contextOf(topic, value));
    await lastValueFrom(this.transformToObservable<unknown>(handled));
  }
}

const contextOf = (topic: string, value: unknown, headers: object = {}): KafkaContext =>
  new KafkaContext([
    { value, headers } as never,
    0,
    topic,
    undefined as never,
    async () => undefined,
    undefined as never,
  ]);

const seen: unknown[] = [];

@Controller()
class Shop {
  @MessagePattern('shop.echo') echo(@Payload() data: unknown): unknown {
    seen.push(data);
    return data;
  }

  @MessagePattern('shop.stream') stream(): Observable<string> {
    return from(['Hello ', ...KEY_HALVES, ' bye']);
  }

  @EventPattern('shop.told') told(@Payload() data: unknown): void {
    seen.push(data);
  }
}

let recorded: Recorded;
let records: Records;
let close: () => Promise<void>;
beforeAll(async () => {
  recorded = await governorWith();
  records = new Records();
  @Module({
    imports: [
      GovernanceModule.forRoot({
        governor: recorded.governor,
        transports: [microservices()],
        subject: () => ({ tenant: 'acme' }),
        onWarning: () => {},
      }),
    ],
    controllers: [Shop],
  })
  class AppModule {}
  const service = await NestFactory.createMicroservice(AppModule, {
    ...{ logger: false, abortOnError: false },
    strategy: records,
  });
  await service.listen();
  close = async () => service.close();
}, 180_000);
afterAll(async () => close());

it('the topic is the resource; what nothing objects to passes, and edits reach the handler', async () => {
  expect(await records.ask('shop.echo', { prompt: 'card 4111' })).toEqual([{ response: { prompt: 'card [x]' } }]);
  expect(recorded.events[0]?.resource).toEqual({ route: 'shop.echo' });
});

it('E1: a stop is the error of the reply', async () => {
  seen.length = 0;
  const [reply] = await records.ask('shop.echo', { prompt: 'the secret plan' });
  expect([reply?.err, seen]).toMatchObject([{ reason: 'P_SECRET', status: 403 }, []]);
});

it('G1: a key that is cut over replies does not leave', async () => {
  const replies = await records.ask('shop.stream', {});
  expect(replies).toMatchObject([{ response: 'Hello ' }, { err: { reason: 'P_SECRET' } }]);
});

it('a stopped event reaches no handler, and is not handed out again', async () => {
  seen.length = 0;
  recorded.decisions.length = 0;
  await records.tell('shop.told', { prompt: 'the secret plan' });
  await records.tell('shop.told', { prompt: 'hello' });
  expect(seen).toEqual([{ prompt: 'hello' }]);
  expect(recorded.decisions[0]?.decision).toMatchObject({ outcome: 'BLOCK', reason: 'P_SECRET' });
});
