// Interceptors of the application that answer for a handler or call it again, and filters that tell what it failed
// with.
import {
  BadRequestException,
  Catch,
  Controller,
  Get,
  HttpException,
  Injectable,
  Module,
  Query,
  Redirect,
  UseFilters,
  UseInterceptors,
  type ArgumentsHost,
  type CallHandler,
  type ExecutionContext,
  type ModuleMetadata,
  type NestInterceptor,
  type PipeTransform,
} from '@nestjs/common';
import { APP_INTERCEPTOR, NestFactory } from '@nestjs/core';
import { ClientProxyFactory, MessagePattern, Payload, Transport } from '@nestjs/microservices';
import { WsAdapter } from '@nestjs/platform-ws';
import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { currentInteraction } from '@flyball/http';
import { lastValueFrom, map, of, retry, tap, throwError, toArray, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';

import { GovernanceModule } from '../src/index.ts';
import { microservices } from '../src/microservices.ts';
import { webSockets } from '../src/websockets.ts';
import { governorWith, KEY, listen, PLATFORMS } from './harness.ts';
import { freePort } from './services.ts';

@Injectable()
class Retries implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(retry(2));
  }
}

@Injectable()
class Adds implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map(() => ({ event: 'added', data: KEY })));
  }
}

@Injectable()
class Caches implements NestInterceptor {
  readonly #known = new Map<string, unknown>();

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { url } = context.switchToHttp().getRequest<{ url: string }>();
    if (this.#known.has(url)) return of(this.#known.get(url));
    return next.handle().pipe(tap((value) => this.#known.set(url, value)));
  }
}

/** An application that imports the module, as `nest new` makes it: its own providers are scanned before. */
async function appWith(parts: ModuleMetadata, policy: Parameters<typeof governorWith>[0] = {}) {
  const recorded = await governorWith(policy);
  const { governor } = recorded;
  const transports = [webSockets(), microservices()];
  @Module({ ...parts, imports: [GovernanceModule.forRoot({ governor, transports, onWarning: () => {} })] })
  class AppModule {}
  return { AppModule, recorded };
}

describe.each(PLATFORMS)('around a handler on %s', (platform) => {
  it('a cache of the whole application is judged with each hit', async () => {
    @Controller()
    class Cached {
      @Get('leak') leak(): object {
        return { text: KEY };
      }
      @Get('hit') hit(): object {
        return { text: 'hello' };
      }
    }
    const { AppModule, recorded } = await appWith({
      controllers: [Cached],
      providers: [{ provide: APP_INTERCEPTOR, useClass: Caches }],
    });
    await using server = await listen(AppModule, platform);
    for (let n = 0; n < 2; n++) expect((await fetch(`${server.origin}/leak`)).status).toBe(403);
    expect((await fetch(`${server.origin}/hit`)).status).toBe(200);
    await recorded.governor.control.halt({}, { who: 'ada', why: 'test' });
    expect((await fetch(`${server.origin}/hit`)).status).toBe(403);
  });

  it('a handler that is called again is governed again, inside its interaction', async () => {
    const inside: boolean[] = [];
    @Controller()
    class Flaky {
      @Get('flaky') @Redirect() flaky(): object {
        inside.push(currentInteraction() !== undefined);
        if (inside.length < 3) throw new Error('not yet');
        return { url: `https://example.org/?key=${KEY}` };
      }
    }
    const { AppModule, recorded } = await appWith({
      controllers: [Flaky],
      providers: [{ provide: APP_INTERCEPTOR, useClass: Retries }],
    });
    await using server = await listen(AppModule, platform);
    expect((await fetch(`${server.origin}/flaky`, { redirect: 'manual' })).status).toBe(403);
    expect(inside).toEqual([true, true, true]);
    // What is stopped is decided on once, and no retry asks again.
    recorded.decisions.length = 0;
    expect((await fetch(`${server.origin}/flaky?q=secret%20plan`, { redirect: 'manual' })).status).toBe(403);
    expect(recorded.decisions).toHaveLength(1);
  });

  it('D7: shadow judges an address that enforce would have stopped', async () => {
    @Controller()
    class Elsewhere {
      @Get('go') @Redirect() go(@Query('key') key: string): object {
        return { url: `https://example.org/?key=${key ?? KEY}` };
      }
    }
    const { AppModule, recorded } = await appWith({ controllers: [Elsewhere] }, { mode: 'shadow' });
    await using server = await listen(AppModule, platform);
    const answer = await fetch(`${server.origin}/go`, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, `https://example.org/?key=${KEY}`]);
    await expect
      .poll(() => recorded.decisions.some(({ decision }) => decision.verdict?.outcome === 'BLOCK'))
      .toBe(true);
  });
});

class Refuses implements PipeTransform {
  transform(): never {
    throw new BadRequestException({ refused: KEY });
  }
}

/** What a client of `ws` is told. */
async function told(port: number, event: string, data: unknown = {}): Promise<unknown> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  return new Promise((resolve) => {
    socket.once('open', () => socket.send(JSON.stringify({ event, data })));
    socket.once('message', (message: Buffer) => resolve(JSON.parse(message.toString())));
  }).finally(() => socket.close());
}

@Catch()
class TellsSocket {
  catch(error: Error & { getResponse?(): unknown }, host: ArgumentsHost): void {
    const client = host.switchToWs().getClient<WebSocket>();
    client.send(JSON.stringify({ event: 'told', data: error.getResponse?.() ?? error.message }));
  }
}

describe('around a gateway', () => {
  @WebSocketGateway()
  @UseInterceptors(Retries)
  class Retried {
    @SubscribeMessage('retried') retried(): object {
      return { event: 'answer', data: KEY };
    }
  }
  @WebSocketGateway()
  @UseInterceptors(Adds)
  class Added {
    @SubscribeMessage('added') added(): object {
      return { event: 'answer', data: 'hello' };
    }
  }
  @WebSocketGateway()
  @UseFilters(TellsSocket)
  class Telling {
    @SubscribeMessage('fails') fails(): never {
      throw new Error(`broke at ${KEY}`);
    }
    @SubscribeMessage('refuses') refuses(@MessageBody(Refuses) value: unknown): unknown {
      return value;
    }
    @SubscribeMessage('explains') explains(): never {
      throw new HttpException({ code: 'no such order' }, 404);
    }
  }
  const start = async (policy = {}) => {
    const { AppModule, recorded } = await appWith({ providers: [Retried, Added, Telling] }, policy);
    return {
      server: await listen(AppModule, 'express', (app) => app.useWebSocketAdapter(new WsAdapter(app))),
      recorded,
    };
  };

  it('E1: what interceptors of its class call again or add does not leave unjudged', async () => {
    const { server } = await start();
    await using _ = server;
    for (const event of ['retried', 'added'])
      expect(await told(server.port, event)).toMatchObject({ event: 'exception', data: { reason: 'P_SECRET' } });
  });

  it('what filters tell of an error is judged before', async () => {
    const { server } = await start();
    await using _ = server;
    for (const event of ['fails', 'refuses']) {
      const answer = JSON.stringify(await told(server.port, event));
      expect(answer).not.toContain(KEY);
    }
    expect(await told(server.port, 'explains')).toEqual({ event: 'told', data: { code: 'no such order' } });
  });

  it('D7: and in shadow beside them', async () => {
    const { server, recorded } = await start({ mode: 'shadow' });
    await using _ = server;
    expect(await told(server.port, 'fails')).toEqual({ event: 'told', data: `broke at ${KEY}` });
    await expect.poll(() => recorded.decisions.map(({ decision }) => decision.verdict?.outcome)).toContain('BLOCK');
  });
});

@Catch()
class TellsCaller {
  catch(error: Error & { getResponse?(): unknown }): Observable<never> {
    return throwError(() => error.getResponse?.() ?? { message: error.message });
  }
}

@Controller()
@UseInterceptors(Retries)
class RetriedShop {
  @MessagePattern('retried') retried(): string {
    return KEY;
  }
}

@Controller()
@UseInterceptors(Adds)
class AddingShop {
  @MessagePattern('added') added(): string {
    return 'hello';
  }
}

@Controller()
@UseFilters(TellsCaller)
class TellingShop {
  @MessagePattern('fails') fails(): never {
    throw new Error(`broke at ${KEY}`);
  }
  @MessagePattern('refuses') refuses(@Payload(Refuses) value: unknown): unknown {
    return value;
  }
  @MessagePattern('explains') explains(): never {
    throw new HttpException({ code: 'no such order' }, 404);
  }
}

describe.each(['standalone', 'hybrid'] as const)('around messages of a %s microservice', (how) => {
  it('what interceptors call again or add, and what filters tell, is judged', async () => {
    const { AppModule } = await appWith({
      controllers: [RetriedShop, AddingShop, TellingShop],
    });
    const options = { transport: Transport.TCP, options: { host: '127.0.0.1', port: await freePort() } } as const;
    const settings = { logger: false, abortOnError: false } as const;
    let close: () => Promise<void>;
    if (how === 'standalone') {
      const service = await NestFactory.createMicroservice(AppModule, { ...settings, ...options });
      await service.listen();
      close = async () => service.close();
    } else {
      const app = await NestFactory.create(AppModule, settings);
      // What is global does not reach it.
      app.connectMicroservice(options);
      await app.startAllMicroservices();
      await app.init();
      close = async () => app.close();
    }
    const client = ClientProxyFactory.create(options);
    const ask = async (pattern: string): Promise<unknown> =>
      lastValueFrom(client.send<unknown>(pattern, {}).pipe(toArray())).catch((error: unknown) => ({
        error,
      }));
    for (const pattern of ['retried', 'added', 'fails', 'refuses']) {
      const answer = await ask(pattern);
      expect(answer, pattern).toHaveProperty('error');
      expect(JSON.stringify(answer), pattern).not.toContain(KEY);
    }
    expect(await ask('explains')).toEqual({ error: { code: 'no such order' } });
    await client.close();
    await close();
  });
});
