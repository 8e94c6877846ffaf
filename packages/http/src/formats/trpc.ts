import { isObject, wire, type EventData, type StreamFormat, type WireEvent } from './format.ts';
import type { Problem } from '../problem.ts';
import { Shape } from './shape.ts';

const VALUE = new Shape();

/** A subscription of tRPC over server-sent events. */
export function trpcSubscription(): StreamFormat {
  let opened = false;
  return {
    read({ name }) {
      if (name === 'connected') opened = true;
      if (!opened || (name !== undefined && !['connected', 'ping', 'return', 'serialized-error'].includes(name)))
        return undefined;
      return { shape: VALUE, quiet: name === 'connected', ping: name === 'ping' };
    },
    left: () => undefined,
    ending: (problem) => [wire(trpcError(problem), 'serialized-error')],
  };
}

/** What tRPC clients call an error. */
export function trpcError({ detail, status }: Problem): EventData {
  const [code, number] = CODES[status] ?? CODES[403]!;
  return { message: detail, code: number, data: { code, httpStatus: status } };
}

const CODES: { readonly [status: number]: readonly [code: string, number: number] } = {
  403: ['FORBIDDEN', -32003],
  429: ['TOO_MANY_REQUESTS', -32029],
  503: ['SERVICE_UNAVAILABLE', -32603],
};

const PROMISE = 0;

/** A batch of tRPC as lines: `[chunk, status, value]`, where a value says which chunks are still to come. */
export function trpcLines(): StreamFormat {
  /** Chunks that the client waits for, by what they are. */
  const open = new Map<number, 'promise' | 'iterable'>();
  let opened = false;
  const note = (value: unknown): void => {
    if (!Array.isArray(value)) return;
    for (const definition of (value as readonly unknown[]).slice(1)) {
      if (!Array.isArray(definition) || typeof definition[2] !== 'number') continue;
      open.set(definition[2], definition[1] === PROMISE ? 'promise' : 'iterable');
    }
  };
  return {
    read({ data }) {
      if (isHead(data)) opened = true;
      else if (!opened || !Array.isArray(data) || typeof data[0] !== 'number') return undefined;
      return { shape: VALUE, quiet: isHead(data) };
    },
    left({ data }) {
      if (isObject(data)) for (const value of Object.values(data)) note(value);
      if (!Array.isArray(data)) return;
      const [chunk, status, value] = data as readonly unknown[] as readonly [number, number, unknown];
      // An iterable goes on while it yields (1); a promise has one answer.
      if (open.get(chunk) === 'promise' || status !== 1) open.delete(chunk);
      note(value);
    },
    ending: (problem) =>
      [...open].map(([chunk, kind]): WireEvent => wire([chunk, kind === 'promise' ? 1 : 2, trpcError(problem)])),
  };
}

/** `{"0":[[0],[null,0,0]]}`: one value for each call of the batch. */
function isHead(data: unknown): boolean {
  if (!isObject(data)) return false;
  const entries = Object.entries(data);
  return (
    entries.length > 0 &&
    entries.every(([name, value]) => /^\d+$/.test(name) && Array.isArray(value) && Array.isArray(value[0]))
  );
}
