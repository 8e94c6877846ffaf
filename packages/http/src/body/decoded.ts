import type { Transform } from 'node:stream';
import zlib from 'node:zlib';

import { kept, type BodySource, type GovernedBody, type Outlet } from './outlet.ts';

/** What undoes a content coding, or undefined where it is not known here. */
export function decoderFor(encoding: string): Transform | undefined {
  switch (encoding.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip();
    case 'deflate':
      return zlib.createInflate();
    case 'br':
      return zlib.createBrotliDecompress();
    case 'zstd':
      // Node 22.15 and newer.
      return (zlib as Partial<typeof zlib>).createZstdDecompress?.();
    default:
      return undefined;
  }
}

/**
 * A body that was encoded before governance could read it: decoded, judged, and sent as it is then. What the judging
 * side cannot take is not decoded yet, so that a small body of a large text fills no memory.
 */
export class DecodedBody implements GovernedBody {
  readonly #decoder: Transform;
  readonly #body: GovernedBody;
  #outlet: Outlet | undefined;
  #done = false;

  constructor(
    decoder: Transform,
    source: BodySource,
    create: (plain: BodySource) => GovernedBody,
    undecodable: (outlet: Outlet) => Promise<void>,
  ) {
    this.#decoder = decoder;
    this.#body = create({ ...source, outlet: (delivery) => (this.#outlet = this.#resuming(source.outlet(delivery))) });
    decoder.on('data', (chunk: Uint8Array) => {
      if (!this.#done && !this.#body.write(chunk)) decoder.pause();
    });
    decoder.on('end', () => {
      if (!this.#done) this.#body.end();
    });
    decoder.on('drain', () => this.#outlet?.drained());
    decoder.on('error', () => {
      if (this.#done) return;
      this.abort();
      const outlet = this.#outlet ?? source.outlet('whole');
      undecodable(outlet).catch((error: unknown) => outlet.fail(error));
    });
  }

  write(chunk: string | Uint8Array): boolean {
    return this.#done || this.#decoder.write(kept(chunk));
  }

  end(): void {
    if (!this.#done) this.#decoder.end();
  }

  abort(): void {
    this.#done = true;
    this.#decoder.destroy();
    this.#body.abort();
  }

  stop(): void {
    this.#body.stop?.();
  }

  /** The outlet, which lets the decoder go on when the judging side can take more. */
  #resuming(outlet: Outlet): Outlet {
    const decoder = this.#decoder;
    return {
      get sent() {
        return outlet.sent;
      },
      write: (chunk) => outlet.write(chunk),
      end: (body, edited) => outlet.end(body, edited),
      refuse: (decision) => outlet.refuse(decision),
      cut: (decision, ending) => outlet.cut(decision, ending),
      breakOff: (decision) => outlet.breakOff(decision),
      fail: (error) => outlet.fail(error),
      drained: () => {
        decoder.resume();
        outlet.drained();
      },
    };
  }
}
