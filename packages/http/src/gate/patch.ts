import type { ServerResponse } from 'node:http';

import { headersSentError, type HeaderInput } from './head.ts';
import type { ResponseGate } from './response-gate.ts';

// Registered symbol: two copies of this package must not put two gates on one response.
const GATE = Symbol.for('@flyball/http.gate');

type Call = (this: ServerResponse, ...args: never[]) => unknown;
type Any = (...args: unknown[]) => unknown;
/** Makes the method that the application calls, given the one below. */
type Patch = (gate: ResponseGate, below: Any) => Any;

/** How a response is governed already. */
export function gatedAs(res: ServerResponse): 'enforced' | 'watched' | undefined {
  return (res as { [GATE]?: 'enforced' | 'watched' })[GATE];
}

export function markGated(res: ServerResponse, as: 'enforced' | 'watched'): void {
  Object.defineProperty(res, GATE, { configurable: true, value: as });
}

/**
 * Puts a gate in front of a response, on the object itself: Express replaces the prototypes of responses, and libraries
 * look at them by identity.
 */
export function install(res: ServerResponse, gate: ResponseGate): void {
  markGated(res, 'enforced');
  const properties: PropertyDescriptorMap = stateOf(gate);
  for (const [name, patch] of PATCHES) {
    const below = Reflect.get(res, name, res) as Call;
    const value = patch(gate, (...args) => Reflect.apply(below, res, args));
    properties[name] = { configurable: true, writable: true, value };
  }
  Object.defineProperties(res, properties);
}

/** A patch that leaves calls from below, and those of a response that is not governed, to the method below. */
const through =
  (patch: (gate: ResponseGate, args: unknown[]) => unknown): Patch =>
  (gate, below) =>
  (...args) =>
    gate.lower.inside > 0 || gate.open ? below(...args) : patch(gate, args);

const lockedHead = (what: 'set' | 'append' | 'remove'): Patch => {
  return (gate, below) =>
    (...args) => {
      if (gate.committed && gate.lower.inside === 0 && !gate.open) throw headersSentError(what);
      return below(...args);
    };
};

const listening = (name: 'on' | 'once' | 'prependListener' | 'prependOnceListener' | 'off'): Patch => {
  return (gate, below) =>
    (...args) => {
      if (args[0] !== 'drain' || gate.lower.inside > 0) return below(...args);
      gate.drain[name]('drain', args[1] as () => void);
      return gate.lower.res;
    };
};

const PATCHES: readonly (readonly [name: string, patch: Patch])[] = [
  [
    'write',
    through((gate, [chunk, second, third]) => {
      const [encoding, done] = typeof second === 'function' ? [undefined, second] : [second, third];
      if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) {
        // Node's own complaint, about nothing that could leave.
        return gate.lower.write(chunk as string, encoding as BufferEncoding);
      }
      return gate.write(chunk, encoding as BufferEncoding | undefined, done as (() => void) | undefined);
    }),
  ],
  [
    'end',
    through((gate, args) => {
      const [chunk, second, third] = typeof args[0] === 'function' ? [undefined, undefined, args[0]] : args;
      const [encoding, done] = typeof second === 'function' ? [undefined, second] : [second, third];
      gate.end(
        (chunk ?? undefined) as string | undefined,
        encoding as BufferEncoding | undefined,
        done as (() => void) | undefined,
      );
      return gate.lower.res;
    }),
  ],
  [
    'writeHead',
    through((gate, [status, second, third]) => {
      const [message, headers] = typeof second === 'string' ? [second, third] : [undefined, second ?? third];
      gate.writeHead(status as number, message, headers as HeaderInput);
      return gate.lower.res;
    }),
  ],
  ['flushHeaders', through((gate) => gate.flushHeaders())],
  ['addTrailers', through((gate, [trailers]) => gate.addTrailers(trailers as { [name: string]: string }))],
  ['setHeader', lockedHead('set')],
  ['setHeaders', lockedHead('set')],
  ['appendHeader', lockedHead('append')],
  ['removeHeader', lockedHead('remove')],
  ['on', listening('on')],
  ['addListener', listening('on')],
  ['once', listening('once')],
  ['prependListener', listening('prependListener')],
  ['prependOnceListener', listening('prependOnceListener')],
  ['off', listening('off')],
  ['removeListener', listening('off')],
];

/** What the application may ask of the response's state; below, the answers are the real ones. */
function stateOf(gate: ResponseGate): PropertyDescriptorMap {
  const real = (name: 'headersSent' | 'writableEnded'): boolean => {
    return Reflect.get(Object.getPrototypeOf(gate.lower.res) as object, name, gate.lower.res) as boolean;
  };
  return {
    headersSent: {
      configurable: true,
      get: () => (gate.lower.inside === 0 && gate.committed) || real('headersSent'),
    },
    writableEnded: {
      configurable: true,
      get: () => (gate.lower.inside === 0 && gate.ended) || real('writableEnded'),
    },
  };
}
