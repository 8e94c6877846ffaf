import { Controller, Inject, Injectable, Module, Post, Scope, SetMetadata, type Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { runWithInteraction } from '@flyball/http';
import { describe, expect, it } from 'vitest';

import { Governance, GovernanceModule, GovernedTool, GOVERNOR, governTool } from '../src/index.ts';
import { governorWith, listen, PLATFORMS } from './harness.ts';

const Own = (value: string): MethodDecorator => SetMetadata('own', value);

class Base {
  @GovernedTool()
  async inherited(text: string): Promise<string> {
    return `inherited ${text}`;
  }
}

@Injectable()
class Shop extends Base {
  readonly ran: unknown[] = [];
  readonly #greeting = 'order';

  @GovernedTool({ name: 'lookup' })
  @Own('kept')
  async lookup(order: string): Promise<object> {
    this.ran.push(order);
    return { [this.#greeting]: order, card: '4111' };
  }

  @GovernedTool({ name: 'refund' })
  async refund({ order, amount }: { order: string; amount: number }): Promise<string> {
    this.ran.push([order, amount]);
    return `refunded ${order}`;
  }

  @GovernedTool()
  async fails(): Promise<never> {
    throw new Error('broke at the secret plan');
  }
}

@Injectable({ scope: Scope.REQUEST })
class PerRequest {
  @GovernedTool({ name: 'scoped' }) async scoped(text: string): Promise<string> {
    return `scoped ${text}`;
  }
}

@Injectable({ scope: Scope.TRANSIENT })
class Transient {
  @GovernedTool({ name: 'transient' }) async transient(text: string): Promise<string> {
    return `transient ${text}`;
  }
}

@Injectable()
class Arrows {
  @(GovernedTool() as PropertyDecorator) hidden: (text: string) => Promise<string> = async (text) => text;
}

@Controller()
class Chat {
  readonly #scoped: PerRequest;
  readonly #transient: Transient;
  readonly #shop: Shop;

  constructor(
    @Inject(PerRequest) scoped: PerRequest,
    @Inject(Transient) transient: Transient,
    @Inject(Shop) shop: Shop,
  ) {
    this.#scoped = scoped;
    this.#transient = transient;
    this.#shop = shop;
  }

  @Post('chat') async chat(): Promise<object> {
    const told: string[] = [];
    for (const call of [
      () => this.#scoped.scoped('the secret plan'),
      () => this.#transient.transient('the secret plan'),
      () => this.#shop.lookup('the secret plan'),
      () => this.#shop.lookup('o-7'),
    ])
      told.push(await call().then(JSON.stringify, (error: unknown) => (error as { code: string }).code));
    return { told };
  }
}

async function moduleWith(
  providers: Type[],
  onWarning: (warning: { code: string; message: string }) => void = () => {},
) {
  const recorded = await governorWith();
  const module = await Test.createTestingModule({
    imports: [GovernanceModule.forRoot({ governor: recorded.governor, onWarning })],
    providers,
  }).compile();
  await module.init();
  const inside = async <T>(work: () => Promise<T>): Promise<T> =>
    runWithInteraction(recorded.governor.interaction({ tenant: 'acme' }), work);
  return { ...recorded, module, inside };
}

describe('methods that are tools', () => {
  it('T1: a stopped call does not run, and its caller may read why', async () => {
    const { module, inside, decisions } = await moduleWith([Shop]);
    const shop = module.get(Shop);
    await expect(inside(() => shop.lookup('the secret plan'))).rejects.toMatchObject({
      name: 'GovernanceBlockedError',
      denial: { reason: 'P_SECRET' },
    });
    expect(shop.ran).toEqual([]);
    expect(decisions.map(({ stage }) => stage)).toEqual(['tool_call']);
    await module.close();
  });

  it('T3: results are masked before anybody reads them, failures judged', async () => {
    const { module, inside } = await moduleWith([Shop]);
    const shop = module.get(Shop);
    await expect(inside(() => shop.lookup('o-7'))).resolves.toEqual({ order: 'o-7', card: '[x]' });
    await expect(inside(() => shop.fails())).rejects.not.toThrow('secret plan');
    await expect(inside(() => shop.inherited('x'))).resolves.toBe('inherited x');
    await expect(inside(() => shop.inherited('secret plan'))).rejects.toMatchObject({ name: 'GovernanceBlockedError' });
    await module.close();
  });

  it('T2: a tool of one object is decided by its members, and edits reach it', async () => {
    const { module, inside, events } = await moduleWith([Shop]);
    const shop = module.get(Shop);
    await expect(inside(() => shop.refund({ order: 'card 4111', amount: 5 }))).resolves.toBe('refunded card [x]');
    expect(events[0]).toMatchObject({
      stage: 'tool_call',
      resource: { tool: 'refund' },
      args: { order: 'card 4111', amount: 5 },
    });
    expect(shop.ran).toEqual([['card [x]', 5]]);
    await module.close();
  });

  it('keeps what other decorators have written on a method, and its name', async () => {
    const { module } = await moduleWith([Shop]);
    const method = module.get(Shop).lookup;
    expect([Reflect.getMetadata('own', method), method.name]).toEqual(['kept', 'lookup']);
    await module.close();
  });

  it('outlives no application: a second one governs with its own governor', async () => {
    const first = await moduleWith([Shop]);
    await first.module.close();
    const second = await moduleWith([Shop]);
    await expect(second.inside(() => second.module.get(Shop).lookup('o-1'))).resolves.toMatchObject({ order: 'o-1' });
    expect(second.decisions).toHaveLength(2);
    await second.module.close();
    const outside = new Shop();
    await expect(outside.lookup('o-1')).rejects.toMatchObject({ code: 'NO_INTERACTION' });
  });

  it('stay governed below a decorator that puts a function of its own in their place', async () => {
    const Traced: MethodDecorator = (_target, _key, descriptor: PropertyDescriptor) => {
      const method = descriptor.value as (...args: unknown[]) => unknown;
      descriptor.value = function (this: unknown, ...args: unknown[]) {
        return Reflect.apply(method, this, args);
      };
    };
    @Injectable()
    class Traces {
      @Traced @GovernedTool() async traced(text: string): Promise<string> {
        return text;
      }
    }
    const { module, inside, decisions } = await moduleWith([Traces]);
    await expect(inside(() => module.get(Traces).traced('the secret plan'))).rejects.toMatchObject({
      name: 'GovernanceBlockedError',
    });
    expect(decisions).toHaveLength(1);
    await module.close();
  });

  it('do not run where no application has the module', async () => {
    class Alone {
      @GovernedTool() async alone(text: string): Promise<string> {
        return text;
      }
    }
    await expect(new Alone().alone('hello')).rejects.toThrow(
      'the governed tool `alone` ran outside every application with `GovernanceModule`: import the module there',
    );
  });

  it('names methods of a class below that override a tool and are none', async () => {
    @Injectable()
    class Below extends Shop {
      override async refund(): Promise<string> {
        return 'refunded';
      }
    }
    const warned: string[] = [];
    const { module } = await moduleWith([Below], ({ code, message }) => warned.push(`${code} ${message}`));
    expect(warned.filter((text) => text.startsWith('FLYBALL_TOOL_UNGOVERNED'))).toEqual([
      expect.stringContaining('`Below.refund`') as string,
    ]);
    await module.close();
  });

  it('are methods: an accessor is refused', () => {
    const descriptor = { get: () => 'order', configurable: true };
    expect(() => GovernedTool()(Shop.prototype, 'last', descriptor as never)).toThrow(
      '`@GovernedTool()` on `Shop.last`, which is an accessor: only methods can be tools',
    );
  });

  it('names what it cannot wrap, and `governTool` governs that', async () => {
    const warned: string[] = [];
    const { module, inside } = await moduleWith([Arrows], ({ code, message }) => warned.push(`${code} ${message}`));
    expect(warned.filter((text) => text.startsWith('FLYBALL_TOOL_UNGOVERNED'))).toEqual([
      expect.stringContaining('`Arrows.hidden`') as string,
    ]);
    const governed = governTool(module.get(Arrows).hidden, { name: 'hidden', governance: module.get(Governance) });
    await expect(inside(() => governed('the secret plan'))).rejects.toMatchObject({ name: 'GovernanceBlockedError' });
    await expect(inside(() => governed('hello'))).resolves.toBe('hello');
    expect(module.get(GOVERNOR)).toBe(module.get(Governance).governor);
    await module.close();
  });

  it.each(PLATFORMS)(
    'E7: inside a request they share its interaction, whatever their scope, on %s',
    async (platform) => {
      const recorded = await governorWith();
      @Module({
        imports: [GovernanceModule.forRoot({ governor: recorded.governor, subject: () => ({ tenant: 'acme' }) })],
        controllers: [Chat],
        providers: [PerRequest, Transient, Shop],
      })
      class AppModule {}
      await using server = await listen(AppModule, platform);
      const response = await fetch(`${server.origin}/chat`, { method: 'POST' });
      expect(await response.json()).toEqual({
        told: ['FLYBALL_BLOCKED', 'FLYBALL_BLOCKED', 'FLYBALL_BLOCKED', '{"order":"o-7","card":"[x]"}'],
      });
      expect(new Set(recorded.events.map(({ interactionId }) => interactionId)).size).toBe(1);
      expect(recorded.events[0]?.subject).toEqual({ tenant: 'acme' });
    },
  );
});
