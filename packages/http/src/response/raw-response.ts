import type { ServerResponse } from 'node:http';

/** Called by Node with an error when a chunk could not be written. */
export type WriteCallback = (error?: Error | null) => void;

type Method = (this: ServerResponse, ...args: unknown[]) => unknown;
type Methods = { readonly [name: string]: Method };

/**
 * The response as it was before the gate: Node's own, or what compression made of it. While a call runs `inside`,
 * everything that looks at the response sees the real one: compression decides by `headersSent` whether it must write
 * the head.
 */
export class RawResponse {
  readonly res: ServerResponse;
  /** Depth of running calls. */
  inside = 0;
  /**
   * Methods that something before the gate, such as compression, has put on the response itself; the others are its
   * prototype's.
   */
  #own: { [name: string]: Method } | undefined;

  constructor(res: ServerResponse, methods: readonly string[]) {
    this.res = res;
    if (hasMethods(res)) this.keep(methods);
  }

  /** Takes note of methods that stand on the response now, before others are put in their place. */
  keep(methods: readonly string[]): void {
    for (const name of methods) {
      if (Object.hasOwn(this.res, name)) (this.#own ??= {})[name] = (this.res as unknown as Methods)[name]!;
    }
  }

  run<T>(call: () => T): T {
    this.inside++;
    try {
      return call();
    } finally {
      this.inside--;
    }
  }

  /** Calls a method as it was before the gate. */
  call(name: string, ...args: readonly unknown[]): unknown {
    const method = this.#own?.[name] ?? (Object.getPrototypeOf(this.res) as Methods)[name]!;
    this.inside++;
    try {
      return Reflect.apply(method, this.res, args);
    } finally {
      this.inside--;
    }
  }

  get headersSent(): boolean {
    this.inside++;
    const sent = this.res.headersSent;
    this.inside--;
    return sent;
  }

  write(chunk: string | Uint8Array, encoding?: BufferEncoding, done?: WriteCallback): boolean {
    // A wrapper in front may have forgotten to answer: only `false` asks to wait.
    return this.writeAny(chunk, encoding, done) !== false;
  }

  /** Whatever the application writes, and whatever it is answered. Runs for every event of a stream. */
  writeAny(chunk: unknown, encoding: unknown, done: unknown): unknown {
    const write = this.#own?.['write'] ?? (Object.getPrototypeOf(this.res) as Methods)['write']!;
    this.inside++;
    try {
      return write.call(this.res, chunk, encoding, done);
    } finally {
      this.inside--;
    }
  }

  end(chunk?: string | Uint8Array, encoding?: BufferEncoding, done?: () => void): void {
    const end = this.#own?.['end'] ?? (Object.getPrototypeOf(this.res) as Methods)['end']!;
    this.inside++;
    try {
      end.call(this.res, chunk, encoding, done);
    } finally {
      this.inside--;
    }
  }

  /** As Node writes the head of an answer for which nobody has: from within another call. */
  writeHead(status: unknown): unknown {
    const writeHead = this.#own?.['writeHead'] ?? (Object.getPrototypeOf(this.res) as Methods)['writeHead']!;
    return writeHead.call(this.res, status);
  }

  on(event: string, listener: (this: never, ...args: never[]) => void): void {
    const on = this.#own?.['on'] ?? (Object.getPrototypeOf(this.res) as Methods)['on']!;
    this.inside++;
    try {
      on.call(this.res, event, listener);
    } finally {
      this.inside--;
    }
  }

  /**
   * Compression keeps what it is given until it is asked. One that was put on behind the gate is asked by whoever
   * writes.
   */
  flush(): void {
    if (this.#own?.['flush'] !== undefined || 'flush' in Object.getPrototypeOf(this.res)) this.call('flush');
  }
}

/** Somebody put a method on the response itself. Named one by one: this is asked for every response. */
function hasMethods(res: ServerResponse): boolean {
  const below = Object.getPrototypeOf(res) as ServerResponse & { flush?: unknown };
  return (
    res.end !== below.end ||
    res.write !== below.write ||
    res.writeHead !== below.writeHead ||
    res.flushHeaders !== below.flushHeaders ||
    res.addTrailers !== below.addTrailers ||
    res.on !== below.on ||
    (res as { flush?: unknown }).flush !== below.flush
  );
}
