import type { AssembledPolicy } from '../assemble.ts';
import type { Control } from '../contract/control.ts';
import type { Mode } from '../contract/effect.ts';
import { CHANNELS, type Channel, type GovernedEvent } from '../contract/event.ts';
import type { Decision, Ruling } from '../contract/ruling.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import { FlyballError } from '../errors.ts';
import { Gate } from '../gate/gate.ts';
import type { BlockPlace, OutputGate, Piece } from '../gate/types.ts';
import { decide } from '../decision/decide.ts';
import { gateSetup } from './run-detectors.ts';
import { nextTurn, SLICE } from './slices.ts';
import { isPromise, type MaybePromise } from '../outside/maybe-promise.ts';

/** What a gate needs from its governor. */
export interface GateHost {
  /** Makes a ruling a decision: counts strikes, records it, tells the application. `since`: when the work on it began. */
  commit(ruling: Ruling, event: GovernedEvent, snapshot: Snapshot, since: number): MaybePromise<Decision>;
  /** Milliseconds on the governor's monotonic clock. */
  now(): number;
  /** Charges limits that need the whole output. */
  repeats(text: string, snapshot: Snapshot): MaybePromise<Snapshot>;
  /** True when such limits exist. */
  readonly countsRepeats: boolean;
  closed(): void;
}

export interface GateOpening {
  readonly assembled: AssembledPolicy;
  readonly event: GovernedEvent;
  readonly mode: Mode;
  readonly snapshot: Snapshot;
  /** Set when the decision was already made: the stream may not begin. */
  readonly refused?: Decision;
}

type Step<T> = (out: Piece<T>[]) => void;

/**
 * Enforcement of one stream: the gate judges, this class gives it time, asks for the decision when it ends, and lets an
 * operator's halt in. INVARIANT: once `#over`, no piece is handed out any more.
 */
export class GovernedGate<T> implements OutputGate<T> {
  readonly mode: Mode;
  readonly #opening: GateOpening;
  readonly #host: GateHost;
  readonly #gate: Gate<T> | undefined;
  readonly #stopped = new AbortController();
  #snapshot: Snapshot;
  #ready: Piece<T>[] = [];
  /** Work put off so that a long text does not keep the process busy; later calls queue behind it. */
  readonly #later: Step<T>[] = [];
  #pumping = false;
  #output = '';
  #over = false;
  #terminal: Decision | undefined;
  #decision: MaybePromise<Decision> | undefined;
  #change: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  constructor(opening: GateOpening, host: GateHost) {
    const { assembled, event, mode, snapshot, refused } = opening;
    this.mode = mode;
    this.#opening = opening;
    this.#host = host;
    this.#snapshot = snapshot;
    if (mode !== 'off') {
      this.#gate = new Gate<T>({
        ...gateSetup(assembled, event, assembled.policy.deadlineMs),
        mode,
        stopped: () => {},
        advanced: () => this.#advance(),
      });
    }
    if (refused !== undefined) {
      this.#decision = refused;
      this.#stop(refused);
    }
  }

  get terminal(): Decision | undefined {
    return this.#terminal;
  }

  get stopped(): AbortSignal {
    return this.#stopped.signal;
  }

  get event(): GovernedEvent {
    return this.#opening.event;
  }

  get waiting(): Promise<void> | undefined {
    if (this.#terminal !== undefined) return undefined;
    const busy =
      this.#pumping || this.#gate?.pending === true || (this.#decision !== undefined && isPromise(this.#decision));
    return busy ? this.#changed() : undefined;
  }

  write(channel: Channel, block: string, text: string): readonly Piece<T>[] {
    const gate = this.#gate;
    if (typeof text !== 'string' || !CHANNELS.includes(channel)) {
      throw new FlyballError(
        'EVENT_INVALID',
        `a gate takes text of a channel (${CHANNELS.join(', ')}), not \`${channel}\` with ${typeof text}`,
      );
    }
    if (this.#over || text === '') return this.take();
    if (gate === undefined) return [...this.take(), { kind: 'text', channel, block, text }];
    if (this.#host.countsRepeats && channel === 'text') this.#output += text;
    if (text.length <= SLICE && !this.#pumping) {
      gate.write(channel, block, text, this.#ready);
      this.#cutIfStopped();
      return this.take();
    }
    for (let at = 0; at < text.length; at += SLICE) {
      const slice = text.slice(at, at + SLICE);
      this.#run((out) => gate.write(channel, block, slice, out), at > 0);
    }
    return this.take();
  }

  attach(value: T, place?: BlockPlace): readonly Piece<T>[] {
    if (this.#over) return this.take();
    this.#run((out) =>
      this.#gate === undefined ? out.push({ kind: 'attachment', value }) : this.#gate.attach(value, place, out),
    );
    return this.take();
  }

  endBlock(channel: Channel, block: string): readonly Piece<T>[] {
    if (!this.#over) this.#run((out) => this.#gate?.endBlock(channel, block, out));
    return this.take();
  }

  take(): readonly Piece<T>[] {
    if (this.#ready.length === 0) return NOTHING;
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  openBlocks(): readonly BlockPlace[] {
    return this.#gate?.openBlocks ?? NOTHING;
  }

  async end(): Promise<{ readonly pieces: readonly Piece<T>[]; readonly decision: Decision }> {
    const gate = this.#gate;
    while (this.#pumping) await this.#changed();
    const last: Piece<T>[] = [];
    if (gate !== undefined && !this.#over) {
      gate.end(last);
      while (gate.pending && !gate.isStopped && !this.#over) {
        await this.#changed();
        gate.take(last);
      }
      if (this.#host.countsRepeats && !gate.isStopped && !this.#over)
        this.#snapshot = await this.#host.repeats(this.#output, this.#snapshot);
    }
    if (this.#over) return { pieces: this.take(), decision: await this.#decision! };
    const since = this.#host.now();
    const ruling = this.#ruling();
    const stops = this.mode === 'enforce' && (gate!.isStopped || isStop(ruling));
    if (!stops) gate?.finish(ruling.edits, last);
    else if (!gate!.isStopped) last.length = 0;
    const decision = await this.#close(stops ? strengthened(ruling) : ruling, since);
    if (stops || (this.mode === 'enforce' && isStop(decision))) this.#stop(decision);
    if (!isStop(decision) || stops) this.#ready.push(...last);
    return { pieces: this.take(), decision };
  }

  async abort(_reason?: unknown): Promise<Decision> {
    if (!this.#over) {
      this.#gate?.stop();
      this.#later.length = 0;
      await this.#close(this.#ruling(), this.#host.now());
    }
    return this.#decision!;
  }

  /** An operator's halt: ends the stream in any mode, held text dropped. */
  halt(control: Control): void {
    if (this.#over) return;
    this.#snapshot = { ...this.#snapshot, controls: [...this.#snapshot.controls, control] };
    this.#gate?.stop();
    this.#ready = [];
    this.#cut();
  }

  /** Runs a step now, or behind what was put off. */
  #run(step: Step<T>, later = false): void {
    if (!later && !this.#pumping) {
      this.#do(step);
      return;
    }
    this.#later.push(step);
    if (!this.#pumping) void this.#pump();
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    while (this.#later.length > 0 && !this.#over) {
      await nextTurn();
      const step = this.#later.shift();
      if (step !== undefined && !this.#over) this.#do(step);
      this.#notify();
    }
    this.#later.length = 0;
    this.#pumping = false;
    this.#notify();
  }

  #do(step: Step<T>): void {
    step(this.#ready);
    this.#cutIfStopped();
  }

  #cutIfStopped(): void {
    if (this.mode === 'enforce' && this.#gate?.isStopped === true && !this.#over) this.#cut();
  }

  /** A judgement arrived without more text. */
  #advance(): void {
    if (this.#over) return;
    // While the end is awaited, `end` itself collects what becomes free.
    this.#do((out) => this.#gate!.take(out));
    this.#notify();
  }

  /** The stream stops here: what is judged has left, the rest is dropped. */
  #cut(): void {
    const since = this.#host.now();
    const decision = this.#close(strengthened(this.#ruling()), since);
    if (isPromise(decision)) void decision.then((settled) => this.#stop(settled));
    else this.#stop(decision);
  }

  #ruling(): Ruling {
    const { assembled, event } = this.#opening;
    const gate = this.#gate;
    if (gate === undefined) return decide(assembled.policy, event, UNREAD, this.#snapshot);
    return decide(assembled.policy, gate.event, gate.findings, this.#snapshot);
  }

  #close(ruling: Ruling, since: number): MaybePromise<Decision> {
    this.#over = true;
    const decision = this.#host.commit(ruling, this.#gate?.event ?? this.#opening.event, this.#snapshot, since);
    this.#decision = decision;
    this.#host.closed();
    return decision;
  }

  #stop(decision: Decision): void {
    this.#over = true;
    this.#decision = decision;
    this.#terminal = decision;
    this.#later.length = 0;
    this.#stopped.abort(decision);
    this.#notify();
  }

  #changed(): Promise<void> {
    if (this.#change === undefined) {
      let resolve = (): void => {};
      const promise = new Promise<void>((done) => (resolve = done));
      this.#change = { promise, resolve };
    }
    return this.#change.promise;
  }

  #notify(): void {
    this.#change?.resolve();
    this.#change = undefined;
  }
}

const NOTHING: readonly never[] = Object.freeze([]);

const UNREAD = Object.freeze({
  signals: NOTHING,
  errors: NOTHING,
  coverage: Object.freeze({ detectors: NOTHING, segments: NOTHING, unjudged: NOTHING }),
});

const isStop = ({ outcome }: Pick<Ruling, 'outcome'>): boolean => outcome === 'BLOCK' || outcome === 'COOLDOWN';

/**
 * INVARIANT: a stream that was cut is recorded as stopped. The gate cuts exactly where the rules say so; should the two ever
 * differ, the stricter one stands (E2).
 */
function strengthened(ruling: Ruling): Ruling {
  if (isStop(ruling)) return ruling;
  const { ruleId: _, ...rest } = ruling;
  const verdict = Object.freeze({ outcome: 'BLOCK', reason: 'FAILED_CLOSED' } as const);
  return Object.freeze({ ...rest, ...verdict, verdict, edits: NOTHING });
}
