import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';

import { headersSentError, type HeaderInput } from './head.ts';
import { HEAD, type FIRST, type LISTENING } from './patched.ts';
import type { ResponseGate } from './response-gate.ts';

// Registered symbols: two copies of this package must not put two gates on one response.
export const GATE: unique symbol = Symbol.for('@flyball/http.gate') as never;
export const WATCHED: unique symbol = Symbol.for('@flyball/http.watched') as never;

type Gated = ServerResponse & { [GATE]: ResponseGate };
type Method = (this: Gated, ...args: unknown[]) => unknown;

const MAYBE_ABSENT = ['setHeaders', 'appendHeader'] as const;

/** How a response is governed already. */
export function gatedAs(res: ServerResponse): 'enforced' | 'watched' | undefined {
  if (GATE in res) return 'enforced';
  return WATCHED in res ? 'watched' : undefined;
}

/**
 * Puts a gate in front of a response, on the object itself: Express replaces the prototypes of responses, and libraries
 * look at them by identity. The methods are the same functions for every response, and find the gate at `this`. Most
 * answers leave in one piece that nothing holds: what a gate needs besides is put on when something is held.
 */
export function install(res: ServerResponse, gate: ResponseGate): void {
  (res as Gated)[GATE] = gate;
  // One by one: `Object.assign` costs ten times as much.
  res.write = FIRST_METHODS.write as ServerResponse['write'];
  res.end = FIRST_METHODS.end as ServerResponse['end'];
  res.writeHead = FIRST_METHODS.writeHead as ServerResponse['writeHead'];
  res.flushHeaders = FIRST_METHODS.flushHeaders;
  res.addTrailers = FIRST_METHODS.addTrailers;
  gate.raw.on('pipe', onPipe);
  if (!gate.carriesDrain) return;
  Object.assign(res, LISTENING_METHODS);
  installHead(res, gate);
}

/** From now on the application sees a head that has not left as one that has. */
function installHead(res: ServerResponse, gate: ResponseGate): void {
  gate.complete = true;
  // What was put on behind the gate meanwhile stays where it is, and is called by the gate.
  gate.raw.keep(HEAD);
  Object.assign(res, HEAD_METHODS);
  // HTTP/2 has fewer: what is not there must not seem to be.
  for (const name of MAYBE_ABSENT) if (!(name in Object.getPrototypeOf(res))) delete (res as Partial<Gated>)[name];
  Object.defineProperty(res, 'headersSent', HEADERS_SENT);
  Object.defineProperty(res, 'writableEnded', WRITABLE_ENDED);
}

function onPipe(this: Gated, source: Readable): void {
  const gate = this[GATE];
  if (!gate.isPiped) gate.raw.on('unpipe', onUnpipe);
  gate.piped(source);
}

function onUnpipe(this: Gated, source: Readable): void {
  this[GATE].unpiped(source);
}

/**
 * Calls that the raw response makes of itself, and those of a response that is not governed any more, go straight to
 * it.
 */
function gated(name: string, call: (gate: ResponseGate, args: unknown[], res: Gated) => unknown): Method {
  return function (...args) {
    const gate = this[GATE];
    if (gate.raw.inside > 0 || gate.open) return gate.raw.call(name, ...args);
    if (!gate.complete) installHead(this, gate);
    return call(gate, args, this);
  };
}

/** A head that was sent, as far as the application can tell, cannot be changed. */
function lockedHead(name: string, what: 'set' | 'append' | 'remove'): Method {
  return function (...args) {
    const gate = this[GATE];
    if (gate.committed && gate.raw.inside === 0 && !gate.open) throw headersSentError(what);
    return gate.raw.call(name, ...args);
  };
}

type Listening = 'on' | 'once' | 'prependListener' | 'prependOnceListener' | 'off';

/** `drain` is the gate's to tell: compression moves listeners to a stream of its own. */
function listening(name: string, as: Listening): Method {
  return function (...args) {
    const gate = this[GATE];
    if (args[0] !== 'drain' || gate.raw.inside > 0) return gate.raw.call(name, ...args);
    gate.drain[as]('drain', args[1] as () => void);
    return this;
  };
}

/** Whole answers that nothing objects to need no more of the gate. */
function end(this: Gated, ...args: unknown[]): unknown {
  const gate = this[GATE];
  if (gate.raw.inside > 0 || gate.open) return gate.raw.call('end', ...args);
  const [chunk, second, third] = typeof args[0] === 'function' ? [undefined, undefined, args[0]] : args;
  if (chunk !== undefined && chunk !== null && typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) {
    return gate.raw.call('end', chunk);
  }
  const encoding = encodingOf(second);
  const done = callbackOf(second, third);
  const decided = chunk && gate.isUntouched ? gate.decideAtOnce(chunk, encoding) : undefined;
  if (decided === 'passed') {
    gate.pass(chunk!, encoding, done);
    return this;
  }
  if (!gate.complete) installHead(this, gate);
  if (decided !== undefined) {
    gate.endWith(decided, chunk!, encoding, done);
    return this;
  }
  gate.end(chunk ?? undefined, encoding, done);
  return this;
}

/** Called for every event of a stream: nothing is made for a call. */
function write(this: Gated, chunk: unknown, second: unknown, third: unknown): unknown {
  const gate = this[GATE];
  if (gate.raw.inside > 0 || gate.open) return gate.raw.writeAny(chunk, second, third);
  if (!gate.complete) installHead(this, gate);
  // Node's own complaint, about nothing that could leave.
  if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) return gate.raw.call('write', chunk);
  return gate.write(chunk, encodingOf(second), callbackOf(second, third));
}

/** Nearly all heads are written by Node itself, from `end`. */
function writeHead(this: Gated, ...args: unknown[]): unknown {
  const { raw } = this[GATE];
  return raw.inside > 0 && args.length === 1 ? raw.writeHead(args[0]) : Reflect.apply(anyHead, this, args);
}

const anyHead = gated('writeHead', (gate, [status, second, third], res) => {
  const [message, headers] = typeof second === 'string' ? [second, third] : [undefined, second ?? third];
  gate.writeHead(status as number, message, headers as HeaderInput);
  return res;
});

const FIRST_METHODS: { readonly [M in (typeof FIRST)[number]]: Method } = {
  write,
  end,
  writeHead,
  flushHeaders: gated('flushHeaders', (gate) => gate.flushHeaders()),
  addTrailers: gated('addTrailers', (gate, [trailers]) => gate.addTrailers(trailers as { [name: string]: string })),
};

const HEAD_METHODS: { readonly [M in (typeof HEAD)[number]]: Method } = {
  setHeader: lockedHead('setHeader', 'set'),
  setHeaders: lockedHead('setHeaders', 'set'),
  appendHeader: lockedHead('appendHeader', 'append'),
  removeHeader: lockedHead('removeHeader', 'remove'),
};

const LISTENING_METHODS: { readonly [M in (typeof LISTENING)[number]]: Method } = {
  on: listening('on', 'on'),
  addListener: listening('addListener', 'on'),
  once: listening('once', 'once'),
  prependListener: listening('prependListener', 'prependListener'),
  prependOnceListener: listening('prependOnceListener', 'prependOnceListener'),
  off: listening('off', 'off'),
  removeListener: listening('removeListener', 'off'),
};

// What the application may ask of the response's state; the raw response's own code gets the real answers.

function real(res: Gated, name: 'headersSent' | 'writableEnded'): boolean {
  return Reflect.get(Object.getPrototypeOf(res) as object, name, res) as boolean;
}

const HEADERS_SENT: PropertyDescriptor & ThisType<Gated> = {
  configurable: true,
  get() {
    const gate = this[GATE];
    return (gate.raw.inside === 0 && gate.committed) || real(this, 'headersSent');
  },
};

const WRITABLE_ENDED: PropertyDescriptor & ThisType<Gated> = {
  configurable: true,
  get() {
    const gate = this[GATE];
    return (gate.raw.inside === 0 && gate.ended) || real(this, 'writableEnded');
  },
};

const encodingOf = (value: unknown): BufferEncoding | undefined =>
  typeof value === 'string' ? (value as BufferEncoding) : undefined;

/** Frameworks pass on whatever they were given: Node calls a function and ignores the rest. */
function callbackOf(second: unknown, third: unknown): (() => void) | undefined {
  if (typeof second === 'function') return second as () => void;
  return typeof third === 'function' ? (third as () => void) : undefined;
}
