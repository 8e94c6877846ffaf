import net from 'node:net';
import zlib from 'node:zlib';

export interface RawRequest {
  readonly method?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
  /** Milliseconds to pause after each chunk that arrives. */
  readonly slowMs?: number;
  readonly abortAfterBytes?: number;
  readonly abortAfterMs?: number;
  readonly timeoutMs?: number;
}

export interface RawResponse {
  readonly status: number;
  readonly head: string;
  readonly headers: { readonly [name: string]: string };
  /** Decoded: chunks joined, decompressed. */
  readonly body: string;
  /** False when a chunked body did not end with its last chunk. */
  readonly complete: boolean;
  readonly trailers: string;
  readonly timedOut: boolean;
  readonly bytes: number;
}

/** A client that sees what is on the wire, byte for byte. */
export function raw(port: number, path: string, request: RawRequest = {}): Promise<RawResponse> {
  const { method = 'GET', headers = {}, body, slowMs, abortAfterBytes, abortAfterMs, timeoutMs = 4000 } = request;
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    let bytes = 0;
    let timedOut = false;
    const head = {
      Host: 'x',
      Connection: 'close',
      ...(body !== undefined && {
        'Content-Type': 'application/json',
        'Content-Length': String(Buffer.byteLength(body)),
      }),
      ...headers,
    };
    const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}`);
    socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body ?? ''}`);
    const timer = setTimeout(() => {
      timedOut = true;
      socket.destroy();
    }, timeoutMs);
    if (abortAfterMs !== undefined) setTimeout(() => socket.destroy(), abortAfterMs);
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (abortAfterBytes !== undefined && bytes >= abortAfterBytes) socket.destroy();
      // `Connection: close` may be overridden by the application: the last chunk ends the answer as well.
      if (chunk.subarray(-5).toString('latin1') === '0\r\n\r\n' && isComplete(Buffer.concat(chunks)))
        setImmediate(() => socket.end());
      if (slowMs !== undefined) {
        socket.pause();
        setTimeout(() => socket.resume(), slowMs);
      }
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(parse(Buffer.concat(chunks), timedOut));
    });
  });
}

function isComplete(wire: Buffer): boolean {
  if (!/\r\ntransfer-encoding: chunked/i.test(wire.toString('latin1', 0, 4096))) return false;
  const rest = wire.subarray(wire.indexOf('\r\n\r\n') + 4);
  return dechunk(rest).complete;
}

function parse(wire: Buffer, timedOut: boolean): RawResponse {
  const split = wire.indexOf('\r\n\r\n');
  const head = wire.subarray(0, Math.max(split, 0)).toString('latin1');
  const headers: Record<string, string> = {};
  for (const line of head.split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    headers[name] =
      headers[name] === undefined ? line.slice(colon + 1).trim() : `${headers[name]}, ${line.slice(colon + 1).trim()}`;
  }
  const rest = wire.subarray(split + 4);
  const chunked = headers['transfer-encoding'] === 'chunked';
  const { payload, complete, trailers } = chunked ? dechunk(rest) : { payload: rest, complete: true, trailers: '' };
  const body =
    headers['content-encoding'] === 'gzip'
      ? zlib.gunzipSync(payload, { finishFlush: zlib.constants.Z_SYNC_FLUSH })
      : payload;
  return {
    status: Number(head.slice(9, 12)),
    head,
    headers,
    body: body.toString('utf8'),
    complete,
    trailers,
    timedOut,
    bytes: wire.length,
  };
}

function dechunk(wire: Buffer): { payload: Buffer; complete: boolean; trailers: string } {
  const out: Buffer[] = [];
  let rest = wire;
  for (;;) {
    const line = rest.indexOf('\r\n');
    if (line < 0) return { payload: Buffer.concat(out), complete: false, trailers: '' };
    const size = parseInt(rest.subarray(0, line).toString('latin1'), 16);
    if (Number.isNaN(size)) return { payload: Buffer.concat(out), complete: false, trailers: '' };
    const after = rest.subarray(line + 2);
    if (size === 0)
      return { payload: Buffer.concat(out), complete: after.length > 0, trailers: after.toString('latin1').trim() };
    out.push(rest.subarray(line + 2, line + 2 + size));
    if (rest.length < line + 4 + size) return { payload: Buffer.concat(out), complete: false, trailers: '' };
    rest = rest.subarray(line + 4 + size);
  }
}
