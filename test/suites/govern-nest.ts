// Loaded before each file of Nest's integration tests: every application that they make imports `GovernanceModule`.
// FLYBALL_SUITE_MODE: `off`; `shadow`, under a policy that blocks everything; `enforce`, under one that matches
// nothing.
import { createGovernor } from '@flyball/core';
import { GovernanceModule, type GovernanceModuleOptions } from '@flyball/nestjs';
import { graphql } from '@flyball/nestjs/graphql';
import { microservices } from '@flyball/nestjs/microservices';
import { webSockets } from '@flyball/nestjs/websockets';
import type { DynamicModule, ModuleMetadata, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';

import { policyFor, type SuiteMode } from './policies.ts';

const governor = await createGovernor({ policy: policyFor(process.env['FLYBALL_SUITE_MODE'] as SuiteMode) });
const options: GovernanceModuleOptions = {
  governor,
  // Many applications are closed in one file.
  closeGovernor: false,
  drainMs: 0,
  subject: () => ({ tenant: 'suite' }),
  transports: [webSockets(), microservices(), graphql()],
  onUngoverned: 'warn',
  // What nobody can read is none of the suite's business.
  onUnparsed: 'pass',
  response: { opaque: 'pass' },
  onWarning: () => undefined,
};

const { createTestingModule } = Test;
Test.createTestingModule = (metadata: ModuleMetadata, ...rest: never[]) =>
  Reflect.apply(createTestingModule, Test, [
    { ...metadata, imports: [GovernanceModule.forRoot(options), ...(metadata.imports ?? [])] },
    ...rest,
  ]) as ReturnType<typeof createTestingModule>;

/** A module around the application's own. */
const around = (inner: Type<unknown> | DynamicModule): DynamicModule => ({
  // oxlint-disable-next-line typescript/no-extraneous-class -- a module of Nest
  module: class GovernedRoot {},
  imports: [GovernanceModule.forRoot(options), inner],
});

const factory = NestFactory as unknown as Record<string, (...args: unknown[]) => unknown>;
for (const name of ['create', 'createMicroservice', 'createApplicationContext']) {
  const make = factory[name]!;
  factory[name] = (module, ...rest) => Reflect.apply(make, NestFactory, [around(module as Type<unknown>), ...rest]);
}
