import {
  Inject,
  Injectable,
  type HttpServer,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';

import { ApplicationGovernance } from './application-governance.ts';
import { AttachedGuard, AttachedInterceptor } from './attached.ts';
import { attach } from './attachments.ts';
import { INTERCEPTORS, bringsInterceptor } from './brings-interceptor.ts';
import { checkRouteOptions, refusal, type RouteOptions } from './options.ts';
import { lineOf, saysBoth } from './declared.ts';
import { GOVERNED } from './decorators.ts';
import { IS_APPLIED } from './tokens.ts';
import { hasTools, ungovernedOverrides, unwrapped } from './tools/governed-tool.ts';

// Nest's own keys.
const GATEWAY = 'websockets:is_gateway';
const SERVER = 'websockets:is_socket';
const MESSAGE = 'websockets:message_mapping';
const PATTERN = 'microservices:pattern';
const RESOLVER = 'graphql:resolver_type';
const GUARDS = '__guards__';
const SSE = '__sse__';
const ARGUMENTS = '__routeArguments__';
const PASSTHROUGH = '__responsePassthrough__';
/** Nest's numbers for `@Res()` and `@Next()` among the parameters of a handler. */
const RESPONSE = ['1', '2'];

type Metatype = abstract new (...args: never[]) => unknown;
type Methods = { readonly [name: string]: unknown };

/** A handler that cannot be governed as the application is set up. */
interface Problem {
  readonly place: string;
  readonly is: string;
}

/**
 * Looks through the application before it is put together: wraps its tools, governs what global interceptors do not
 * reach (gateways on Nest 11, message handlers of hybrid applications), and names what cannot be governed.
 */
export class StartUp implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  readonly #governance: ApplicationGovernance;
  readonly #isApplied: boolean;
  readonly #attached: (() => void)[] = [];

  constructor(governance: ApplicationGovernance, isApplied: boolean) {
    this.#governance = governance;
    this.#isApplied = isApplied;
    const problems: Problem[] = [];
    if (isApplied && appliedModules(governance) > 1)
      throw refusal(
        '`GovernanceModule` is imported more than once, so that nobody could say whose policy holds: import it once, where the modules of the application are put together',
      );
    giveAttached(governance);
    for (const { metatype, isController } of classesOf(governance)) {
      this.#checkTools(metatype);
      problems.push(...this.#checkClass(metatype, isController));
    }
    if (problems.length > 0) this.#refuse(problems);
  }

  /** The platform is there now, and serves nothing yet. */
  onModuleInit(): void {
    for (const transport of this.#governance.options.transports ?? [])
      transport.prepare?.(this.#governance.adapterHost.httpAdapter as HttpServer | undefined);
  }

  /** Instances are there now. */
  onApplicationBootstrap(): void {
    for (const module of this.#governance.modules.values())
      for (const { instance, name } of [...module.providers.values(), ...module.controllers.values()])
        for (const method of unwrapped(instance))
          this.#governance.warn('FLYBALL_TOOL_UNGOVERNED', { route: `${String(name)}.${method}` });
  }

  /** Classes outlive an application: what was written on them is taken back. */
  onApplicationShutdown(): void {
    for (const takeBack of this.#attached.splice(0)) takeBack();
  }

  #checkTools(metatype: Metatype): void {
    const prototype = metatype.prototype as object;
    if (!hasTools(prototype)) return;
    this.#governance.declareTools();
    for (const method of ungovernedOverrides(prototype))
      this.#governance.warn('FLYBALL_TOOL_UNGOVERNED', { route: `${metatype.name}.${method}` });
  }

  #checkClass(metatype: Metatype, isController: boolean): Problem[] {
    const governance = this.#governance;
    const has = (key: string, target: object): boolean => Reflect.getMetadata(key, target) !== undefined;
    const isGateway = has(GATEWAY, metatype);
    const problems: Problem[] = [];
    let handlers = 0;
    for (const [name, method] of methodsOf(metatype)) {
      const isMessage = isGateway && has(MESSAGE, method);
      const isPattern = isController && has(PATTERN, method);
      const isResolver = has(RESOLVER, method);
      const isRoute = isController && has('method', method) && has('path', method);
      const place = `${metatype.name}.${name}`;
      if (!isMessage && !isPattern && !isResolver && !isRoute) {
        if (has(GOVERNED, method)) throw refusal(noHandler(place));
        continue;
      }
      handlers++;
      checkDeclared(governance, method, metatype, place);
      const route = governance.routeOf(method, metatype);
      if (route === undefined) continue;
      if (!this.#isApplied && !bringsInterceptor(method) && !bringsInterceptor(metatype)) continue;
      // Nest sends the head of such a stream while interceptors still wait: what comes in is decided behind the last
      // guard.
      if (isRoute && has(SSE, method)) this.#attached.push(attach(GUARDS, method, AttachedGuard, 'last'));
      if (isMessage) problems.push(...this.#needs('ws', 'webSockets()', 'websockets', place, metatype));
      if (isPattern) problems.push(...this.#needs('rpc', 'microservices()', 'microservices', place, metatype));
      if (isResolver && governance.transport('graphql') === undefined)
        problems.push(missing('graphql()', 'graphql', place));
      if (isRoute && governance.options.resHandlers === 'refuse' && sendsItself(metatype, name))
        problems.push({ place, is: "sends the response itself (`@Res()`), which `resHandlers: 'refuse'` forbids" });
    }
    if (handlers === 0 && has(GOVERNED, metatype)) throw refusal(noHandler(metatype.name));
    if (isGateway && governance.transport('ws') !== undefined && holdsServer(metatype))
      governance.warn('FLYBALL_BROADCASTS', { route: metatype.name });
    return problems;
  }

  /**
   * Puts the interceptor on a class whose handlers global ones may not reach, around those that the class has. Where
   * global ones do, this one finds the call governed.
   */
  #needs(type: string, factory: string, subpath: string, place: string, metatype: Metatype): Problem[] {
    if (this.#governance.transport(type) === undefined) return [missing(factory, subpath, place)];
    // A handler that has its own, because nothing else is governed, needs no other.
    if (this.#isApplied) this.#attached.push(attach(INTERCEPTORS, metatype, AttachedInterceptor, 'first'));
    return [];
  }

  #refuse(problems: readonly Problem[]): void {
    if (this.#governance.options.onUngoverned !== 'warn')
      throw refusal(problems.map(({ place, is }) => `\`${place}\` ${is}`).join('; '));
    for (const { place, is } of problems) this.#governance.warn('FLYBALL_UNGOVERNED', { detail: is, route: place });
  }
}

Injectable()(StartUp);
Inject(ApplicationGovernance)(StartUp, undefined, 0);
Inject(IS_APPLIED)(StartUp, undefined, 1);

const noHandler = (place: string): string =>
  `\`@Governed()\` on \`${place}\`, where nothing answers a call from outside: it is for handlers, and \`@GovernedTool()\` for methods that models call`;

/** Refuses what nobody could mean by the decorators of a handler, of its class and of those above. */
function checkDeclared(
  { options: { governor } }: ApplicationGovernance,
  method: object,
  metatype: Metatype,
  name: string,
): void {
  for (const place of [method, ...lineOf(metatype)]) {
    const called = `\`${place === method ? name : (place as Metatype).name}\``;
    if (saysBoth(place))
      throw refusal(`${called} is both \`@Governed()\` and \`@Ungoverned()\`: leave one of them out`);
    const given = Reflect.getOwnMetadata(GOVERNED, place) as RouteOptions | undefined;
    if (given !== undefined) checkRouteOptions(governor, called, given);
  }
}

/** How many modules govern every handler. */
const appliedModules = ({ modules }: ApplicationGovernance): number =>
  [...modules.values()].filter(
    ({ providers }) => providers.has(StartUp) && providers.get(IS_APPLIED)?.instance === true,
  ).length;

/** Lets the names that stand on classes find the governance of this application, in whichever module they are. */
function giveAttached({ modules }: ApplicationGovernance): void {
  const own = [...modules.values()].find(({ providers }) => providers.has(StartUp));
  if (own === undefined) return;
  for (const { injectables } of modules.values())
    for (const enhancer of [AttachedInterceptor, AttachedGuard])
      injectables.set(enhancer, own.providers.get(enhancer) as never);
}

const missing = (factory: string, subpath: string, place: string): Problem => ({
  place,
  is: `would run ungoverned: add \`${factory}\` from \`@flyball/nestjs/${subpath}\` to \`transports\`, or mark it \`@Ungoverned()\``,
});

function* classesOf({
  modules,
}: ApplicationGovernance): Iterable<{ readonly metatype: Metatype; readonly isController: boolean }> {
  const seen = new Set<unknown>();
  for (const { controllers, providers } of modules.values()) {
    for (const [wrappers, isController] of [
      [controllers, true],
      [providers, false],
    ] as const) {
      for (const { metatype } of wrappers.values()) {
        if (typeof metatype !== 'function' || metatype.prototype === undefined || seen.has(metatype)) continue;
        seen.add(metatype);
        yield { metatype: metatype as Metatype, isController };
      }
    }
  }
}

/** Methods of a class and of those above it, the nearest first. */
function methodsOf(metatype: Metatype): ReadonlyMap<string, object> {
  const found = new Map<string, object>();
  let prototype = metatype.prototype as object | null;
  while (prototype !== null && prototype !== Object.prototype) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype)))
      if (name !== 'constructor' && typeof value === 'function' && !found.has(name)) found.set(name, value as object);
    prototype = Object.getPrototypeOf(prototype) as object | null;
  }
  return found;
}

function sendsItself(metatype: Metatype, name: string): boolean {
  const given = (Reflect.getMetadata(ARGUMENTS, metatype, name) ?? {}) as Methods;
  const takesResponse = Object.keys(given).some((key) => RESPONSE.includes(key.split(':')[0]!));
  return takesResponse && Reflect.getMetadata(PASSTHROUGH, metatype, name) !== true;
}

/** True where a field carries `@WebSocketServer()`. */
function holdsServer(metatype: Metatype): boolean {
  const prototype = metatype.prototype as object;
  const fields = Object.getOwnPropertyNames(prototype);
  return fields.some((name) => Reflect.getMetadata(SERVER, prototype, name) !== undefined);
}
