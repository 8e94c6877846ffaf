import zlib from 'node:zlib';

import type { WireEvent } from '../formats/format.ts';
import type { Frame, Framing } from './frame.ts';

/** Length and checksum before the headers, and the checksum at the end. */
const PRELUDE = 12;
const CHECKSUM = 4;
/** What the format itself allows for one message. */
const MAX_MESSAGE = 16 * 1024 * 1024;
/** A header that is a string. */
const STRING = 7;

/**
 * Messages of `application/vnd.amazon.eventstream` (Amazon Bedrock). Text here is bytes, one unit each. A message with
 * other data has another length and other checksums.
 */
export function eventStreamFraming(): Framing {
  let raw = '';
  /** Length of the message that comes, once its beginning says so: looked at once, however the rest is cut. */
  let length: number | undefined;
  /** Models behind `InvokeModelWithResponseStream` send their own events, packed into `bytes`. */
  let isPacked = false;

  return {
    rows: false,

    push(text) {
      raw += text;
      const frames: Frame[] = [];
      while (raw.length >= (length ?? PRELUDE)) {
        length ??= Buffer.from(raw.slice(0, 4), 'latin1').readUInt32BE(0);
        if (length < PRELUDE + CHECKSUM || length > MAX_MESSAGE) {
          // No message: what is left is judged as it stands, and nothing can be masked in it.
          frames.push({ raw, data: raw, rewrite: () => '' });
          raw = '';
          length = undefined;
        } else if (raw.length < length) return frames;
        else {
          const message = readMessage(raw.slice(0, length));
          isPacked ||= message.isPacked;
          frames.push(message.frame);
          raw = raw.slice(length);
          length = undefined;
        }
      }
      return frames;
    },

    end() {
      if (raw === '') return [];
      const rest = raw;
      raw = '';
      return [{ raw: rest, data: rest, rewrite: () => '' }];
    },

    pending: () => raw.length,

    ending: (events) => events.map((event) => written(event, isPacked)).join(''),
  };
}

function readMessage(raw: string): { readonly frame: Frame; readonly isPacked: boolean } {
  const bytes = Buffer.from(raw, 'latin1');
  const end = PRELUDE + bytes.readUInt32BE(4);
  const headers = bytes.subarray(PRELUDE, end);
  const payload = bytes.subarray(end, bytes.length - CHECKSUM).toString('utf8');
  const packed = unpacked(payload);
  const name = headersOf(headers).get(':event-type');
  const frame = {
    raw,
    data: packed ?? (payload === '' ? undefined : payload),
    ...(name !== undefined && packed === undefined && { name }),
    rewrite: (changed: string) => messageOf(headers, packed === undefined ? changed : pack(changed)),
  };
  return { frame, isPacked: packed !== undefined };
}

/** What stands in `{"bytes":"…"}`. */
function unpacked(payload: string): string | undefined {
  if (!payload.includes('"bytes"')) return undefined;
  try {
    const { bytes } = JSON.parse(payload) as { bytes?: unknown };
    return typeof bytes === 'string' ? Buffer.from(bytes, 'base64').toString('utf8') : undefined;
  } catch {
    return undefined;
  }
}

const pack = (data: string): string => JSON.stringify({ bytes: Buffer.from(data).toString('base64') });

function written({ event, data }: WireEvent, isPacked: boolean): string {
  if (data === '[DONE]') return '';
  const headers = {
    ':message-type': 'event',
    ':event-type': isPacked ? 'chunk' : (event ?? 'event'),
    ':content-type': 'application/json',
  };
  const parts = Object.entries(headers).map(([name, value]) => {
    const head = Buffer.alloc(name.length + 4);
    head.writeUInt8(name.length, 0);
    head.write(name, 1, 'latin1');
    head.writeUInt8(STRING, name.length + 1);
    head.writeUInt16BE(value.length, name.length + 2);
    return Buffer.concat([head, Buffer.from(value, 'latin1')]);
  });
  return messageOf(Buffer.concat(parts), isPacked ? pack(data) : data);
}

function messageOf(headers: Uint8Array, data: string): string {
  const payload = Buffer.from(data);
  const prelude = Buffer.alloc(PRELUDE);
  prelude.writeUInt32BE(PRELUDE + headers.length + payload.length + CHECKSUM, 0);
  prelude.writeUInt32BE(headers.length, 4);
  prelude.writeUInt32BE(zlib.crc32(prelude.subarray(0, 8)), 8);
  const message = Buffer.concat([prelude, headers, payload]);
  const checksum = Buffer.alloc(CHECKSUM);
  checksum.writeUInt32BE(zlib.crc32(message), 0);
  return Buffer.concat([message, checksum]).toString('latin1');
}

/** The headers that are strings. */
function headersOf(bytes: Buffer): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let at = 0; at + 1 < bytes.length;) {
    const nameEnd = at + 1 + bytes[at]!;
    if (bytes[nameEnd] !== STRING || nameEnd + 3 > bytes.length) break;
    const end = nameEnd + 3 + bytes.readUInt16BE(nameEnd + 1);
    found.set(bytes.toString('latin1', at + 1, nameEnd), bytes.toString('utf8', nameEnd + 3, end));
    at = end;
  }
  return found;
}
