import type { ServerResponse } from 'node:http';

import { applyEditsToValue, viewJson } from '@flyball/agent-kit';
import {
  call,
  decideAndCarryOut,
  isPromise,
  mapMaybe,
  segmentsOfJson,
  type AdapterGovernor,
  type Decision,
  type Interaction,
  type MaybePromise,
  type Resource,
} from '@flyball/core/adapter';
import { createWarner, denialFor, gateCheckedResponse, type GateResponseOptions } from '@flyball/http';
import { Inject, Injectable, type BeforeApplicationShutdown, type ExecutionContext } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost, ModulesContainer } from '@nestjs/core';

import type { Arrival, Transport } from './arrival.ts';
import { bringsInterceptor } from './brings-interceptor.ts';
import { CallAnswer, CallAnswerInWords } from './call-answer.ts';
import { declaredOf } from './declared.ts';
import { ToldAlready, wordsFor } from './denied.ts';
import { enforce } from './enforce.ts';
import {
  awaits,
  endInteraction,
  exchangeOf,
  keepExchange,
  type Exchange,
  type Passage,
  type PolicyName,
} from './exchange.ts';
import { tellApart } from './exchange-for.ts';
import { GovernanceFilter } from './filter.ts';
import { HTTP } from './http-transport.ts';
import { checkModuleOptions, merged, type CheckedOptions, type GovernanceModuleOptions } from './options.ts';
import { RunningCalls } from './running-calls.ts';
import { GOVERNANCE_OPTIONS } from './tokens.ts';
import { leave, live } from './tools/owners.ts';
import { watch } from './watch.ts';
import { WARNINGS, type Warn } from './warnings.ts';

/** As `gateCheckedResponse` takes them. */
type GateOptions = GateResponseOptions & { readonly governor: AdapterGovernor };

/** Nest's own key for what `@UseFilters()` was given. */
const FILTERS = '__exceptionFilters__';

/** How a handler is governed. */
export interface Route {
  /** The module's options with those of the handler and its class. */
  readonly options: CheckedOptions;
  /** The handler itself has an interceptor of ours, behind one that parses uploads, say. */
  readonly bringsInterceptor: boolean;
}

/**
 * The governance of one application: what its interceptor, guard and tools share.
 */
export class ApplicationGovernance implements BeforeApplicationShutdown {
  readonly options: CheckedOptions;
  readonly warn: Warn;
  readonly modules: ModulesContainer;
  readonly adapterHost: HttpAdapterHost;
  readonly #running = new RunningCalls();
  readonly #transports = new Map<string, Transport>();
  readonly #routes = new WeakMap<object, WeakMap<object, { readonly of: Route | undefined }>>();
  readonly #config: ApplicationConfig;
  #global: object | undefined;

  constructor(
    options: GovernanceModuleOptions,
    modules: ModulesContainer,
    adapterHost: HttpAdapterHost,
    config: ApplicationConfig,
  ) {
    this.#config = config;
    this.options = checkModuleOptions(options);
    const { governor, onWarning, subject, response, transports = [] } = this.options;
    this.warn = createWarner(WARNINGS, onWarning, governor);
    this.modules = modules;
    this.adapterHost = adapterHost;
    for (const transport of [HTTP, ...transports]) {
      this.#transports.set(transport.type, transport);
      if (transport !== HTTP) tellApart(transport.type, (context) => transport.arrival(context).key);
    }
    live(this);
    if (subject === undefined) this.warn('FLYBALL_NO_SUBJECT');
    governor.declareStages(response === false ? ['input'] : ['input', 'output']);
  }

  transport(type: string): Transport | undefined {
    return this.#transports.get(type);
  }

  /** A library may call handlers in ways of its own, which start-up cannot know of: each is named when it is called. */
  passesUngoverned(context: ExecutionContext): void {
    const type = context.getType<string>();
    const route = `${context.getClass().name}.${context.getHandler().name}`;
    this.warn('FLYBALL_UNGOVERNED', { detail: `no transport governs calls of the kind \`${type}\``, route });
  }

  /** How a handler is governed; `undefined` for one that is not to be. */
  routeOf(handler: object, owner: object): Route | undefined {
    let byClass = this.#routes.get(handler);
    if (byClass === undefined) this.#routes.set(handler, (byClass = new WeakMap()));
    let known = byClass.get(owner);
    if (known === undefined) byClass.set(owner, (known = { of: this.#readRoute(handler, owner) }));
    return known.of;
  }

  #readRoute(handler: object, owner: object): Route | undefined {
    const { isUngoverned, options } = declaredOf(handler, owner);
    if (isUngoverned) return undefined;
    return {
      options: options.reduce((all: CheckedOptions, more) => merged(all, more), this.options),
      bringsInterceptor: bringsInterceptor(handler),
    };
  }

  /** The interceptor of every handler, where there is one. */
  governsAllBy(interceptor: object): void {
    this.#global = interceptor;
  }

  isGlobal(interceptor: object): boolean {
    return this.#global === interceptor;
  }

  /**
   * Lets a call in, or says what its caller is told. Asked again about the same call, it answers the same exchange.
   * `undefined`: nothing is enforced and governance itself failed.
   */
  enter(
    context: ExecutionContext,
    transport: Transport,
    arrival: Arrival,
    options: CheckedOptions,
  ): MaybePromise<Exchange | undefined> {
    const known = exchangeOf(arrival.key);
    if (known !== undefined) return known;
    const passage: Passage = {
      context,
      transport,
      arrival,
      options,
      policy: this.#policyOf(context, options),
      warn: this.warn,
    };
    const mode = passage.policy.unknown === true ? 'enforce' : options.governor.strictestMode(passage.policy.name);
    if (mode !== 'enforce') return this.#keep(passage, watch(passage, mode));
    return mapMaybe(enforce(passage), (entered) => {
      if (entered.kind === 'entered') return this.#keep(passage, entered.exchange);
      endInteraction(options.governor, entered.interaction);
      return mapMaybe(this.denied(passage, entered.decision), (error) => {
        throw error;
      });
    });
  }

  /** What a stopped call ends with, in the words of its transport; `ToldAlready` where nothing more is to be said. */
  denied(passage: Pick<Passage, 'context' | 'options' | 'transport'>, decision: Decision): MaybePromise<Error> {
    const { transport, context } = passage;
    return mapMaybe(wordsFor(passage, decision), ({ denial, body }) =>
      transport.tell?.(body, context) === true ? new ToldAlready() : transport.error(denial, body, context),
    );
  }

  #policyOf(context: ExecutionContext, { policy, governor }: CheckedOptions): PolicyName {
    if (typeof policy !== 'function') return { name: policy };
    const answer = call('content', 'policy', () => policy(context));
    // Nobody can wait for it: whether anything is enforced depends on it.
    if (!isPromise(answer)) {
      if (!answer.ok) governor.noteFailure(answer.failure, answer.cause);
      else if (answer.value === undefined || governor.adapterSettings(answer.value) !== undefined)
        return { name: answer.value };
    }
    this.warn('FLYBALL_POLICY_INVALID');
    return { name: undefined, unknown: true };
  }

  #keep(passage: Passage, exchange: Exchange | undefined): Exchange | undefined {
    if (exchange === undefined) return undefined;
    const { arrival } = passage;
    exchange.owner = this;
    keepExchange(arrival.key, exchange);
    if (arrival.raw !== undefined) {
      this.#endWith(arrival.raw.res, exchange.interaction);
      this.#gate(passage, exchange);
    }
    return exchange;
  }

  /** A call is over when its response is. Several handlers may answer through one. */
  #endWith(res: ServerResponse, interaction: Interaction): void {
    if (!awaits(res, this)) return;
    const ended = this.#running.begin();
    const end = (): void => {
      ended();
      endInteraction(this.options.governor, interaction);
    };
    if (res.closed) end();
    else res.once('close', end);
  }

  /** The one gate of every kind of handler. Late: parsers have run, nothing has been sent. */
  #gate(passage: Passage, exchange: Exchange): void {
    const { arrival, options, transport } = passage;
    if (options.response === false) return;
    const { req, res } = arrival.raw!;
    const inWords = options.onDenied !== undefined || transport.answer !== undefined;
    // The same object: the gate reads it again when the body begins.
    const gate = inWords
      ? new CallAnswerInWords(passage, exchange, this.warn)
      : new CallAnswer(options, exchange, this.warn);
    exchange.gates.push(gate);
    gateCheckedResponse(req, res, gate);
  }

  /** How a part of the answer to a call is governed. */
  gateOptions(options: CheckedOptions, exchange: Exchange): GateOptions {
    const gate = new CallAnswer(options, exchange, this.warn);
    exchange.gates.push(gate);
    return gate;
  }

  /** Judges something that is sent beside the answer of a call, as a whole. */
  async judge(
    context: ExecutionContext | undefined,
    options: CheckedOptions,
    interaction: Interaction,
    resource: Resource,
    value: unknown,
  ): Promise<{ readonly value: unknown } | { readonly denied: object }> {
    const { governor } = options;
    const { json, unreadable } = viewJson(value, 'value');
    const content = segmentsOfJson(json, 'value');
    const init = { stage: 'output', point: 'http', resource, content } as const;
    const event = interaction.event({ ...init, ...(unreadable.length > 0 && { unreadable }) });
    const carried = await decideAndCarryOut(governor, event, value, (edits) =>
      applyEditsToValue(value, json, 'value', edits),
    );
    if (carried.kind !== 'stopped') return { value: carried.value };
    if (context === undefined) return { denied: denialFor(carried.decision).problem };
    return { denied: (await wordsFor({ context, options }, carried.decision)).body };
  }

  /** Whether filters of the application may tell the caller of a handler what it failed with. */
  hasFilters(context: ExecutionContext): boolean {
    if (this.#config.getGlobalRequestFilters().length > 0) return true;
    if (this.#config.getGlobalFilters().some((filter) => !(filter instanceof GovernanceFilter))) return true;
    return [context.getHandler(), context.getClass()].some((at) => {
      const filters: unknown = Reflect.getMetadata(FILTERS, at);
      return Array.isArray(filters) && filters.some((filter) => filter !== GovernanceFilter);
    });
  }

  /** Some tool is governed here: rules for tools have somebody who asks. */
  declareTools(): void {
    this.options.governor.declareStages(['tool_call', 'tool_result']);
  }

  /** A call whose answer leaves without a response. Returns what to call when it is over. */
  begun(): () => void {
    return this.#running.begin();
  }

  /**
   * Waits for running answers, with a bound; then closes the governor, which ends in its protocol's words what still
   * runs, and writes the records that are queued.
   */
  async beforeApplicationShutdown(): Promise<void> {
    const { drainMs = 5000, closeGovernor = true, governor } = this.options;
    await this.#running.settled(drainMs);
    leave(this);
    if (closeGovernor) await governor.close();
  }
}

Injectable()(ApplicationGovernance);
Inject(GOVERNANCE_OPTIONS)(ApplicationGovernance, undefined, 0);
Inject(ModulesContainer)(ApplicationGovernance, undefined, 1);
Inject(HttpAdapterHost)(ApplicationGovernance, undefined, 2);
Inject(ApplicationConfig)(ApplicationGovernance, undefined, 3);
