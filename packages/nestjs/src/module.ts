import { createGovernor, type Governor, type GovernorOptions } from '@flyball/core';
import {
  ConfigurableModuleBuilder,
  Module,
  type ConfigurableModuleCls,
  type ConfigurableModuleHost,
  type DynamicModule,
  type NestInterceptor,
  type Provider,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, ApplicationConfig } from '@nestjs/core';

import { AttachedGuard, AttachedInterceptor } from './attached.ts';
import { GovernanceFilter } from './filter.ts';
import { Governance } from './governance.ts';
import { ApplicationGovernance } from './application-governance.ts';
import { GovernanceGuard } from './guard.ts';
import { GovernanceInterceptor } from './interceptor.ts';
import { refusal, type GovernanceModuleOptions } from './options.ts';
import { StartUp } from './start-up.ts';
import { GOVERNANCE_OPTIONS, GOVERNOR, IS_APPLIED } from './tokens.ts';

/**
 * What stands beside the options, in `forRoot()` and `forRootAsync()` alike, because Nest must know it before any
 * factory runs.
 */
export interface GovernanceModuleExtras {
  /** Whether other modules may inject the governor without importing this one. Default true. */
  readonly isGlobal?: boolean;
  /**
   * Whether every handler is governed. Default true. `false`: those that say so, with
   * `@UseInterceptors(GovernanceInterceptor)` and `@UseFilters(GovernanceFilter)`.
   */
  readonly isApplied?: boolean;
  /**
   * Where what comes in is decided on. Default `interceptor`: after every guard, so that `request.user` is known
   * whichever guard sets it. `guard`: before other interceptors run (uploads, caches), with what the guards of modules
   * imported before have established.
   */
  readonly decideIn?: 'interceptor' | 'guard';
}

type Host = ConfigurableModuleHost<
  GovernanceModuleOptions,
  'forRoot',
  'createGovernanceOptions',
  GovernanceModuleExtras
>;
type Base = ConfigurableModuleCls<
  GovernanceModuleOptions,
  'forRoot',
  'createGovernanceOptions',
  GovernanceModuleExtras
>;

const host: Host = new ConfigurableModuleBuilder<GovernanceModuleOptions>({ optionsInjectionToken: GOVERNANCE_OPTIONS })
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createGovernanceOptions')
  .setExtras<GovernanceModuleExtras>(
    { isGlobal: true, isApplied: true, decideIn: 'interceptor' },
    (definition, extras) => ({
      ...definition,
      global: extras.isGlobal !== false,
      providers: [...(definition.providers ?? []), ...enhancers(extras)],
    }),
  )
  .build();

/** `useExisting`, so that tests can override the classes by their own names. */
function enhancers({ isApplied, decideIn }: GovernanceModuleExtras): Provider[] {
  if (isApplied === false) return [{ provide: IS_APPLIED, useValue: false }];
  return [
    { provide: IS_APPLIED, useValue: true },
    {
      provide: APP_INTERCEPTOR,
      inject: [ApplicationGovernance, GovernanceInterceptor, ApplicationConfig],
      useFactory: first,
    },
    { provide: APP_FILTER, useExisting: GovernanceFilter },
    // A guard that has nothing to do costs each request a turn.
    ...(decideIn === 'guard' ? [{ provide: APP_GUARD, useExisting: GovernanceGuard }] : []),
  ];
}

/**
 * Puts the interceptor before all others. Nest would put it behind those of the modules that import this one: a cache
 * among them would answer for the handler, and nobody would have judged what it answers.
 */
function first(governance: ApplicationGovernance, interceptor: NestInterceptor, config: ApplicationConfig): undefined {
  governance.governsAllBy(interceptor);
  config.getGlobalInterceptors().unshift(interceptor);
  // Nest leaves out what is none.
  return undefined;
}

const GovernanceModuleBase: Base = host.ConfigurableModuleClass;

/**
 * Governs a Nest application: what comes in to its handlers, what goes out, and its tools.
 *
 *     imports: [GovernanceModule.forRoot({ governor, subject: (context) => subjectOf(context.switchToHttp().getRequest().user) })]
 *
 * `forRootAsync({ imports, inject, useFactory })` makes the options of other providers. Import it where the
 * application's modules are put together, once.
 */
export class GovernanceModule extends GovernanceModuleBase {
  /** Governs with these options. Throws `OPTIONS_INVALID` without any. */
  static override forRoot(options: GovernanceModuleOptions & GovernanceModuleExtras): DynamicModule {
    if (typeof options !== 'object' || options === null)
      throw refusal('`GovernanceModule.forRoot` needs options: `GovernanceModule.forRoot({ governor })`');
    return super.forRoot(options);
  }

  /**
   * The module with a governor of its own, closed with the application. For tests:
   * `overrideModule(GovernanceModule).useModule(…)`, or in the place of `forRoot()`.
   *
   *     GovernanceModule.forTesting({ policy: { policy: 'test', version: 1 } }, { subject: () => ({ tenant: 'acme' }) })
   */
  static forTesting(
    governor: GovernorOptions,
    options: Omit<GovernanceModuleOptions, 'governor'> & GovernanceModuleExtras = {},
  ): DynamicModule {
    const { isGlobal = true, isApplied = true, decideIn = 'interceptor', ...rest } = options;
    return GovernanceModule.forRootAsync({
      isGlobal,
      isApplied,
      decideIn,
      // Nobody reads the warnings of a test that does not ask for them.
      useFactory: async () => ({ onWarning: () => undefined, ...rest, governor: await createGovernor(governor) }),
    });
  }
}

Module({
  providers: [
    // For who imports the class itself: those of `forRoot()` stand in their place.
    {
      provide: GOVERNANCE_OPTIONS,
      useFactory: (): never => {
        throw refusal('import `GovernanceModule.forRoot({ governor })`, and not `GovernanceModule` itself');
      },
    },
    { provide: IS_APPLIED, useValue: true },
    ApplicationGovernance,
    Governance,
    GovernanceInterceptor,
    GovernanceGuard,
    GovernanceFilter,
    AttachedInterceptor,
    AttachedGuard,
    StartUp,
    {
      provide: GOVERNOR,
      useFactory: ({ options }: ApplicationGovernance): Governor => options.governor,
      inject: [ApplicationGovernance],
    },
  ],
  exports: [
    GOVERNANCE_OPTIONS,
    GOVERNOR,
    ApplicationGovernance,
    Governance,
    GovernanceInterceptor,
    GovernanceGuard,
    GovernanceFilter,
  ],
})(GovernanceModule);
