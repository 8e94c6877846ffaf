// Run by vitest for `npm run suites`: starts each sample application of Nest by its own `main.ts`, asks every route
// that it maps, and writes down what was answered. FLYBALL_NEST: the checkout. FLYBALL_SAMPLES: the samples by name.
// FLYBALL_ANSWERS: the file to write.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, expect, it } from 'vitest';

const answers: Record<string, string> = {};
afterAll(() => writeFileSync(process.env['FLYBALL_ANSWERS']!, JSON.stringify(answers)));

/** How long an application may take to listen, and an answer to come. */
const LISTEN_MS = 20_000;
const ANSWER_MS = 5_000;

/** Something for each DTO of the samples. */
const BODY = { name: 'Tom', age: 3, breed: 'Tabby', username: 'john', password: 'changeme', title: 'a title' };
const QUERIES = ['{ __schema { queryType { name } } }', '{ recipes { id title } }', '{ cats { id name } }'];

interface Started {
  readonly app: INestApplication;
  readonly routes: readonly (readonly [method: string, path: string])[];
}

/** Runs the `main.ts` of a sample, which listens to a port of its own choice; here it is a free one. */
async function start(sample: string): Promise<Started> {
  const factory = NestFactory as unknown as { create(...args: unknown[]): Promise<INestApplication> };
  const { create } = factory;
  const mapped: [string, string][] = [];
  const logger = {
    log: (message: unknown) => {
      const [, path, method] = /^Mapped \{([^,]*), (\w+)\} /.exec(String(message)) ?? [];
      if (path !== undefined) mapped.push([method!, path]);
    },
    ...{ error: () => undefined, warn: () => undefined },
  };
  try {
    return await new Promise<Started>((resolve, reject) => {
      setTimeout(() => reject(new Error('does not listen')), LISTEN_MS).unref();
      factory.create = async (...args) => {
        const last = args.at(-1);
        const isSettings = args.length > 1 && typeof last === 'object' && last !== null && !('getInstance' in last);
        const settings = { ...(isSettings ? last : {}), logger, abortOnError: false };
        try {
          const app = await Reflect.apply(create, NestFactory, [...(isSettings ? args.slice(0, -1) : args), settings]);
          const listen = async (): Promise<void> => {
            await app.listen(0, '127.0.0.1').then(() => resolve({ app, routes: mapped }), reject);
          };
          return new Proxy(app, {
            get: (target, name) => (name === 'listen' ? listen : (Reflect.get(target, name) as unknown)),
          });
        } catch (error) {
          reject(new Error(`${sample} does not start`, { cause: error }));
          throw error;
        }
      };
      import(/* @vite-ignore */ join(process.env['FLYBALL_NEST']!, 'sample', sample, 'src/main.ts')).catch(reject);
    });
  } finally {
    factory.create = create;
  }
}

/** As much of an answer as tells it from another: of a stream that does not end, its first event. */
async function read(response: Response): Promise<string> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response.text();
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body!) {
    text += decoder.decode(chunk, { stream: true });
    if (/data:.*\n\n/s.test(text)) break;
  }
  return text;
}

const VARYING = /"(?:access_token|timestamp|creationDate|iat|exp)":(?:"[^"]+"|\d+)/g;

it.each((process.env['FLYBALL_SAMPLES'] ?? '').split(','))('%s', { timeout: 120_000 }, async (sample) => {
  const { app, routes } = await start(sample);
  const origin = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  let token = '';
  const ask = async (method: string, path: string, body: unknown): Promise<void> => {
    const headers = {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== '' && { authorization: `Bearer ${token}` }),
    };
    const signal = AbortSignal.timeout(ANSWER_MS);
    let told: string;
    try {
      const response = await fetch(origin + path, {
        ...{ method, headers, signal, redirect: 'manual' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await read(response);
      token = /"access_token":"([^"]+)"/.exec(text)?.[1] ?? token;
      const hash = createHash('sha256').update(text.replaceAll(VARYING, '')).digest('hex').slice(0, 12);
      told = `answers ${response.status} ${response.headers.get('content-type')}, body ${hash}`;
    } catch (error) {
      told = `breaks off, ${(error as Error).name}`;
    }
    const query = path === '/graphql' ? ` ${(body as { query: string }).query}` : '';
    answers[`sample/${sample} ${method} ${path}${query}`] = told;
  };
  try {
    for (const [method, path] of [...routes, ['GET', '/nowhere'] as const]) {
      if (path === '/graphql') continue;
      const url = path.replaceAll(/:\w+|\{?\*\w*\}?/g, '1');
      await ask(method, url, method === 'GET' || method === 'HEAD' ? undefined : BODY);
    }
    if (sample.includes('graphql')) for (const query of QUERIES) await ask('POST', '/graphql', { query });
  } finally {
    (app.getHttpServer() as { closeAllConnections?(): void }).closeAllConnections?.();
    await app.close();
  }
  expect(Object.keys(answers).length).toBeGreaterThan(0);
});
