/** One judgement under way, for everybody who wants it. Given up when nobody does any more. */
export class Flight<T> {
  readonly #left = new AbortController();
  readonly #answer: Promise<T>;
  #wanted = 0;

  constructor(run: (signal: AbortSignal) => Promise<T>) {
    this.#answer = run(this.#left.signal);
    // Those who wait hear of it; where nobody waits any more nobody needs to.
    this.#answer.catch(() => undefined);
  }

  /** Aborted: somebody may still join, and finds nothing. */
  get isLeft(): boolean {
    return this.#left.signal.aborted;
  }

  /** The answer, unless `signal` aborts before: then it rejects with its reason. */
  wait(signal: AbortSignal): Promise<T> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    this.#wanted++;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        reject(signal.reason as Error);
        if (--this.#wanted === 0) this.#left.abort(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  }
}
