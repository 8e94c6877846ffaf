import type { Governor } from '@flyball/core';
import { Controller, Get, Injectable, Module, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { GovernanceControlModule, GovernanceModule } from '../src/index.ts';
import { governorWith, listen, PLATFORMS, type Listening } from './harness.ts';

type Request = { readonly headers: { readonly [name: string]: string | undefined } };

@Injectable()
class IsOperator implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToHttp().getRequest<Request>().headers['x-key'] === 'open';
  }
}

@Controller()
class Plain {
  @Get('plain') plain(): string {
    return 'plain';
  }
}

describe.each(PLATFORMS)('controls for operators, on %s', (platform) => {
  let server: Listening;
  let governor: Governor;

  beforeAll(async () => {
    ({ governor } = await governorWith({
      rules: [{ id: 'probe', on: 'input', detect: 'codename', strike: { abuse: 1 } }],
      detectors: [{ id: 'codename', phrases: 'Nightjar' }],
      cooldowns: [{ id: 'abuse', after: { strikes: 3, within: '10m' }, for: '1m' }],
    }));
    @Module({
      imports: [
        GovernanceModule.forRoot({ governor, onWarning: () => {} }),
        GovernanceControlModule.forRoot({
          guards: [IsOperator],
          operator: (context) => context.switchToHttp().getRequest<Request>().headers['x-name'] ?? '',
        }),
      ],
      controllers: [Plain],
    })
    class AppModule {}
    server = await listen(AppModule, platform);
  });
  afterAll(async () => server[Symbol.asyncDispose]());

  const call = async (path: string, body?: object, headers: object = { 'x-key': 'open', 'x-name': 'kim' }) => {
    const response = await fetch(`${server.origin}/governance/${path}`, {
      headers: { 'content-type': 'application/json', ...headers },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as never };
  };

  it('are closed to everybody else', async () => {
    expect((await call('controls', undefined, {})).status).toBe(403);
    expect((await call('halt', { scope: {}, why: 'x' }, { 'x-key': 'shut', 'x-name': 'kim' })).status).toBe(403);
    expect((await call('halt', { scope: {}, why: 'x' }, { 'x-key': 'open' })).status).toBe(401);
    expect(await (await fetch(`${server.origin}/plain`)).text()).toBe('plain');
  });

  it('S5: halt, list, resume, and say who and why', async () => {
    expect(await call('halt', { scope: {}, why: 'something is wrong' })).toMatchObject({
      status: 200,
      body: { kind: 'halt', who: 'kim', why: 'something is wrong' },
    });
    expect((await fetch(`${server.origin}/plain`)).status).toBe(403);
    expect((await call('controls')).body).toMatchObject([{ kind: 'halt', who: 'kim' }]);
    expect((await call('resume', { scope: {}, why: 'it was nothing' })).status).toBe(200);
    expect((await fetch(`${server.origin}/plain`)).status).toBe(200);
    expect((await call('history?limit=1')).body).toHaveLength(1);
  });

  it('list whom cooldowns stop, lift them, and forget strikes', async () => {
    await governor.control.putOn({ tenant: 'acme', user: 'ada' }, { ladder: 'abuse', who: 'kim', why: 'a trial' });
    expect((await call('cooldowns')).body).toMatchObject([{ ladder: 'abuse', scope: { tenant: 'acme', user: 'ada' } }]);
    const scope = { tenant: 'acme', user: 'ada' };
    expect((await call('cooldowns/lift', { scope, why: 'a mistake' })).status).toBe(200);
    expect((await call('cooldowns')).body).toEqual([]);
    expect((await call('cooldowns/forgive', { scope, why: 'a mistake' })).status).toBe(200);
    expect((await call('cooldowns/lift', { scope: {}, why: 'everybody' })).status).toBe(400);
  });

  it('set and clear modes, and show the status', async () => {
    expect(await call('mode', { scope: { tenant: 'acme' }, mode: 'shadow', why: 'a trial' })).toMatchObject({
      status: 200,
      body: { kind: 'mode', mode: 'shadow' },
    });
    expect((await call('mode/clear', { scope: { tenant: 'acme' }, why: 'over' })).status).toBe(200);
    expect((await call('status')).body).toMatchObject({ policies: [{ id: 'test' }] });
  });

  it('tell what is wrong with an order, and follow none of it', async () => {
    expect(await call('halt', { why: 'x' })).toMatchObject({
      status: 400,
      body: { message: '`scope` is missing; `{}` covers everything' },
    });
    expect(await call('halt', { scope: { tennant: 'acme' }, why: 'x' })).toMatchObject({ status: 400 });
    expect(await call('halt', { scope: {} })).toMatchObject({ status: 400 });
    expect(await call('mode', { scope: {}, mode: 'loud', why: 'x' })).toMatchObject({ status: 400 });
    expect((await call('controls')).body).toEqual([]);
  });
});

describe('without an authorisation guard', () => {
  it('the application does not start', () => {
    expect(() => GovernanceControlModule.forRoot({ guards: [], operator: () => 'kim' })).toThrow('needs `guards`');
    expect(() => GovernanceControlModule.forRoot({ guards: [IsOperator] } as never)).toThrow('needs `operator`');
  });
});
