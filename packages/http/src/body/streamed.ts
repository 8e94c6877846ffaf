import { isDenied, type Decision, type MaybePromise, type OutputGate, type RefusalReason } from '@flyball/core/adapter';

import { denialFor } from '../problem.ts';
import type { Flow } from './flow.ts';
import type { GovernedBody, Outlet } from './outlet.ts';
import type { Utf8Reader } from './utf8-reader.ts';

export interface StreamedBodySetup {
  readonly outlet: Outlet;
  open(): Promise<OutputGate<never>>;
  flow(gate: OutputGate<never>): Flow;
  /** Records that this adapter stops what no rule stopped. */
  refuse(reason: RefusalReason, insteadOf: Decision): MaybePromise<Decision>;
  /** Most units that may wait here: unread input, unfinished events, events behind held text. */
  readonly maxHeld: number;
  /** Told of the decision, whatever it is. */
  decided?(decision: Decision): void;
  /** Told of what broke in governance itself. */
  failed?(error: unknown): void;
  readonly utf8: Utf8Reader;
  /** What leaves of a body that is no text. */
  encode?(text: string): string | Uint8Array;
}

/**
 * Where a bound, or what is no text, ended a text: the rest was never looked at, and a client must not take what it has
 * for all of it.
 */
const BOUNDS: ReadonlySet<string> = new Set(['INPUT_TOO_LARGE', 'MAX_HOLD', 'UNREADABLE']);

/** Units handled before other work of the process gets a turn. */
const SLICE = 16 * 1024;

/** Input units from which a producer should wait. */
const HIGH_WATER_MARK = 64 * 1024;

/**
 * A body that is judged while it streams: opens the gate, feeds it in order, and carries out what it says.
 *
 *   write ─→ input ─→ pump ─→ flow.push ─→ outlet          a slice at a time
 *                      └→ checkTerminal ─→ stop            a block, a halt, an abort: the protocol's ending, or a broken connection
 *   end ───→ finish ─→ gate.end ─→ outlet.end
 */
export class StreamedBody implements GovernedBody {
  readonly #setup: StreamedBodySetup;
  #gate: OutputGate<never> | undefined;
  #flow: Flow | undefined;
  /** What has arrived and was not fed, as it arrived: most chunks are events. */
  #input: string[] = [];
  /** Units of it. */
  #waiting = 0;
  #ended = false;
  #busy = true;
  /** What came is no text. */
  #unreadable = false;
  #done = false;
  /** What this adapter cannot carry out is being refused: the gate, which is aborted for it, decides no more. */
  #givingUp = false;
  /** The application has stopped it before its gate was open. */
  #stopping = false;
  /** The gate's promise that was last waited for. */
  #awaited: Promise<void> | undefined;

  constructor(setup: StreamedBodySetup) {
    this.#setup = setup;
    void this.#guard(() => this.#open());
  }

  write(chunk: string | Uint8Array): boolean {
    if (this.#done) return true;
    this.#arrive(chunk);
    if (this.#busy) return this.#waiting < HIGH_WATER_MARK;
    return this.#pump();
  }

  end(): void {
    if (this.#done) return;
    this.#arrive(undefined);
    this.#ended = true;
    if (!this.#busy) this.#pump();
  }

  abort(): void {
    this.#over();
    void this.#gate?.abort();
  }

  stop(): void {
    this.#stopping = true;
    void this.#gate?.abort();
  }

  /** `undefined`: nothing more comes. */
  #arrive(chunk: string | Uint8Array | undefined): void {
    if (this.#unreadable) return;
    const { utf8 } = this.#setup;
    try {
      const text = chunk === undefined ? utf8.end() : utf8.read(chunk);
      if (text === '') return;
      this.#input.push(text);
      this.#waiting += text.length;
    } catch {
      this.#unreadable = true;
    }
  }

  /** Nothing more is looked at, nor kept. */
  #over(): void {
    this.#done = true;
    this.#input = [];
  }

  async #open(): Promise<void> {
    const gate = await this.#setup.open();
    if (this.#done) return void gate.abort();
    this.#gate = gate;
    this.#flow = this.#setup.flow(gate);
    gate.stopped.addEventListener('abort', () => queueMicrotask(() => this.#checkTerminal()));
    if (this.#stopping) void gate.abort();
    this.#busy = false;
    if (!this.#checkTerminal() && this.#pump()) this.#setup.outlet.drained();
  }

  /** Feeds what has arrived, a slice at a time. Returns false when the producer should wait. */
  #pump(): boolean {
    const { outlet } = this.#setup;
    const flow = this.#flow!;
    let open = true;
    try {
      if (this.#waiting > 0 || flow.busy) {
        const out = this.#feed(flow);
        if (out !== '') open = outlet.write(this.#encoded(out));
        if (this.#checkTerminal()) return true;
      }
      if (this.#waiting > 0 || flow.busy) {
        this.#busy = true;
        setImmediate(() => this.#next());
        return this.#waiting < HIGH_WATER_MARK && open;
      }
      if (this.#unreadable) void this.#guard(() => this.#giveUp('UNREADABLE'));
      else if (this.#ended) {
        this.#busy = true;
        void this.#guard(() => this.#finish());
      }
    } catch (error) {
      this.#fail(error);
    }
    return open;
  }

  /** Feeds about a slice, and returns what leaves of it: in one piece, however many chunks it came in. */
  #feed(flow: Flow): string {
    const gate = this.#gate!;
    if (flow.busy) return flow.push('');
    const [only] = this.#input;
    // Most of what is written is one event, and one write.
    if (this.#input.length === 1 && only!.length <= SLICE && gate.terminal === undefined && !flow.unfit) {
      this.#input.length = 0;
      this.#waiting = 0;
      return flow.push(only!);
    }
    let out = '';
    let left = SLICE;
    let fed = 0;
    while (left > 0 && fed < this.#input.length && gate.terminal === undefined && !flow.unfit && !flow.busy) {
      const chunk = this.#input[fed]!;
      // Most chunks are whole events, and half of one is read the long way: only what is longer than a slice is cut.
      if (chunk.length > left && left < SLICE) break;
      const slice = chunk.length <= left ? chunk : chunk.slice(0, left);
      if (slice === chunk) fed++;
      else this.#input[fed] = chunk.slice(left);
      left -= slice.length;
      out += flow.push(slice);
    }
    this.#input = this.#input.slice(fed);
    this.#waiting -= SLICE - left;
    return out;
  }

  #next(): void {
    if (this.#done) return;
    this.#busy = false;
    if (this.#pump() && !this.#done && this.#waiting === 0) this.#setup.outlet.drained();
  }

  async #finish(): Promise<void> {
    const gate = this.#gate!;
    const flow = this.#flow!;
    for (;;) {
      const last = flow.end();
      if (last !== '') this.#setup.outlet.write(this.#encoded(last));
      if (this.#checkTerminal()) return;
      if (!flow.busy) break;
      await nextTurn();
      if (this.#done) return;
    }
    const ending = gate.end();
    // What earlier judgements free leaves while the last ones are under way.
    this.#watch();
    const { pieces, decision } = await ending;
    if (this.#done) return;
    this.#setup.decided?.(decision);
    const out = flow.accept(pieces);
    if (gate.terminal !== undefined) return this.#stop(gate.terminal, out);
    if (flow.unfit) return this.#stop(await this.#setup.refuse('EDIT_NOT_APPLICABLE', decision), out);
    const last = this.#encoded(out + flow.flush());
    this.#over();
    this.#setup.outlet.end(last);
  }

  /** Looks at what the gate has become; true when the body is over. */
  #checkTerminal(): boolean {
    if (this.#done || this.#givingUp) return true;
    const gate = this.#gate!;
    const flow = this.#flow!;
    if (gate.terminal !== undefined) {
      this.#setup.decided?.(gate.terminal);
      this.#stop(gate.terminal, '');
      return true;
    }
    if (flow.unfit || flow.pending > this.#setup.maxHeld) {
      void this.#guard(() => this.#giveUp(flow.unfit ? 'EDIT_NOT_APPLICABLE' : 'MAX_HOLD'));
      return true;
    }
    this.#watch();
    return false;
  }

  #watch(): void {
    const { waiting } = this.#gate!;
    if (waiting === undefined || waiting === this.#awaited) return;
    this.#awaited = waiting;
    void this.#guard(() => waiting.then(() => this.#take()));
  }

  /** Text may have become releasable without more of it arriving. */
  #take(): void {
    if (this.#done || this.#givingUp) return;
    this.#awaited = undefined;
    const out = this.#flow!.accept(this.#gate!.take());
    if (out !== '') this.#setup.outlet.write(this.#encoded(out));
    this.#checkTerminal();
  }

  /** What this adapter cannot carry out becomes a block. */
  async #giveUp(reason: RefusalReason): Promise<void> {
    this.#givingUp = true;
    this.#busy = true;
    const judged = await this.#gate!.abort();
    const decision = await this.#setup.refuse(reason, judged);
    if (this.#done) return;
    if (isDenied(decision)) return this.#stop(decision, '');
    // What only watches has said what would have been; the answer is none of its business.
    if (this.#setup.outlet.passive === true) this.abort();
    else this.#fail(new Error(`the body cannot be followed any further (${reason}), and nothing is enforced on it`));
  }

  /**
   * Nothing more of the source leaves. A decision that denies nothing is that of a gate which was aborted (the governor
   * was closed): the answer is not complete, and text without a protocol has no way to say so but a broken connection.
   */
  #stop(decision: Decision, out: string): void {
    this.#over();
    const { outlet } = this.#setup;
    const flow = this.#flow!;
    const last = out + said(() => flow.cut());
    if (!outlet.sent && !flow.begun) return outlet.refuse(decision);
    const ending = said(() => flow.ending(denialFor(decision).problem));
    if (ending === '' && (!isDenied(decision) || BOUNDS.has(decision.reason))) outlet.breakOff(decision);
    else outlet.cut(decision, this.#encoded(last + ending));
  }

  #encoded(text: string): string | Uint8Array {
    return this.#setup.encode?.(text) ?? text;
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#fail(error);
    }
  }

  /**
   * Something of governance broke: the answer ends as one that could not be evaluated, and where that fails too, at
   * once.
   */
  #fail(error: unknown): void {
    if (this.#done) return;
    this.#setup.failed?.(error);
    if (this.#gate !== undefined && !this.#givingUp) return void this.#guard(() => this.#giveUp('FAILED_CLOSED'));
    this.#over();
    void this.#gate?.abort();
    this.#setup.outlet.fail(error);
  }
}

/** What a flow says at the end, or nothing where the flow itself has broken. */
function said(words: () => string): string {
  try {
    return words();
  } catch {
    return '';
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
