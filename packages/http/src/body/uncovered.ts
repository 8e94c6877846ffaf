import { isDenied, type Decision, type OutputGate } from '@flyball/core/adapter';

import { denialFor } from '../problem.ts';
import { kept, type GovernedBody, type Outlet } from './outlet.ts';
import type { StreamTail } from './stream-tail.ts';

export interface UncoveredBodySetup {
  readonly outlet: Outlet;
  readonly open: () => Promise<OutputGate<never>>;
  /** Absent where a protocol has no ending of its own. */
  readonly tail?: StreamTail;
}

/**
 * A body that no rule, limit or default concerns: it leaves byte for byte as it comes. Its gate is given no text; it is
 * there to be stopped by an operator's halt, and for the record.
 */
export class UncoveredBody implements GovernedBody {
  readonly #setup: UncoveredBodySetup;
  /** What came before the gate was open. */
  readonly #early: (string | Uint8Array)[] = [];
  #gate: OutputGate<never> | undefined;
  #ended = false;
  #done = false;
  /** The application has stopped it, perhaps before its gate was open. */
  #stopping = false;

  constructor(setup: UncoveredBodySetup) {
    this.#setup = setup;
    this.#open().catch((error: unknown) => this.#fail(error));
  }

  write(chunk: string | Uint8Array): boolean {
    if (this.#done) return true;
    const { outlet, tail } = this.#setup;
    if (outlet.passive === true) {
      tail?.keep(chunk);
      return true;
    }
    if (this.#gate !== undefined) return this.#pass(chunk);
    this.#early.push(kept(chunk));
    return false;
  }

  end(): void {
    this.#ended = true;
    if (this.#gate !== undefined && !this.#done) this.#finish().catch((error: unknown) => this.#fail(error));
  }

  abort(): void {
    if (this.#done) return;
    this.#done = true;
    this.#early.length = 0;
    void this.#gate?.abort('the response was closed');
  }

  stop(): void {
    const gate = this.#gate;
    this.#stopping = true;
    if (this.#done || gate === undefined || !this.#setup.outlet.sent) return;
    this.#done = true;
    const { outlet, tail } = this.#setup;
    void gate.abort('the application stopped the response').then((decision) => {
      const ending = tail?.ending(denialFor(decision).problem) ?? '';
      if (ending.length === 0) outlet.breakOff(decision);
      else outlet.cut(decision, ending);
    });
  }

  async #open(): Promise<void> {
    const gate = await this.#setup.open();
    if (this.#done) return void gate.abort('the response was closed');
    this.#gate = gate;
    if (this.#stopIfDenied(gate.terminal)) return;
    gate.stopped.addEventListener('abort', () => queueMicrotask(() => this.#stopIfDenied(gate.terminal)), {
      once: true,
    });
    let ready = true;
    for (const chunk of this.#early.splice(0)) ready = this.#pass(chunk);
    if (this.#stopping) return this.stop();
    if (this.#ended) await this.#finish();
    else if (ready) this.#setup.outlet.drained();
  }

  #pass(chunk: string | Uint8Array): boolean {
    this.#setup.tail?.keep(chunk);
    return this.#setup.outlet.write(chunk);
  }

  async #finish(): Promise<void> {
    const { decision } = await this.#gate!.end();
    if (this.#stopIfDenied(decision)) return;
    this.#done = true;
    this.#setup.outlet.end('');
  }

  /**
   * A governor that was closed meanwhile has stopped its gates too: that concerns no answer that it does not govern.
   */
  #stopIfDenied(decision: Decision | undefined): boolean {
    if (this.#done) return true;
    if (decision === undefined || !isDenied(decision)) return false;
    this.#done = true;
    const { outlet, tail } = this.#setup;
    if (outlet.sent) outlet.cut(decision, tail?.ending(denialFor(decision).problem) ?? '');
    else outlet.refuse(decision);
    return true;
  }

  #fail(error: unknown): void {
    if (this.#done) return;
    this.#done = true;
    void this.#gate?.abort(error);
    this.#setup.outlet.fail(error);
  }
}
