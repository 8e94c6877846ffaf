import {
  Controller,
  Get,
  Inject,
  Injectable,
  Module,
  Post,
  Query,
  Req,
  Sse,
  UseFilters,
  UseGuards,
  UseInterceptors,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type MessageEvent,
  type NestInterceptor,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { createGovernor, type Governor } from '@flyball/core';
import { currentInteraction } from '@flyball/http';
import { ClsModule, ClsService } from 'nestjs-cls';
import { interval, lastValueFrom, map, Observable, of } from 'rxjs';
import { describe, expect, it } from 'vitest';

import {
  CurrentGovernance,
  CurrentInteraction,
  Decision,
  Governed,
  GovernanceFilter,
  GovernanceInterceptor,
  GovernanceModule,
  GOVERNOR,
  Ungoverned,
  type CallGovernance,
} from '../src/index.ts';
import { governorWith, listen, PLATFORMS, type Platform } from './harness.ts';

interface Asking {
  user?: { readonly id: string };
  body?: unknown;
  readonly headers: { readonly [name: string]: string | undefined };
}

@Injectable()
class UserGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const req = context.switchToHttp().getRequest<Asking>();
    req.user = { id: req.headers['x-user'] ?? 'nobody' };
    return true;
  }
}

/** As upload interceptors do: the body is there once it has run. */
@Injectable()
class ParsesLate implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const req = context.switchToHttp().getRequest<Asking>();
    req.body = { text: req.headers['x-text'] };
    return next.handle();
  }
}

@Controller()
class Api {
  static ran = 0;
  readonly #governor: Governor;

  constructor(@Inject(GOVERNOR) governor: Governor) {
    this.#governor = governor;
  }

  @Get('who')
  @UseGuards(UserGuard)
  who(
    @CurrentInteraction() interaction: { subject: object },
    @Decision() decision: { outcome: string } | undefined,
    @CurrentGovernance() governance: CallGovernance,
  ): object {
    const ambient = currentInteraction();
    return {
      subject: interaction.subject,
      outcome: decision?.outcome ?? 'none',
      same: ambient === interaction && governance.interaction === ambient,
      injected: this.#governor.status().policies[0]?.id,
    };
  }

  @Sse('ambient') ambient(): Observable<MessageEvent> {
    return new Observable((to) => {
      // Subscribed after the handler has returned.
      to.next({ data: { ambient: currentInteraction() !== undefined } });
      to.complete();
    });
  }

  @Post('upload') @UseInterceptors(ParsesLate, GovernanceInterceptor) upload(@Req() req: Asking): object {
    Api.ran++;
    return { got: req.body };
  }

  @Get('terms') @Governed({ extract: () => 'the secret plan' }) terms(): string {
    return 'terms';
  }

  @Get('other') @Governed({ policy: 'other' }) other(@Query('q') q: string): string {
    return `other ${q}`;
  }

  @Get('free') @Ungoverned() free(@Query('q') q: string): string {
    return `free ${q}`;
  }

  @Sse('endless') endless(): Observable<MessageEvent> {
    return interval(20).pipe(map((n) => ({ data: { text: `tick ${n}` } })));
  }
}

const OTHER = {
  policy: 'other',
  version: 1,
  detectors: [{ id: 'word', phrases: ['blue'] }],
  rules: [{ id: 'word', on: ['input'], detect: 'word', then: 'block', reason: 'P_BLUE' }],
} as const;

const TEST = {
  policy: 'test',
  version: 1,
  detectors: [{ id: 'secret', phrases: ['secret plan'] }],
  rules: [{ id: 'secret', on: ['input', 'output'], detect: 'secret', then: 'block', reason: 'P_SECRET' }],
} as const;

const subject = (context: ExecutionContext) => {
  const { user } = context.switchToHttp().getRequest<Asking>();
  return { tenant: 'acme', ...(user && { user: user.id }) };
};

async function started(platform: Platform, options: object = {}) {
  const governor = await createGovernor({ policy: [TEST, OTHER] });
  @Module({
    imports: [GovernanceModule.forRoot({ governor, subject, onWarning: () => {}, ...options })],
    controllers: [Api],
  })
  class AppModule {}
  return { governor, server: await listen(AppModule, platform) };
}

describe.each(PLATFORMS)('GovernanceModule on %s', (platform) => {
  it('knows the user that a guard of the handler has established', async () => {
    const { server } = await started(platform);
    await using _ = server;
    const answer = await fetch(`${server.origin}/who`, { headers: { 'x-user': 'ada' } });
    expect(await answer.json()).toEqual({
      subject: { tenant: 'acme', user: 'ada' },
      outcome: 'ALLOW',
      same: true,
      injected: 'test',
    });
  });

  it('E7: what is subscribed after the handler has returned finds the interaction', async () => {
    const { server } = await started(platform);
    await using _ = server;
    expect(await (await fetch(`${server.origin}/ambient`)).text()).toContain('{"ambient":true}');
  });

  it('decides behind an interceptor that parses the body, where the handler says so', async () => {
    const { server } = await started(platform);
    await using _ = server;
    Api.ran = 0;
    const upload = (text: string): Promise<Response> =>
      fetch(`${server.origin}/upload`, { method: 'POST', headers: { 'x-text': text } });
    expect((await upload('the secret plan')).status).toBe(403);
    expect(Api.ran).toBe(0);
    expect(await (await upload('hello')).json()).toEqual({ got: { text: 'hello' } });
  });

  it('`@Governed()` and `@Ungoverned()` say what is special of a handler', async () => {
    const { server } = await started(platform);
    await using _ = server;
    expect((await fetch(`${server.origin}/terms`)).status).toBe(403);
    expect((await fetch(`${server.origin}/other?q=blue`)).status).toBe(403);
    expect(await (await fetch(`${server.origin}/other?q=secret%20plan`)).text()).toBe('other secret plan');
    expect(await (await fetch(`${server.origin}/free?q=secret%20plan`)).text()).toBe('free secret plan');
  });

  it('takes the policy that a function names, and evaluates nothing by one that nobody knows', async () => {
    const policy = (context: ExecutionContext): string | undefined =>
      context.switchToHttp().getRequest<Asking>().headers['x-policy'];
    const warned: string[] = [];
    const onWarning = ({ code }: { code: string }): void => void warned.push(code);
    const { server } = await started(platform, { policy, onWarning });
    await using _ = server;
    const ask = async (named?: string): Promise<number> =>
      (await fetch(`${server.origin}/who?q=blue`, { headers: named === undefined ? {} : { 'x-policy': named } }))
        .status;
    expect([await ask(), await ask('other'), await ask('nobody knows')]).toEqual([200, 403, 503]);
    expect(warned).toEqual(['FLYBALL_POLICY_INVALID']);
  });

  it('`decideIn: "guard"` decides before interceptors run', async () => {
    const { server } = await started(platform, { decideIn: 'guard' });
    await using _ = server;
    expect((await fetch(`${server.origin}/terms`)).status).toBe(403);
    const answer = await fetch(`${server.origin}/who`, { headers: { 'x-user': 'ada' } });
    // The guard of the handler runs later.
    expect(await answer.json()).toMatchObject({ subject: { tenant: 'acme' }, same: true });
  });

  it('in mode off and in shadow the handler runs as without it', async () => {
    for (const mode of ['off', 'shadow'] as const) {
      const { governor, server } = await started(platform);
      await using _ = server;
      await governor.control.setMode({}, mode, { who: 'test', why: 'test' });
      const answer = await fetch(`${server.origin}/terms`);
      expect([answer.status, await answer.text()]).toEqual([200, 'terms']);
      const who = await fetch(`${server.origin}/who`, { headers: { 'x-user': 'ada' } });
      expect(await who.json()).toMatchObject({ subject: { tenant: 'acme', user: 'ada' }, outcome: 'none' });
    }
  });

  it('a shutdown lets answers finish for a while, and then ends them in the words of their protocol', async () => {
    const { governor, server } = await started(platform, { drainMs: 100 });
    const answer = await fetch(`${server.origin}/endless`);
    const text = answer.text();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await server.app.close();
    expect(await text).toMatch(/tick \d+[\s\S]*event: governance/);
    await expect(
      governor.decide(governor.interaction({ tenant: 'a' }).event({ stage: 'input' })),
    ).rejects.toMatchObject({
      code: 'GOVERNOR_CLOSED',
    });
  });

  it('a shutdown writes the records of what it ended', async () => {
    const written: { readonly kind: string }[] = [];
    const queued: { readonly kind: string }[] = [];
    const governor = await createGovernor({
      policy: [TEST, OTHER],
      audit: {
        name: 'slow',
        accept: (record) => void queued.push(record),
        close: async () => {
          await new Promise((resolve) => setTimeout(resolve, 50));
          written.push(...queued);
        },
      },
    });
    @Module({
      imports: [GovernanceModule.forRoot({ governor, onWarning: () => {}, drainMs: 20 })],
      controllers: [Api],
    })
    class AppModule {}
    const server = await listen(AppModule, platform);
    const text = fetch(`${server.origin}/endless`).then((answer) => answer.text());
    await new Promise((resolve) => setTimeout(resolve, 50));
    await server.app.close();
    expect(await text).toContain('event: governance');
    // What came in, and the answer that the shutdown ended.
    expect(written.filter(({ kind }) => kind === 'decision').length).toBeGreaterThanOrEqual(2);
    expect(written).toEqual(queued);
  });

  it('agrees with `nestjs-cls`: both find their own', async () => {
    @Controller()
    class Both {
      readonly #cls: ClsService;
      constructor(@Inject(ClsService) cls: ClsService) {
        this.#cls = cls;
      }
      @Get('both') both(): object {
        return { cls: this.#cls.getId() !== undefined, interaction: currentInteraction() !== undefined };
      }
    }
    const { governor } = await governorWith();
    @Module({
      imports: [
        ClsModule.forRoot({ global: true, middleware: { mount: true, generateId: true } }),
        GovernanceModule.forRoot({ governor, onWarning: () => {} }),
      ],
      controllers: [Both],
    })
    class AppModule {}
    await using server = await listen(AppModule, platform);
    expect(await (await fetch(`${server.origin}/both`)).json()).toEqual({ cls: true, interaction: true });
  });
});

describe('GovernanceModule', () => {
  it('makes its options of other providers', async () => {
    const SETTINGS = Symbol('settings');
    @Module({ providers: [{ provide: SETTINGS, useValue: TEST }], exports: [SETTINGS] })
    class Settings {}
    const module = await Test.createTestingModule({
      imports: [
        GovernanceModule.forRootAsync({
          imports: [Settings],
          inject: [SETTINGS],
          useFactory: async (policy: typeof TEST) => ({
            governor: await createGovernor({ policy }),
            onWarning: () => {},
          }),
        }),
      ],
    }).compile();
    expect(module.get<Governor>(GOVERNOR).status().policies[0]?.id).toBe('test');
    await module.close();
  });

  it('has a governor of its own in tests, closed with the application', async () => {
    const module = await Test.createTestingModule({
      imports: [GovernanceModule.forTesting({ policy: TEST })],
    }).compile();
    const governor = module.get<Governor>(GOVERNOR);
    const event = governor.interaction({ tenant: 'a' }).event({ stage: 'input', content: 'the secret plan' });
    expect(await governor.decide(event)).toMatchObject({ outcome: 'BLOCK' });
    await module.close();
    await expect(governor.decide(event)).rejects.toMatchObject({ code: 'GOVERNOR_CLOSED' });
  });

  it('can be overridden in tests by the names of its classes', async () => {
    @Controller()
    class Plain {
      @Get() get(): string {
        return 'secret plan';
      }
    }
    const passing: NestInterceptor = { intercept: (_, next) => next.handle() };
    const module = await Test.createTestingModule({
      imports: [GovernanceModule.forTesting({ policy: TEST })],
      controllers: [Plain],
    })
      .overrideProvider(GovernanceInterceptor)
      .useValue(passing)
      .compile();
    const app = module.createNestApplication({ logger: false });
    await app.listen(0, '127.0.0.1');
    const { port } = (app.getHttpServer() as { address(): { port: number } }).address();
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('secret plan');
    await app.close();
  });

  it('refuses options that it does not know, at start, and those of `@Governed()`', async () => {
    const { governor } = await governorWith();
    const build = (options: object, controllers: never[] = []) =>
      Test.createTestingModule({
        imports: [GovernanceModule.forRoot({ governor, onWarning: () => {}, ...options })],
        controllers,
      }).compile();
    await expect(build({ subjct: () => undefined })).rejects.toThrow('has no option `subjct`');
    await expect(build({ policy: 'unknown' })).rejects.toThrow('no policy `unknown` is loaded');
    @Controller()
    class Misspelt {
      @Get() @Governed({ policy: 'unknown' }) get(): string {
        return '';
      }
    }
    await expect(build({}, [Misspelt as never])).rejects.toThrow('@Governed() on `Misspelt.get`');
    await governor.close();
  });

  it('says what was forgotten: options, `forRoot`, and that one module governs', async () => {
    const { governor } = await governorWith();
    const forRoot = GovernanceModule.forRoot as (options?: object) => never;
    expect(() => forRoot.call(GovernanceModule)).toThrow('needs options: `GovernanceModule.forRoot({ governor })`');
    const build = (...imports: object[]) => Test.createTestingModule({ imports: imports as never }).compile();
    await expect(build(GovernanceModule)).rejects.toThrow(
      'import `GovernanceModule.forRoot({ governor })`, and not `GovernanceModule` itself',
    );
    const once = (more: object = {}) => GovernanceModule.forRoot({ governor, onWarning: () => {}, ...more });
    await expect(build(once(), once({ drainMs: 1 }))).rejects.toThrow('`GovernanceModule` is imported more than once');
    // One that governs nothing by itself is another thing.
    const module = await build(once(), once({ isApplied: false, isGlobal: false }));
    await module.close();
  });

  it('refuses `@Governed()` where there is no handler', async () => {
    const { governor } = await governorWith();
    const build = (provider: object) =>
      Test.createTestingModule({
        imports: [GovernanceModule.forRoot({ governor, onWarning: () => {} })],
        providers: [provider as never],
      }).compile();
    @Injectable()
    class Service {
      @Governed() find(): string {
        return '';
      }
    }
    @Injectable()
    @Governed()
    class Whole {
      find(): string {
        return '';
      }
    }
    await expect(build(Service)).rejects.toThrow('`@Governed()` on `Service.find`, where nothing answers a call');
    await expect(build(Whole)).rejects.toThrow('`@Governed()` on `Whole`, where nothing answers a call');
    await governor.close();
  });

  it('names handlers that are called in a way that no transport knows', async () => {
    const { governor } = await governorWith();
    const warned: string[] = [];
    @Controller()
    class Told {
      @Get() told(): string {
        return '';
      }
    }
    const module = await Test.createTestingModule({
      imports: [
        GovernanceModule.forRoot({ governor, onWarning: ({ code, message }) => warned.push(`${code} ${message}`) }),
      ],
      controllers: [Told],
    }).compile();
    const context = { getHandler: () => Told.prototype.told, getClass: () => Told, getType: () => 'queue' };
    const answer = module.get(GovernanceInterceptor).intercept(context as never, { handle: () => of('passed') });
    expect(await lastValueFrom(answer as Observable<unknown>)).toBe('passed');
    expect(warned).toContain(
      'FLYBALL_UNGOVERNED handlers run ungoverned (no transport governs calls of the kind `queue`, route `Told.told`)',
    );
    await module.close();
  });

  it.each(PLATFORMS)('`isApplied: false` governs the handlers that say so, on %s', async (platform) => {
    const { governor } = await governorWith();
    @Controller()
    class Some {
      @Get('governed')
      @UseInterceptors(GovernanceInterceptor)
      @UseFilters(GovernanceFilter)
      governed(): string {
        return 'the secret plan';
      }
      @Get('other') other(): string {
        return 'the secret plan';
      }
    }
    @Controller('all')
    @UseInterceptors(GovernanceInterceptor)
    @UseFilters(GovernanceFilter)
    class All {
      @Get() all(): string {
        return 'the secret plan';
      }
    }
    @Module({
      imports: [GovernanceModule.forRoot({ governor, onWarning: () => {}, isApplied: false, isGlobal: false })],
      controllers: [Some, All],
    })
    class AppModule {}
    await using server = await listen(AppModule, platform);
    const ask = async (path: string): Promise<number> => (await fetch(`${server.origin}/${path}`)).status;
    expect([await ask('governed'), await ask('all'), await ask('other')]).toEqual([403, 403, 200]);
    expect(await ask('governed?q=secret%20plan')).toBe(403);
  });

  it('`isGlobal: false` gives the governor to modules that import it', async () => {
    const { governor } = await governorWith();
    @Injectable()
    class Elsewhere {
      readonly governor: Governor;

      constructor(@Inject(GOVERNOR) governed: Governor) {
        this.governor = governed;
      }
    }
    @Module({ providers: [Elsewhere] })
    class Other {}
    const build = (isGlobal: boolean) =>
      Test.createTestingModule({
        imports: [GovernanceModule.forRoot({ governor, onWarning: () => {}, closeGovernor: false, isGlobal }), Other],
      }).compile();
    await expect(build(false)).rejects.toThrow("can't resolve dependencies of the Elsewhere");
    const module = await build(true);
    expect(module.get(Elsewhere, { strict: false }).governor).toBe(governor);
    await module.close();
    await governor.close();
  });

  it('`resHandlers: "refuse"` names handlers that send the response themselves', async () => {
    const { Handlers } = await import('./handlers.ts');
    const { governor } = await governorWith();
    const build = Test.createTestingModule({
      imports: [GovernanceModule.forRoot({ governor, onWarning: () => {}, resHandlers: 'refuse' })],
      controllers: [Handlers],
    }).compile();
    await expect(build).rejects.toThrow('`Handlers.resSend` sends the response itself');
    await expect(build).rejects.not.toThrow('Handlers.passthrough');
    await governor.close();
  });
});
