import type { Failure, FailureCode, FailurePart } from '../contract/ruling.ts';
import { isPromise, type MaybePromise } from './maybe-promise.ts';

/** What other people's code answered, or how it failed. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure; readonly cause: unknown };

export interface CallOptions {
  /**
   * Milliseconds after which the answer is not waited for any more: the failure is `TIMEOUT`. Absent: as long as it
   * takes.
   */
  readonly deadlineMs?: number;
  /** When it aborts, nobody wants the answer any more: the failure is `CANCELLED`. */
  readonly signal?: AbortSignal | undefined;
}

/** What the called code may ask for while it runs. */
export interface Running {
  /** Aborts when the answer is not wanted any more: the deadline has passed, or the caller's signal aborted. */
  readonly signal: AbortSignal;
}

/**
 * Calls code that an application gave us: a detector, a sink, a store, a resolver, the wording of a refusal. Never
 * throws and never rejects. Answers at once where the code does; what is awaited may be any thenable. A late answer is
 * dropped.
 *
 *     const answer = call('detector', 'toxicity', ({ signal }) => detect({ text, signal }), { deadlineMs: 100 });
 *
 * INVARIANT: together with `notify` the only place that calls such code. A test walks the sources for other calls.
 */
export function call<T>(
  part: FailurePart,
  id: string,
  fn: (running: Running) => T | PromiseLike<T>,
  options: CallOptions = NO_OPTIONS,
): MaybePromise<Answer<T>> {
  const running = new RunningCall();
  if (options.signal?.aborted === true) return failed(part, id, 'CANCELLED', options.signal.reason);
  let value: MaybePromise<T>;
  try {
    value = fn(running) as MaybePromise<T>;
    // An answer may be an object whose `then` cannot even be read.
    if (!isPromise(value)) return { ok: true, value };
  } catch (cause) {
    return failed(part, id, failureCode(cause), cause);
  }
  return settled(part, id, value, running, options);
}

const NO_OPTIONS: CallOptions = Object.freeze({});

/** Most calls never look at their signal: it is made when they do. */
class RunningCall implements Running {
  #controller: AbortController | undefined;

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    this.#controller?.abort(reason);
  }
}

function settled<T>(
  part: FailurePart,
  id: string,
  value: PromiseLike<T>,
  running: RunningCall,
  { deadlineMs, signal }: CallOptions,
): Promise<Answer<T>> {
  return new Promise((resolve) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const finish = (answer: Answer<T>): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      resolve(answer);
    };
    const giveUp = (code: FailureCode, reason: unknown): void => {
      running.abort(reason);
      finish(failed(part, id, code, reason));
    };
    const cancel = (): void => giveUp('CANCELLED', signal?.reason);
    const expire = (): void =>
      giveUp('TIMEOUT', new Error(`${part} \`${id}\` did not answer within ${deadlineMs} milliseconds`));
    if (deadlineMs !== undefined && deadlineMs < Infinity) {
      // Event loops run timers before they read sockets: after a pause of this process what has arrived meanwhile is
      // read first.
      timer = setTimeout(() => (timer = setTimeout(expire, 0)), Math.max(0, deadlineMs));
    }
    signal?.addEventListener('abort', cancel, { once: true });
    // A thenable may throw where a promise would reject.
    Promise.resolve(value).then(
      (answer) => finish({ ok: true, value: answer }),
      (cause: unknown) => finish(failed(part, id, failureCode(cause), cause)),
    );
  });
}

function failed(part: FailurePart, id: string, code: FailureCode, cause: unknown): Answer<never> {
  return { ok: false, failure: Object.freeze({ part, id, code }), cause };
}

const CODES: ReadonlySet<unknown> = new Set<FailureCode>(['TIMEOUT', 'INVALID_ANSWER', 'UNAVAILABLE', 'STALE']);

/** An error may say how it wants to be recorded, as those of stores do; any other has thrown. */
export function failureCode(error: unknown): FailureCode {
  try {
    return declaredCode(error) ?? 'THREW';
  } catch {
    // An error may be an object whose reading fails.
    return 'THREW';
  }
}

function declaredCode(error: unknown): FailureCode | undefined {
  const code =
    typeof error === 'object' && error !== null ? (error as { readonly failure?: unknown }).failure : undefined;
  return CODES.has(code) ? (code as FailureCode) : undefined;
}
