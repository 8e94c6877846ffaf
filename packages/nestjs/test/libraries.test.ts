// What applications put around handlers, with the right value each: caches, Passport, versions and prefixes, pipes,
// filters, scopes.
import { CacheInterceptor, CacheModule } from '@nestjs/cache-manager';
import {
  Body,
  Catch,
  Controller,
  Get,
  HttpException,
  Inject,
  Injectable,
  Module,
  Param,
  Post,
  Query,
  Scope,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
  ValidationPipe,
  Version,
  VersioningType,
  type ArgumentsHost,
  type ExceptionFilter,
  type INestApplication,
  type ModuleMetadata,
} from '@nestjs/common';
import { APP_FILTER, ContextIdFactory, HttpAdapterHost, REQUEST, type ContextIdStrategy } from '@nestjs/core';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import { currentInteraction } from '@flyball/http';
import { IsString, MaxLength } from 'class-validator';
import { Strategy } from 'passport-http-bearer';
import { describe, expect, it } from 'vitest';

import {
  CurrentInteraction,
  GovernanceException,
  GovernanceModule,
  type GovernanceModuleOptions,
} from '../src/index.ts';
import { governorWith, KEY, listen, PLATFORMS, type Listening, type Platform, type Recorded } from './harness.ts';

async function started(
  platform: Platform,
  parts: ModuleMetadata,
  prepare: (app: INestApplication) => unknown = () => undefined,
  options: Partial<GovernanceModuleOptions> = {},
): Promise<Recorded & { readonly server: Listening }> {
  const recorded = await governorWith();
  const { governor } = recorded;
  @Module({
    ...parts,
    imports: [GovernanceModule.forRoot({ governor, onWarning: () => {}, ...options }), ...(parts.imports ?? [])],
  })
  class AppModule {}
  return { ...recorded, server: await listen(AppModule, platform, prepare) };
}

const post = (url: string, body: unknown, headers = {}): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

class Question {
  @IsString() @MaxLength(20) prompt!: string;
}

@Injectable({ scope: Scope.REQUEST, durable: true })
class Desk {
  static made = 0;
  readonly tenant: string;
  constructor(@Inject(REQUEST) request: { readonly tenant: string }) {
    Desk.made++;
    this.tenant = request.tenant;
  }
}

describe.each(PLATFORMS)('beside governance, on %s', (platform) => {
  it('a cache keeps what the handler said, and each hit is judged anew', async () => {
    let ran = 0;
    @Controller()
    @UseInterceptors(CacheInterceptor)
    class Cached {
      @Get('clean') clean(): object {
        ran++;
        return { text: 'card 4111 ok' };
      }
      @Get('leak') leak(): object {
        ran++;
        return { text: KEY };
      }
    }
    const { server, decisions } = await started(platform, { imports: [CacheModule.register()], controllers: [Cached] });
    await using _ = server;
    for (let n = 0; n < 2; n++) {
      expect(await (await fetch(`${server.origin}/clean`)).json()).toEqual({ text: 'card [x] ok' });
      expect((await fetch(`${server.origin}/leak`)).status).toBe(403);
    }
    expect(ran).toBe(2);
    expect(decisions.filter(({ stage }) => stage === 'output')).toHaveLength(4);
  });

  it('the user that Passport has found is the subject, and strangers are decided about by nobody', async () => {
    class Bearer extends PassportStrategy(Strategy) {
      validate(token: string): object | false {
        return token === 'ada-token' ? { id: 'ada' } : false;
      }
    }
    @Controller()
    class Mine {
      @Get('mine') @UseGuards(AuthGuard('bearer')) mine(
        @CurrentInteraction() interaction: { subject: object },
      ): object {
        return interaction.subject;
      }
    }
    const subject: GovernanceModuleOptions['subject'] = (context) => {
      const { user } = context.switchToHttp().getRequest<{ user?: { id: string } }>();
      return user && { tenant: 'acme', user: user.id };
    };
    const { server, decisions } = await started(
      platform,
      { imports: [PassportModule], providers: [Bearer], controllers: [Mine] },
      undefined,
      { subject },
    );
    await using _ = server;
    expect((await fetch(`${server.origin}/mine`)).status).toBe(401);
    expect(decisions).toEqual([]);
    const answer = await fetch(`${server.origin}/mine`, { headers: { authorization: 'Bearer ada-token' } });
    expect(await answer.json()).toEqual({ tenant: 'acme', user: 'ada' });
  });

  it.each([
    ['in the path', { type: VersioningType.URI }, '/api/v2/orders/7', {}],
    ['in a header', { type: VersioningType.HEADER, header: 'x-version' }, '/api/orders/7', { 'x-version': '2' }],
    ['in the media type', { type: VersioningType.MEDIA_TYPE, key: 'v=' }, '/api/orders/7', { accept: '*/*;v=2' }],
  ] as const)(
    'prefixes and versions %s lead to the handler, whose route is the resource',
    async (_name, how, path, headers) => {
      @Controller('orders')
      class Orders {
        @Get(':id') @Version('1') first(): string {
          return 'the first';
        }
        @Get(':id') @Version('2') second(@Param('id') id: string): string {
          return `the second of ${id}, card 4111`;
        }
      }
      const { server, events } = await started(platform, { controllers: [Orders] }, (app) =>
        app.setGlobalPrefix('api').enableVersioning(how),
      );
      await using _ = server;
      const answer = await fetch(server.origin + path, { headers });
      expect(await answer.text()).toBe('the second of 7, card [x]');
      expect(events.map(({ resource }) => resource.route)).toEqual(
        Array<string>(2).fill(how.type === VersioningType.URI ? '/api/v2/orders/:id' : '/api/orders/:id'),
      );
      expect((await fetch(`${server.origin}/nowhere`)).status).toBe(404);
    },
  );

  it('pipes see what governance has left of the body, and refuse as they do', async () => {
    const seen: unknown[] = [];
    @Controller()
    class Ask {
      @Post('ask') @UsePipes(new ValidationPipe({ whitelist: true, transform: true, expectedType: Question })) ask(
        @Body() question: Question,
      ): object {
        seen.push(question);
        return { asked: question.prompt };
      }
    }
    const { server } = await started(platform, { controllers: [Ask] });
    await using _ = server;
    const ask = (body: unknown): Promise<Response> => post(`${server.origin}/ask`, body);
    expect(await (await ask({ prompt: 'card 4111', more: 1 })).json()).toEqual({ asked: 'card [x]' });
    expect(seen).toEqual([Object.assign(new Question(), { prompt: 'card [x]' })]);
    expect((await ask({ prompt: 'far more than twenty characters' })).status).toBe(400);
    expect((await ask({ prompt: 7 })).status).toBe(400);
    // Decided before it is validated.
    expect((await ask({ other: 'the secret plan' })).status).toBe(403);
  });

  it('filters of the application answer its own exceptions, and denials where they ask for them', async () => {
    @Catch()
    class Everything implements ExceptionFilter {
      readonly #host: HttpAdapterHost;
      constructor(@Inject(HttpAdapterHost) host: HttpAdapterHost) {
        this.#host = host;
      }
      catch(error: unknown, host: ArgumentsHost): void {
        const status = error instanceof HttpException ? error.getStatus() : 500;
        this.#host.httpAdapter.reply(host.switchToHttp().getResponse(), { own: String(error) }, status);
      }
    }
    @Catch(GovernanceException)
    class Denials implements ExceptionFilter {
      catch(error: GovernanceException, host: ArgumentsHost): void {
        const response = host.switchToHttp().getResponse<{
          status(code: number): { send(body: object): void };
        }>();
        response.status(418).send({ own: error.getStatus() });
      }
    }
    @Controller()
    class Failing {
      @Post('fails') fails(): never {
        throw new Error(`card 4111`);
      }
      @Post('own') @UseFilters(Denials) own(): string {
        return 'own';
      }
    }
    const { server } = await started(platform, {
      providers: [{ provide: APP_FILTER, useClass: Everything }],
      controllers: [Failing],
    });
    await using _ = server;
    const fails = await post(`${server.origin}/fails`, {});
    expect([fails.status, await fails.json()]).toEqual([500, { own: 'Error: card [x]' }]);
    const denied = await post(`${server.origin}/fails`, { prompt: 'the secret plan' });
    expect([denied.status, denied.headers.get('content-type')]).toEqual([
      403,
      expect.stringMatching(/^application\/problem\+json/),
    ]);
    const own = await post(`${server.origin}/own`, { prompt: 'the secret plan' });
    expect([own.status, await own.json()]).toEqual([418, { own: 403 }]);
  });

  it('E7: controllers of a request, and providers of a tenant, find the interaction', async () => {
    class ByTenant implements ContextIdStrategy<{ readonly headers: { readonly [name: string]: string } }> {
      readonly #known = new Map<string, ReturnType<typeof ContextIdFactory.create>>();
      attach: ContextIdStrategy['attach'] = (
        contextId,
        request: { readonly headers: { readonly [name: string]: string } },
      ) => {
        const tenant = request.headers['x-tenant'] ?? 'none';
        const own = this.#known.get(tenant) ?? ContextIdFactory.create();
        this.#known.set(tenant, own);
        return {
          resolve: ({ isTreeDurable }) => (isTreeDurable ? own : contextId),
          payload: { tenant },
        };
      };
    }
    @Controller({ path: 'desk', scope: Scope.REQUEST })
    class Asked {
      readonly #desk: Desk;
      readonly #first = currentInteraction();
      constructor(@Inject(Desk) desk: Desk) {
        this.#desk = desk;
      }
      @Get() ask(@CurrentInteraction() interaction: object, @Query('q') q: string): object {
        return {
          tenant: this.#desk.tenant,
          same: currentInteraction() === interaction,
          before: this.#first === undefined,
          q,
        };
      }
    }
    Desk.made = 0;
    ContextIdFactory.apply(new ByTenant());
    const { server } = await started(platform, { providers: [Desk], controllers: [Asked] });
    await using _ = server;
    const ask = async (tenant: string): Promise<unknown> =>
      (await fetch(`${server.origin}/desk?q=4111`, { headers: { 'x-tenant': tenant } })).json();
    const expected = { same: true, before: true, q: '[x]' };
    expect(await ask('acme')).toEqual({ tenant: 'acme', ...expected });
    expect(await ask('acme')).toEqual({ tenant: 'acme', ...expected });
    expect(await ask('other')).toEqual({ tenant: 'other', ...expected });
    expect(Desk.made).toBe(2);
  });
});
