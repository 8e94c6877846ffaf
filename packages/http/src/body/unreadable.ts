import { bytesOf, kept, type GovernedBody, type Outlet } from './outlet.ts';

export interface UnreadableBodySetup {
  readonly outlet: Outlet;
  /** Decides what becomes of a body that cannot be read, given what has come of it. */
  unreadable(body: () => Uint8Array): Promise<void>;
}

/** A body that cannot be read: kept for the moment it takes to decide whether it may leave unjudged. */
export class UnreadableBody implements GovernedBody {
  readonly #chunks: Uint8Array[] = [];

  constructor(setup: UnreadableBodySetup) {
    queueMicrotask(() => {
      setup.unreadable(() => Buffer.concat(this.#chunks)).catch((error: unknown) => setup.outlet.fail(error));
    });
  }

  write(chunk: string | Uint8Array): boolean {
    this.#chunks.push(bytesOf(kept(chunk)));
    return false;
  }

  end(): void {}

  abort(): void {
    this.#chunks.length = 0;
  }
}
