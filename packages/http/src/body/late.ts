import { kept, type GovernedBody } from './outlet.ts';

/**
 * A body that nobody waits for and that cannot be judged yet, because it is not known whose it is: keeps a copy of what
 * is written until `known` has settled, then judges it as `create` says. Beyond `maxBytes` it does not wait for `known`
 * any longer.
 */
export class LateBody implements GovernedBody {
  readonly #create: () => GovernedBody;
  readonly #maxBytes: number;
  #early: (string | Uint8Array)[] = [];
  #bytes = 0;
  #ended = false;
  #body: GovernedBody | undefined;

  /** `known` must not reject. */
  constructor(known: Promise<unknown>, maxBytes: number, create: () => GovernedBody) {
    this.#create = create;
    this.#maxBytes = maxBytes;
    void known.then(() => this.#begin());
  }

  write(chunk: string | Uint8Array): boolean {
    if (this.#body !== undefined) return this.#body.write(chunk);
    this.#early.push(kept(chunk));
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) this.#begin();
    return true;
  }

  end(): void {
    this.#ended = true;
    this.#body?.end();
  }

  abort(): void {
    if (this.#body !== undefined) return this.#body.abort();
    // The client has left; what it was sent is judged, as far as it came.
    this.#begin();
    this.#body!.abort();
  }

  stop(): void {
    this.#body?.stop?.();
  }

  #begin(): void {
    if (this.#body !== undefined) return;
    this.#body = this.#create();
    for (const chunk of this.#early) this.#body.write(chunk);
    this.#early = [];
    if (this.#ended) this.#body.end();
  }
}
