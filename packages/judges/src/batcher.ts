import type { Answers, Opinion, Passage, Usage } from './asker.ts';

interface Waiting {
  readonly passage: Passage;
  readonly signal: AbortSignal;
  readonly resolve: (answer: { readonly opinion: Opinion; readonly usage: Usage | undefined }) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers passages for one call. A call that nobody waits for any more is given up. What it used is told to the first
 * of its passages, so that the sum is right.
 */
export class Batcher {
  readonly #most: number;
  readonly #waitMs: number;
  readonly #ask: (passages: readonly Passage[], signal: AbortSignal) => Promise<Answers>;
  #waiting: Waiting[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    most: number,
    waitMs: number,
    ask: (passages: readonly Passage[], signal: AbortSignal) => Promise<Answers>,
  ) {
    this.#most = most;
    this.#waitMs = waitMs;
    this.#ask = ask;
  }

  ask(
    passage: Passage,
    signal: AbortSignal,
  ): Promise<{ readonly opinion: Opinion; readonly usage: Usage | undefined }> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ passage, signal, resolve, reject });
      if (this.#waiting.length >= this.#most) this.#send();
      else this.#timer ??= setTimeout(() => this.#send(), this.#waitMs);
    });
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#waiting.filter(({ signal }) => !signal.aborted);
    for (const { signal, reject } of this.#waiting) if (signal.aborted) reject(signal.reason);
    this.#waiting = [];
    if (batch.length > 0) void this.#run(batch);
  }

  async #run(batch: readonly Waiting[]): Promise<void> {
    const call = new AbortController();
    let wanted = batch.length;
    const leave = (): void => {
      if (--wanted === 0) call.abort();
    };
    for (const { signal } of batch) signal.addEventListener('abort', leave, { once: true });
    try {
      const { opinions, usage } = await this.#ask(
        batch.map(({ passage }) => passage),
        call.signal,
      );
      for (const [index, { resolve }] of batch.entries())
        resolve({ opinion: opinions[index]!, usage: index === 0 ? usage : undefined });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      for (const { signal } of batch) signal.removeEventListener('abort', leave);
    }
  }
}
