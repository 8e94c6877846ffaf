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
import { interval, map, Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';

import {
  CurrentGovernance,
  CurrentInteraction,
  Decision,
  Governed,
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
    const { server } = await started(platform, { policy });
    await using _ = server;
    const ask = async (named?: string): Promise<number> =>
      (await fetch(`${server.origin}/who?q=blue`, { headers: named === undefined ? {} : { 'x-policy': named } }))
        .status;
    expect([await ask(), await ask('other'), await ask('nobody knows')]).toEqual([200, 403, 503]);
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
