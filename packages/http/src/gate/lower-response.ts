import type { ServerResponse } from 'node:http';

/** Called by Node with an error when a chunk could not be written. */
export type WriteCallback = (error?: Error | null) => void;

type Flushable = ServerResponse & { flush?: () => void };

/**
 * The response as it was before the gate: Node's own, or what compression made of it. While a call runs `inside`, everything
 * that looks at the response sees the real one: compression decides by `headersSent` whether it must write the head.
 */
export class LowerResponse {
  readonly res: ServerResponse;
  /** Depth of running calls. */
  inside = 0;
  readonly #write: ServerResponse['write'];
  readonly #end: ServerResponse['end'];
  readonly #writeHead: ServerResponse['writeHead'];
  readonly #flushHeaders: ServerResponse['flushHeaders'];
  readonly #addTrailers: ServerResponse['addTrailers'];
  readonly #on: ServerResponse['on'];

  constructor(res: ServerResponse) {
    this.res = res;
    this.#write = res.write;
    this.#end = res.end;
    this.#writeHead = res.writeHead;
    this.#flushHeaders = res.flushHeaders;
    this.#addTrailers = res.addTrailers;
    this.#on = res.on;
  }

  run<T>(call: () => T): T {
    this.inside++;
    try {
      return call();
    } finally {
      this.inside--;
    }
  }

  get headersSent(): boolean {
    return this.run(() => this.res.headersSent);
  }

  write(chunk: string | Uint8Array, encoding?: BufferEncoding, done?: WriteCallback): boolean {
    return this.run(() => this.#write.call(this.res, chunk, encoding!, done));
  }

  end(chunk?: string | Uint8Array, encoding?: BufferEncoding, done?: () => void): void {
    this.run(() => this.#end.call(this.res, chunk, encoding!, done));
  }

  writeHead(status: number): void {
    this.run(() => this.#writeHead.call(this.res, status));
  }

  flushHeaders(): void {
    this.run(() => this.#flushHeaders.call(this.res));
  }

  addTrailers(trailers: Parameters<ServerResponse['addTrailers']>[0]): void {
    this.run(() => this.#addTrailers.call(this.res, trailers));
  }

  on(event: string, listener: (...args: never[]) => void): void {
    this.run(() => this.#on.call(this.res, event, listener as (...args: unknown[]) => void));
  }

  /** Compression keeps what it is given until it is asked. */
  flush(): void {
    this.run(() => (this.res as Flushable).flush?.());
  }
}
