import type { Decision } from '../contract/ruling.ts';
import type { OutputGate, Piece } from '../gate/types.ts';
import { isPromise, type MaybePromise } from '../outside/maybe-promise.ts';
import { notify } from '../outside/notify.ts';
import { isDenied } from './denial.ts';

/** Where chunks come from: a stream's reader as it is, or an iterator through `sourceOf`. */
export interface PullSource<C> {
  read(): PromiseLike<{ readonly done: true } | { readonly done?: boolean; readonly value?: C }>;
  /** Nobody wants the rest. How the source takes it concerns nobody. */
  cancel(reason: unknown): unknown;
}

/** What an adapter does with the chunks of its framework: `R` is what it hands on. */
export interface PullSteps<C, R, T> {
  /** A chunk has come: feeds the gate, and answers with what may be handed on. */
  accept(chunk: C): MaybePromise<readonly R[]>;
  /** Text has become free without a chunk. */
  release(pieces: readonly Piece<T>[]): MaybePromise<readonly R[]>;
  /** The source is over, and nothing objected: the last pieces, and the protocol's own ending. */
  end(pieces: readonly Piece<T>[], decision: Decision): MaybePromise<readonly R[]>;
  /** The stream was stopped or aborted: what may still leave, and the clean ending. The source is cancelled already. */
  stop(pieces: readonly Piece<T>[], decision: Decision): MaybePromise<readonly R[]>;
}

export interface PullOptions {
  /** Aborts when the caller has given up: the iterator then rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

type Arrival<C> =
  | { readonly kind: 'chunk'; readonly chunk: C }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly error: unknown };

type Concluded<T> = { readonly pieces: readonly Piece<T>[]; readonly decision: Decision } | { readonly error: unknown };

/**
 * A governed stream for whoever pulls it. Waits for the source, for judgements under way and for a stop at once; asks
 * nothing of the source before the consumer asks. A stop cancels the source in that moment, whether or not anybody
 * pulls.
 *
 *     const governed = pull(reader, gate, {
 *       accept: (chunk) => gate.write('text', '', chunk.text).map(toChunk),
 *       release: (pieces) => pieces.map(toChunk),
 *       end: (pieces) => pieces.map(toChunk),
 *       stop: (pieces, decision) => [...pieces.map(toChunk), refusal(decision)],
 *     });
 *     for await (const chunk of governed) send(chunk);
 *
 * A consumer that leaves (`return`), a source that fails and a caller that gives up (`signal`) abort the gate.
 */
export function pull<C, R, T>(
  source: PullSource<C>,
  gate: OutputGate<T>,
  steps: PullSteps<C, R, T>,
  options: PullOptions = {},
): AsyncIterableIterator<R, undefined> {
  return new Pull(source, gate, steps, options.signal);
}

/** An async iterator as a source. */
export function sourceOf<C>(iterator: AsyncIterator<C>): PullSource<C> {
  return { read: () => iterator.next(), cancel: () => iterator.return?.() };
}

/** A pulled stream as a web stream that asks for nothing ahead. */
export function readableOf<R>(pulled: AsyncIterator<R>): ReadableStream<R> {
  return new ReadableStream<R>(
    {
      async pull(controller) {
        const next = await pulled.next();
        if (next.done === true) controller.close();
        else controller.enqueue(next.value);
      },
      cancel: async (reason) => void (await pulled.return?.(reason)),
    },
    { highWaterMark: 0 },
  );
}

class Pull<C, R, T> implements AsyncIterableIterator<R, undefined> {
  readonly #source: PullSource<C>;
  readonly #gate: OutputGate<T>;
  readonly #steps: PullSteps<C, R, T>;
  readonly #signal: AbortSignal | undefined;
  /** To be handed on. */
  #ready: R[] = [];
  #arrival: Arrival<C> | undefined;
  #reading = false;
  #cancelled = false;
  /** The source is over, and the gate was told. */
  #ending = false;
  /** What the gate answered to that. */
  #concluded: Concluded<T> | undefined;
  /** Nothing comes behind what is ready. */
  #over = false;
  /** The call of `next` that is under way. */
  #current: Promise<IteratorResult<R, undefined>> | undefined;
  /** The caller gave up, and has yet to be told. */
  #givenUp: { readonly reason: unknown } | undefined;
  #watched: Promise<void> | undefined;
  #wake: () => void = () => undefined;
  readonly #onStopped = (): void => {
    if (this.#isCut()) this.#ready = [];
    this.#cancel(this.#gate.terminal);
    this.#wake();
  };
  readonly #onGivenUp = (): void => {
    if (this.#over) return;
    this.#givenUp = { reason: this.#signal?.reason };
    void this.#leave(this.#signal?.reason);
  };

  constructor(source: PullSource<C>, gate: OutputGate<T>, steps: PullSteps<C, R, T>, signal: AbortSignal | undefined) {
    this.#source = source;
    this.#gate = gate;
    this.#steps = steps;
    this.#signal = signal;
    // One listener for the life of the stream: racing against a promise that lives as long keeps a reaction for each
    // chunk.
    gate.stopped.addEventListener('abort', this.#onStopped, { once: true });
    signal?.addEventListener('abort', this.#onGivenUp, { once: true });
    if (gate.terminal !== undefined) this.#cancel(gate.terminal);
    if (signal?.aborted === true) this.#onGivenUp();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<R, undefined>> {
    if (this.#current !== undefined) {
      const again = (): Promise<IteratorResult<R, undefined>> => this.next();
      return this.#current.then(again, again);
    }
    const current = this.#next().finally(() => (this.#current = undefined));
    return (this.#current = current);
  }

  /** The consumer leaves. */
  async return(reason?: unknown): Promise<IteratorReturnResult<undefined>> {
    await this.#leave(reason);
    return { done: true, value: undefined };
  }

  async #next(): Promise<IteratorResult<R, undefined>> {
    try {
      while (this.#ready.length === 0 && !this.#over) await this.#advance();
    } catch (error) {
      await this.#leave(error);
      throw error;
    }
    if (this.#ready.length > 0) return { done: false, value: this.#ready.shift()! };
    const givenUp = this.#givenUp;
    this.#givenUp = undefined;
    if (givenUp !== undefined) throw givenUp.reason;
    return { done: true, value: undefined };
  }

  /** Does what there is to do, or waits until there is something. */
  async #advance(): Promise<void> {
    const { terminal } = this.#gate;
    if (terminal !== undefined) return this.#stop(terminal);
    const arrival = this.#arrival;
    if (arrival !== undefined) {
      this.#arrival = undefined;
      if (arrival.kind === 'failed') throw arrival.error;
      if (arrival.kind === 'done') return this.#end();
      const accepted = this.#steps.accept(arrival.chunk);
      return this.#deliver(isPromise(accepted) ? await accepted : accepted);
    }
    if (this.#concluded !== undefined) return this.#conclude(this.#concluded);
    const freed = this.#gate.take();
    if (freed.length > 0) return this.#deliver(await this.#steps.release(freed));
    // INVARIANT: whoever is woken listens before the source is asked: it may fail, or answer, in that moment.
    const woken = new Promise<void>((resolve) => (this.#wake = resolve));
    this.#read();
    this.#watch();
    await woken;
  }

  #deliver(results: readonly R[]): void {
    if (this.#isCut()) return;
    if (results.length === 1) this.#ready.push(results[0]!);
    else this.#ready.push(...results);
  }

  /** After a halt or an abort nothing leaves, not even what was freed before. */
  #isCut(): boolean {
    return this.#over || this.#gate.state === 'aborted' || this.#gate.terminal?.reason === 'HALTED';
  }

  #read(): void {
    if (this.#reading || this.#cancelled || this.#ending) return;
    this.#reading = true;
    const arrive = (arrival: Arrival<C>): void => {
      this.#reading = false;
      this.#arrival = arrival;
      this.#wake();
    };
    try {
      this.#source.read().then(
        (result) => arrive(result.done === true ? { kind: 'done' } : { kind: 'chunk', chunk: result.value as C }),
        (error: unknown) => arrive({ kind: 'failed', error }),
      );
    } catch (error) {
      arrive({ kind: 'failed', error });
    }
  }

  /** Judgements that run beside the text free it when they are done, whether or not more of it comes. */
  #watch(): void {
    const { waiting } = this.#gate;
    if (waiting === undefined || waiting === this.#watched) return;
    this.#watched = waiting;
    void waiting.then(() => this.#wake());
  }

  /** Not waited for: what earlier judgements free leaves while the last ones are under way. */
  #end(): void {
    this.#ending = true;
    this.#gate.end().then(
      (concluded) => {
        this.#concluded = concluded;
        this.#wake();
      },
      (error: unknown) => {
        this.#concluded = { error };
        this.#wake();
      },
    );
  }

  async #conclude(concluded: Concluded<T>): Promise<void> {
    if ('error' in concluded) throw concluded.error;
    const { pieces, decision } = concluded;
    if (isDenied(decision) || this.#gate.terminal !== undefined) return this.#stop(decision, pieces);
    const last = await this.#steps.end(pieces, decision);
    this.#deliver(last);
    this.#close();
  }

  async #stop(decision: Decision, pieces: readonly Piece<T>[] = this.#gate.take()): Promise<void> {
    this.#cancel(decision);
    const last = await this.#steps.stop(pieces, decision);
    if (this.#over) return;
    this.#ready.push(...last);
    this.#close();
  }

  async #leave(reason: unknown): Promise<void> {
    if (this.#over) return;
    this.#close();
    this.#ready = [];
    this.#cancel(reason);
    this.#wake();
    await this.#gate.abort(reason);
  }

  #close(): void {
    this.#over = true;
    this.#gate.stopped.removeEventListener('abort', this.#onStopped);
    this.#signal?.removeEventListener('abort', this.#onGivenUp);
  }

  #cancel(reason: unknown): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    notify([() => this.#source.cancel(reason)], []);
  }
}
