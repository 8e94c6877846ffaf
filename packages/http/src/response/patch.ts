import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';

import { headersSentError, type HeaderInput } from './head.ts';
import type { PATCHED } from './patched.ts';
import type { ResponseGate } from './response-gate.ts';

// Registered symbols: two copies of this package must not put two gates on one response.
const GATE = Symbol.for('@flyball/http.gate');
const WATCHED = Symbol.for('@flyball/http.watched');

type Gated = ServerResponse & { [GATE]: ResponseGate; [WATCHED]?: true };
type Method = (this: Gated, ...args: unknown[]) => unknown;

const MAYBE_ABSENT = ['setHeaders', 'appendHeader'] as const;

/** How a response is governed already. */
export function gatedAs(res: ServerResponse): 'enforced' | 'watched' | undefined {
  if (GATE in res) return 'enforced';
  return WATCHED in res ? 'watched' : undefined;
}

export function markWatched(res: ServerResponse): void {
  (res as Gated)[WATCHED] = true;
}

/**
 * Puts a gate in front of a response, on the object itself: Express replaces the prototypes of responses, and libraries
 * look at them by identity. The methods are the same functions for every response, and find the gate at `this`.
 */
export function install(res: ServerResponse, gate: ResponseGate): void {
  (res as Gated)[GATE] = gate;
  Object.assign(res, METHODS);
  // HTTP/2 has fewer: what is not there must not seem to be.
  for (const name of MAYBE_ABSENT) if (!(name in Object.getPrototypeOf(res))) delete (res as Partial<Gated>)[name];
  Object.defineProperty(res, 'headersSent', HEADERS_SENT);
  Object.defineProperty(res, 'writableEnded', WRITABLE_ENDED);
  gate.raw.on('pipe', onPipe);
  gate.raw.on('unpipe', onUnpipe);
}

function onPipe(this: Gated, source: Readable): void {
  this[GATE].piped(source);
}

function onUnpipe(this: Gated, source: Readable): void {
  this[GATE].unpiped(source);
}

/** Calls that the raw response makes of itself, and those of a response that is not governed any more, go straight to it. */
function gated(name: string, call: (gate: ResponseGate, args: unknown[], res: Gated) => unknown): Method {
  return function (...args) {
    const gate = this[GATE];
    return gate.raw.inside > 0 || gate.open ? gate.raw.call(name, ...args) : call(gate, args, this);
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

const METHODS: { readonly [M in (typeof PATCHED)[number]]: Method } = {
  write: gated('write', (gate, [chunk, second, third]) => {
    // Node's own complaint, about nothing that could leave.
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) return gate.raw.call('write', chunk);
    return gate.write(chunk, encodingOf(second), callbackOf(second, third));
  }),
  end: gated('end', (gate, args, res) => {
    const [chunk, second, third] = typeof args[0] === 'function' ? [undefined, undefined, args[0]] : args;
    if (chunk !== undefined && chunk !== null && typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) {
      return gate.raw.call('end', chunk);
    }
    gate.end(chunk ?? undefined, encodingOf(second), callbackOf(second, third));
    return res;
  }),
  writeHead: gated('writeHead', (gate, [status, second, third], res) => {
    const [message, headers] = typeof second === 'string' ? [second, third] : [undefined, second ?? third];
    gate.writeHead(status as number, message, headers as HeaderInput);
    return res;
  }),
  flushHeaders: gated('flushHeaders', (gate) => gate.flushHeaders()),
  addTrailers: gated('addTrailers', (gate, [trailers]) => gate.addTrailers(trailers as { [name: string]: string })),
  setHeader: lockedHead('setHeader', 'set'),
  setHeaders: lockedHead('setHeaders', 'set'),
  appendHeader: lockedHead('appendHeader', 'append'),
  removeHeader: lockedHead('removeHeader', 'remove'),
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
