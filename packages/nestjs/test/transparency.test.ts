import { Module } from '@nestjs/common';
import { createGovernor, type Governor } from '@flyball/core';
import { beforeAll, describe, expect, it } from 'vitest';

import { GovernanceModule } from '../src/index.ts';
import { Handlers } from './handlers.ts';
import { listen, PLATFORMS, type Listening } from './harness.ts';

const PATHS = [
  ...['object', 'string', 'promise', 'observable', 'passthrough', 'res-send', 'res-raw', 'serialized', 'exception'],
  ...['file', 'file-bytes', 'file-binary', 'image', 'redirect', 'sse', 'sse-late', 'sse-promise', 'sse-error'],
  ...['ungoverned', 'masked', 'nowhere'],
  ...['generator', 'generator-rows', 'web-stream', 'web-response'],
];

const BODIES: readonly (readonly [type: string, body: string])[] = [
  ['application/json', JSON.stringify({ messages: [{ role: 'user', content: 'the secret plan' }] })],
  ['application/json', '{"broken":'],
  ['application/x-www-form-urlencoded', 'a=1&b=4111'],
  ['text/plain', 'the secret plan'],
];

/** Blocks everything, or nothing. */
const policyOf = (mode: 'enforce' | 'shadow' | 'off', stops: boolean) =>
  ({
    policy: 'test',
    version: 1,
    mode,
    detectors: [{ id: 'any', patterns: [stops ? '[a-z0-9]' : 'zzzzqqqq'] }],
    rules: [{ id: 'any', on: ['input', 'output'], detect: 'any', then: 'block', reason: 'P_ANY' }],
  }) as const;

const MODES = [
  ['in mode off', policyOf('off', true)],
  ['in shadow, under a policy that would stop everything', policyOf('shadow', true)],
  ['enforcing a policy that finds nothing', policyOf('enforce', false)],
] as const;

/**
 * What changes from request to request by itself, and how a body is cut, which a stream that is judged decides anew.
 */
const VARYING = new Set(['date', 'etag', 'keep-alive', 'connection', 'content-length', 'transfer-encoding']);

async function answers(origin: string): Promise<readonly string[]> {
  const told: string[] = [];
  const tell = async (name: string, response: Response): Promise<void> => {
    const headers = [...response.headers].filter(([header]) => !VARYING.has(header));
    told.push(JSON.stringify([name, response.status, headers, await response.text()]));
  };
  for (const path of PATHS) await tell(path, await fetch(`${origin}/${path}`, { redirect: 'manual' }));
  for (const path of ['object', 'image'])
    await tell(`HEAD ${path}`, await fetch(`${origin}/${path}`, { method: 'HEAD' }));
  for (const [type, body] of BODIES)
    await tell(
      `POST ${type}`,
      await fetch(`${origin}/accepted`, { method: 'POST', headers: { 'content-type': type }, body }),
    );
  return told;
}

describe.each(PLATFORMS)('E4: every handler answers as without governance, on %s', (platform) => {
  let bare: readonly string[];

  beforeAll(async () => {
    @Module({ controllers: [Handlers] })
    class AppModule {}
    await using server = await listen(AppModule, platform);
    bare = await answers(server.origin);
  });

  it.each(MODES)('%s', async (_name, policy) => {
    const governor: Governor = await createGovernor({ policy });
    const isEnforced = policy.mode === 'enforce';
    @Module({
      imports: [
        GovernanceModule.forRoot({
          governor,
          onWarning: () => {},
          // What nobody can read is refused where it is governed: that is no difference to look for here.
          ...(isEnforced && { response: { opaque: 'pass' as const }, onUnparsed: 'pass' as const }),
        }),
      ],
      controllers: [Handlers],
    })
    class AppModule {}
    let server: Listening | undefined;
    try {
      server = await listen(AppModule, platform);
      const governed = await answers(server.origin);
      for (const [at, expected] of bare.entries()) expect(governed[at]).toBe(expected);
    } finally {
      await server?.[Symbol.asyncDispose]();
    }
  });
});
