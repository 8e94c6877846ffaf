import * as common from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
// Nest loads it when it is needed, and the first test would pay for that.
import '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { createGovernor, type Decision, type Governor, type PolicyDocument, type Stage } from '@flyball/core';
import type { GovernedEvent } from '@flyball/core/adapter';

/** Nest 12 is made of ES modules, which have no default export here; Nest 11 is not. */
export const IS_NEST_11: boolean = 'default' in common;

/** Both platforms; the tests run on both supported majors of Nest, as vitest projects. */
export const PLATFORMS = ['express', 'fastify'] as const;
export type Platform = (typeof PLATFORMS)[number];

export interface Listening extends AsyncDisposable {
  readonly app: common.INestApplication;
  readonly port: number;
  readonly origin: string;
}

/** A Nest application on a loopback port. `prepare` runs before it listens. */
export async function listen(
  module: common.Type<unknown>,
  platform: Platform,
  prepare: (app: common.INestApplication) => unknown = () => undefined,
): Promise<Listening> {
  const settings = { logger: false, abortOnError: false } as const;
  const app =
    platform === 'fastify'
      ? await NestFactory.create(module, new FastifyAdapter() as never, settings)
      : await NestFactory.create(module, settings);
  await prepare(app);
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as { address(): { port: number } }).address();
  return {
    app,
    port,
    origin: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      (app.getHttpServer() as { closeAllConnections?(): void }).closeAllConnections?.();
      await app.close();
    },
  };
}

export interface Recorded {
  readonly governor: Governor;
  readonly decisions: { readonly stage: Stage; readonly decision: Decision }[];
  /** What was decided on, in the order of `decisions`. */
  readonly events: GovernedEvent[];
}

/** A key that no stream may tell, and its halves. */
export const KEY = 'AKIAIOSFODNN7EXAMPLE';
export const KEY_HALVES: readonly [string, string] = ['AKIAIOSF', 'ODNN7EXAMPLE'];

/** A governor that blocks keys and phrases in both directions, masks `4111`, and remembers its decisions. */
export async function governorWith(policy: Partial<PolicyDocument> = {}): Promise<Recorded> {
  const decisions: Recorded['decisions'] = [];
  const events: GovernedEvent[] = [];
  const governor = await createGovernor({
    policy: {
      policy: 'test',
      version: 1,
      detectors: [
        { id: 'secret', phrases: ['secret plan', KEY] },
        { id: 'card', patterns: ['\\b4111\\b'] },
      ],
      rules: [
        {
          id: 'secret',
          on: ['input', 'output', 'tool_call', 'tool_result'],
          detect: 'secret',
          then: 'block',
          reason: 'P_SECRET',
        },
        {
          id: 'card',
          on: ['input', 'output', 'tool_call', 'tool_result'],
          detect: 'card',
          then: 'redact',
          reason: 'P_CARD',
          mask: '[x]',
          editArgs: true,
        },
      ],
      ...policy,
    },
    onDecision: (decision, event) => {
      decisions.push({ stage: event.stage, decision });
      events.push(event);
    },
  });
  return { governor, decisions, events };
}
