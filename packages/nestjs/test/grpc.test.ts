import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  ClientProxyFactory,
  GrpcMethod,
  GrpcStreamMethod,
  Payload,
  RpcException,
  Transport,
  type MicroserviceOptions,
} from '@nestjs/microservices';
import { from, lastValueFrom, of, type Observable } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { GovernanceModule, Ungoverned } from '../src/index.ts';
import { microservices } from '../src/microservices.ts';
import { governorWith, KEY, KEY_HALVES, type Recorded } from './harness.ts';
import { freePort } from './services.ts';

const PROTO = `syntax = "proto3";
package shop;
service Orders {
  rpc Echo (Text) returns (Text);
  rpc Leak (Text) returns (Text);
  rpc Throws (Text) returns (Text);
  rpc Stream (Text) returns (stream Text);
  rpc Collect (stream Text) returns (Text);
  rpc CollectAnyway (stream Text) returns (Text);
}
message Text { string prompt = 1; }
`;

interface Text {
  readonly prompt: string;
}

interface Failure {
  readonly code: number;
  readonly details: string;
  readonly metadata: { get(name: string): readonly unknown[] };
}

const seen: unknown[] = [];

@Controller()
class Orders {
  @GrpcMethod('Orders', 'Echo') echo(@Payload() { prompt }: Text): Text {
    seen.push(prompt);
    return { prompt };
  }

  @GrpcMethod('Orders', 'Leak') leak(): Text {
    return { prompt: `key ${KEY}` };
  }

  @GrpcMethod('Orders', 'Throws') throws(): never {
    throw new RpcException({ code: 5, message: `nothing for ${KEY}` });
  }

  @GrpcMethod('Orders', 'Stream') stream(): Observable<Text> {
    return from(['Hello ', ...KEY_HALVES, ' bye'].map((prompt) => ({ prompt })));
  }

  @GrpcStreamMethod('Orders', 'Collect') collect(): Text {
    seen.push('collect');
    return { prompt: 'collected' };
  }

  @Ungoverned() @GrpcStreamMethod('Orders', 'CollectAnyway') collectAnyway(): Observable<Text> {
    return of({ prompt: 'collected' });
  }
}

describe('a microservice over gRPC', () => {
  let recorded: Recorded;
  let orders: Record<string, (data: unknown) => Observable<Text>>;
  let close: () => Promise<unknown>;

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'flyball-proto-'));
    const protoPath = join(folder, 'shop.proto');
    writeFileSync(protoPath, PROTO);
    recorded = await governorWith();
    const { governor } = recorded;
    @Module({
      imports: [
        GovernanceModule.forRoot({
          governor,
          transports: [microservices()],
          subject: () => ({ tenant: 'acme' }),
          onWarning: () => {},
        }),
      ],
      controllers: [Orders],
    })
    class AppModule {}
    const options: MicroserviceOptions = {
      transport: Transport.GRPC,
      options: { package: 'shop', protoPath, url: `127.0.0.1:${await freePort()}` },
    };
    const service = await NestFactory.createMicroservice(AppModule, {
      logger: false,
      abortOnError: false,
      ...options,
    });
    await service.listen();
    const client = ClientProxyFactory.create(options as never) as unknown as {
      getService(name: string): typeof orders;
      close(): void;
    };
    orders = client.getService('Orders');
    close = async () => {
      client.close();
      await service.close();
      rmSync(folder, { recursive: true });
    };
  });
  afterAll(async () => close());

  /** The values of a call, and how it ended. */
  const call = async (name: string, data: unknown = { prompt: 'hi' }) => {
    const values: string[] = [];
    const failure = await new Promise<Failure | undefined>((resolve) =>
      orders[name]!(data).subscribe({
        next: ({ prompt }) => values.push(prompt),
        error: resolve,
        complete: () => resolve(undefined),
      }),
    );
    return { values, failure };
  };

  it('lets through what nothing objects to, by the path of the method', async () => {
    recorded.events.length = 0;
    expect(await lastValueFrom(orders['echo']!({ prompt: 'card 4111' }))).toEqual({ prompt: 'card [x]' });
    expect(recorded.events[0]?.resource).toEqual({ route: '/shop.Orders/Echo' });
  });

  it('E1: a call is stopped before its handler runs, with a status and the problem', async () => {
    seen.length = 0;
    const { failure } = await call('echo', { prompt: 'the secret plan' });
    expect([failure?.code, failure?.details]).toEqual([7, 'A policy of this service stopped this.']);
    const [problem] = failure!.metadata.get('flyball-problem-bin');
    expect(JSON.parse(String(problem))).toMatchObject({ reason: 'P_SECRET', status: 403 });
    expect(seen).toEqual([]);
  });

  it('E1: what a handler answers, and what it throws, is refused', async () => {
    for (const name of ['leak', 'throws']) {
      const { values, failure } = await call(name);
      expect([values, failure?.code]).toEqual([[], 7]);
      expect(failure?.details).not.toContain(KEY);
    }
  });

  it('G1: a key that is cut over messages does not leave', async () => {
    const { values, failure } = await call('stream');
    expect([values, failure?.code]).toEqual([['Hello '], 7]);
  });

  it('what a client streams is read by nobody, so it is stopped unless the handler is `@Ungoverned()`', async () => {
    seen.length = 0;
    const { failure } = await call('collect', of({ prompt: 'hi' }));
    expect(failure?.code).toBe(14);
    expect(seen).toEqual([]);
    expect((await call('collectAnyway', of({ prompt: 'hi' }))).values).toEqual(['collected']);
  });
});
