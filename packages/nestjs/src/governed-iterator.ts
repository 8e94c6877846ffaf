import { mapMaybe, type Decision } from '@flyball/core/adapter';

import { boundPulls, type Pulled } from './bound-pulls.ts';
import { judgedError } from './judged-error.ts';
import { ValueGate } from './value-gate.ts';
import { begin, type ValuesSetup } from './values-setup.ts';

/**
 * A source that is pulled, such as the events of a GraphQL subscription: pulled only while somebody waits for the next
 * value. A stop gives a last value, which its transport makes an error of, and then the end.
 */
export function governedIterator(source: Pulled, setup: ValuesSetup): Pulled {
  return new GovernedIterator(source, setup);
}

class GovernedIterator implements Pulled {
  readonly #source: Pulled;
  readonly #setup: ValuesSetup;
  readonly #gate: ValueGate;
  readonly #over: () => void;
  readonly #ready: unknown[] = [];
  #pulling = false;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: () => void = () => undefined;

  constructor(source: Pulled, setup: ValuesSetup) {
    const { governance, options, exchange, inside, transport, arrival } = setup;
    this.#source = boundPulls(source, inside) as Pulled;
    this.#setup = setup;
    this.#over = begin(setup);
    this.#gate = new ValueGate(
      {
        value: (value) => {
          this.#ready.push(value);
          this.#wake();
        },
        end: () => this.#finish(),
        stop: (decision) => this.#stop(decision),
        fail: (error) => this.#finish({ error }),
      },
      governance.gateOptions(options, exchange),
      { split: transport.split, lenient: arrival.raw !== undefined },
    );
  }

  async next(): Promise<IteratorResult<unknown>> {
    for (;;) {
      if (this.#ready.length > 0) return { value: this.#ready.shift(), done: false };
      if (this.#failure !== undefined) {
        const { error } = this.#failure;
        this.#failure = undefined;
        throw error;
      }
      if (this.#ended) return { value: undefined, done: true };
      const woken = new Promise<void>((resolve) => (this.#wake = resolve));
      this.#pull();
      await woken;
    }
  }

  async return(): Promise<IteratorResult<unknown>> {
    if (!this.#ended) {
      this.#setup.exchange.state.leave();
      this.#gate.abort();
      this.#finish();
      await this.#source.return?.();
    }
    this.#ready.length = 0;
    return { value: undefined, done: true };
  }

  async throw(error: unknown): Promise<IteratorResult<unknown>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown> {
    return this;
  }

  #pull(): void {
    if (this.#pulling) return;
    this.#pulling = true;
    this.#source.next().then(
      ({ value, done }) => {
        this.#pulling = false;
        if (done === true) return this.#gate.end();
        this.#gate.push(value);
        // What is held may need the next value to leave.
        this.#wake();
      },
      (error: unknown) => {
        this.#gate.abort();
        void mapMaybe(judgedError(this.#setup, error), (told) => this.#finish({ error: told }));
      },
    );
  }

  #stop(decision: Decision): void {
    const { governance, transport } = this.#setup;
    // Nobody waits for how the source takes it.
    void Promise.resolve(this.#source.return?.()).catch(() => undefined);
    void mapMaybe(governance.denied(this.#setup, decision), (error) => {
      if (transport.lastValue === undefined) return this.#finish({ error });
      this.#ready.push(transport.lastValue(error));
      this.#finish();
    });
  }

  #finish(failure?: { readonly error: unknown }): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    this.#over();
    this.#wake();
  }
}
