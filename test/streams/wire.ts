// The ways in which the streams of the test are written, and read again by what a client would do.
import zlib from 'node:zlib';
import { arrayFraming } from '../../packages/http/src/framing/array.ts';
import { dataStreamFraming } from '../../packages/http/src/framing/data-stream.ts';
import { eventStreamFraming } from '../../packages/http/src/framing/event-stream.ts';
import type { Framing } from '../../packages/http/src/framing/frame.ts';
import { multipartFraming } from '../../packages/http/src/framing/multipart.ts';
import { ndjsonFraming } from '../../packages/http/src/framing/ndjson.ts';
import { sseFraming } from '../../packages/http/src/framing/sse.ts';

export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };

/**
 * `returns`: server-sent events whose lines end in two characters; `codes`: lines of the AI SDK's data stream;
 * `frames`: binary messages of Amazon's. Their events are objects of one member, which names them.
 */
export type WireName = 'sse' | 'returns' | 'ndjson' | 'array' | 'parts' | 'codes' | 'frames';

export interface Wire {
  /** Latin-1 of the bytes where they are no text. */
  readonly isBinary?: true;
  write(events: readonly Value[]): string;
  /** The events that a client finds; what is none is left out. */
  read(body: string): readonly Value[];
  framing(): Framing;
}

const BOUNDARY = '-';

export const WIRES: { readonly [name in WireName]: Wire } = {
  sse: {
    write: (events) => events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''),
    read: (body) => lines(body).flatMap((line) => parsed(line.replace(/^data: /, ''))),
    framing: sseFraming,
  },
  returns: {
    write: (events) => events.map((event) => `data: ${JSON.stringify(event)}\r\n\r\n`).join(''),
    read: (body) => body.split(/\r\n|\r|\n/).flatMap((line) => parsed(line.replace(/^data: /, ''))),
    framing: sseFraming,
  },
  ndjson: {
    write: (events) => events.map((event) => `${JSON.stringify(event)}\n`).join(''),
    read: (body) => lines(body).flatMap((line) => parsed(line)),
    framing: ndjsonFraming,
  },
  array: {
    write: (events) => `[${events.map((event) => JSON.stringify(event)).join(',\n ')}]\n`,
    read: (body) => parsed(body).flatMap((all) => all as readonly Value[]),
    framing: arrayFraming,
  },
  parts: {
    write(events) {
      const parts = events.map((event) => `\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(event)}\r\n`);
      return `--${BOUNDARY}${parts.map((part) => `${part}--${BOUNDARY}`).join('')}--\r\n`;
    },
    read: (body) => body.split(`--${BOUNDARY}`).flatMap((part) => parsed(part.slice(part.indexOf('\r\n\r\n')))),
    framing: () => multipartFraming(BOUNDARY),
  },
  codes: {
    write: (events) =>
      events
        .map((event) =>
          named(event)
            .map(([code, data]) => `${code}:${data}\n`)
            .join(''),
        )
        .join(''),
    read: (body) => lines(body).flatMap((line) => parsed(line.slice(2)).map((data) => ({ [line.slice(0, 1)]: data }))),
    framing: dataStreamFraming,
  },
  frames: {
    isBinary: true,
    write: (events) =>
      events
        .map((event) =>
          named(event)
            .map(([name, data]) => frame(name, data))
            .join(''),
        )
        .join(''),
    read: framesIn,
    framing: eventStreamFraming,
  },
};

const lines = (body: string): readonly string[] => body.split('\n').filter((line) => line !== '');

const named = (event: Value): readonly (readonly [name: string, data: string])[] =>
  Object.entries(event as { readonly [name: string]: Value }).map(([name, data]) => [name, JSON.stringify(data)]);

function parsed(text: string): readonly Value[] {
  try {
    return [JSON.parse(text) as Value];
  } catch {
    return [];
  }
}

/**
 * One message: its lengths and their checksum, a header of type string for its name, the data, and the checksum of all.
 */
function frame(name: string, data: string): string {
  const header = Buffer.concat([Buffer.from([11]), Buffer.from(':event-type'), Buffer.from([7, 0, name.length])]);
  const headers = Buffer.concat([header, Buffer.from(name)]);
  const payload = Buffer.from(data);
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(16 + headers.length + payload.length, 0);
  lengths.writeUInt32BE(headers.length, 4);
  const prelude = Buffer.concat([lengths, checksum(lengths)]);
  const all = Buffer.concat([prelude, headers, payload]);
  return Buffer.concat([all, checksum(all)]).toString('latin1');
}

function checksum(bytes: Uint8Array): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(zlib.crc32(bytes), 0);
  return sum;
}

function framesIn(body: string): readonly Value[] {
  const bytes = Buffer.from(body, 'latin1');
  const found: Value[] = [];
  for (let at = 0; at + 16 <= bytes.length;) {
    const size = bytes.readUInt32BE(at);
    const end = at + 12 + bytes.readUInt32BE(at + 4);
    if (size < 16 || at + size > bytes.length) break;
    const whole = bytes.subarray(at, at + size - 4);
    // A reader takes no message whose checksum is another one.
    if (bytes.readUInt32BE(at + size - 4) !== zlib.crc32(whole)) throw new Error('a message has a wrong checksum');
    const name = /:event-type\u0007\u0000[^]([A-Za-z]+)/.exec(bytes.toString('latin1', at + 12, end))?.[1] ?? '';
    for (const data of parsed(bytes.toString('utf8', end, at + size - 4))) found.push({ [name]: data });
    at += size;
  }
  return found;
}
