import type { Control } from '../contract/control.ts';
import type { Mode } from '../contract/effect.ts';
import type { Channel, GovernedEvent } from '../contract/event.ts';
import type { Coverage, Decision, Failure } from '../contract/ruling.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import { isStop } from '../decision/stops.ts';
import { Gate } from '../gate/gate.ts';
import { Pacer } from '../gate/pacer.ts';
import { PassedThrough } from '../gate/passed-through.ts';
import type { BlockPlace, GateLeaf, GateState, LeafInit, OutputGate, Piece } from '../gate/types.ts';
import { isPromise, type MaybePromise } from '../outside/maybe-promise.ts';
import { checkText } from './check-text.ts';
import { checkLeaf, GovernedLeaf, type LeafHost } from './governed-leaf.ts';
import type { GateHost, GateOpening } from './gate-host.ts';
import { gateSetup } from './run-detectors.ts';
import { onPulse } from './pulse.ts';
import { nextTurn } from './slices.ts';
import { SLICE_WORK } from '../scanner/run/work.ts';
import { cutRuling, streamRuling, type StreamRuling } from './stream-ruling.ts';

/** A step of the stream. Returns `false` if the work of a slice is done and more of it is to come. */
type Step<T> = (out: Piece<T>[]) => boolean | void;

/**
 * Enforcement of one stream: the gate judges, this class gives it time, asks for the decision when it ends, and lets an
 * operator's halt in.
 *
 *   open ─→ ended      `end`: the rest is judged, the decision recorded, and then the held tail leaves
 *        ├→ stopped    a match, a bound, a halt: at once; the record is written beside it
 *        └→ aborted    `abort`: as stopped
 *
 * INVARIANT: the state leaves `open` once, and from then on no text is judged or released but the tail of `ended`.
 */
export class GovernedGate<T> implements OutputGate<T> {
  readonly mode: Mode;
  readonly #opening: GateOpening;
  readonly #host: GateHost;
  /** Absent in mode `off`. */
  readonly #gate: Gate<T> | undefined;
  readonly #passed = new PassedThrough();
  readonly #stopped = new AbortController();
  #snapshot: Snapshot;
  /** Freed and not yet taken. */
  #ready: Piece<T>[] = [];
  /** Freed since `end` was called: leaves when the decision is recorded. */
  #tail: Piece<T>[] = [];
  /** Work put off so that a long text does not keep the process busy; later calls queue behind it. */
  readonly #later: Step<T>[] = [];
  #pumping = false;
  /** The text so far, where limits count repeated outputs. */
  #state: GateState = 'open';
  /** Set by `end`. */
  #ending: Promise<Decision> | undefined;
  #recording = false;
  #leafHost: LeafHost<T> | undefined;
  /** Set where detectors with windows hold the text, and the policy wants it to leave evenly. */
  #pacer: Pacer<T> | undefined;
  #endPulse: (() => void) | undefined;
  #terminal: Decision | undefined;
  #decision: MaybePromise<Decision> | undefined;
  #change: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  constructor(opening: GateOpening, host: GateHost) {
    const { assembled, event, stage, mode, snapshot, refused } = opening;
    this.mode = mode;
    this.#opening = opening;
    this.#host = host;
    this.#snapshot = snapshot;
    if (mode !== 'off') {
      this.#gate = new Gate<T>({
        ...gateSetup(assembled, event, stage, snapshot.at, host.failures),
        mode,
        ...(mode === 'enforce' && { now: () => host.now() }),
        stopped: () => {},
        advanced: () => this.#advance(),
      });
      const { paced, clocked } = assembled.streams[stage];
      if (paced && mode === 'enforce') this.#pacer = new Pacer<T>();
      if (refused === undefined && (clocked || this.#pacer !== undefined)) this.#endPulse = onPulse(() => this.#beat());
    }
    if (refused !== undefined) {
      this.#state = 'stopped';
      this.#decision = refused;
      this.#terminate(refused);
    }
  }

  get state(): GateState {
    return this.#state;
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
    const { pending = false } = this.#gate ?? {};
    const busy = this.#state === 'open' ? this.#pumping || this.#ending !== undefined || pending : this.#recording;
    return busy || this.#isTimed ? this.#changed() : undefined;
  }

  write(channel: Channel, block: string, text: string): readonly Piece<T>[] {
    const gate = this.#gate;
    checkText(channel, text, this.#opening.stage);
    if (!this.#takesText || text === '') return this.take();
    this.#host.heard?.(channel, text);
    if (gate === undefined) return [...this.take(), this.#passed.piece(channel, block, text)];
    let at = 0;
    if (!this.#pumping) {
      at = gate.writeSome(channel, block, text, 0, { left: SLICE_WORK }, this.#ready);
      this.#cutIfStopped();
      if (at === text.length) return this.take();
    }
    this.#putOff((out) => {
      at = gate.writeSome(channel, block, text, at, { left: SLICE_WORK }, out);
      return at === text.length;
    });
    return this.take();
  }

  attach(value: T, place?: BlockPlace): readonly Piece<T>[] {
    if (!this.#takesText) return this.take();
    this.#run((out) => {
      if (this.#gate === undefined) out.push({ kind: 'attachment', value });
      else this.#gate.attach(value, place, out);
    });
    return this.take();
  }

  endBlock(channel: Channel, block: string): readonly Piece<T>[] {
    if (!this.#takesText) return this.take();
    if (this.#gate === undefined) this.#passed.endBlock(channel, block);
    else this.#run((out) => this.#gate!.endBlock(channel, block, out));
    return this.take();
  }

  openLeaf(init: LeafInit): GateLeaf<T> {
    checkLeaf(init);
    // Values of a structured stream are read by a program, and leave whole.
    if (this.#pacer !== undefined) {
      this.#ready = [...this.#pacer.all(), ...this.#ready];
      this.#pacer = undefined;
    }
    const leaf = new GovernedLeaf((this.#leafHost ??= this.#hostLeaves()), init);
    this.#cutIfStopped();
    return leaf;
  }

  endThread(name: string, channel: Channel = 'text'): readonly Piece<T>[] {
    if (this.#takesText)
      this.#run((out) => this.#gate?.onLeaves(channel, out, (leaves, into) => leaves.endThread(name, into)));
    return this.take();
  }

  take(): readonly Piece<T>[] {
    const pacer = this.#pacer;
    if (this.#ready.length === 0 && (pacer === undefined || pacer.isEmpty)) return NOTHING;
    const ready = this.#ready;
    this.#ready = [];
    if (this.#leafHost !== undefined)
      for (const piece of ready)
        if (piece.kind === 'text') (piece.leaf as GovernedLeaf<T> | undefined)?.taken(piece.to);
    if (pacer === undefined) return ready;
    // Pace is about when text leaves and not about what: at the end everything that was free leaves.
    if (this.#state !== 'open') return [...pacer.all(), ...ready];
    pacer.add(ready, this.#host.now());
    return pacer.take(this.#host.now());
  }

  openBlocks(): readonly BlockPlace[] {
    return this.#gate?.openBlocks ?? NOTHING;
  }

  async end(): Promise<{ readonly pieces: readonly Piece<T>[]; readonly decision: Decision }> {
    if (this.#state === 'open') this.#ending ??= this.#conclude();
    const decision = await (this.#ending ?? this.#decision!);
    return { pieces: this.take(), decision };
  }

  async abort(): Promise<Decision> {
    if (this.#state === 'open') {
      this.#drop();
      void this.#close('aborted', this.#ruling('aborted'), this.#host.now());
    }
    return this.#decision!;
  }

  /** An operator's halt: ends the stream in any mode. What has been freed and not yet taken does not leave either. */
  halt(control: Control): void {
    if (this.#state !== 'open') return;
    this.#snapshot = { ...this.#snapshot, controls: [...this.#snapshot.controls, control] };
    this.#drop();
    this.#cut();
  }

  /**
   * The store has not confirmed for too long that no halt stands (S5): ends where the policy closes, and says why in
   * any case.
   */
  loseStore(failure: Failure): void {
    if (this.#state !== 'open') return;
    this.#snapshot = { ...this.#snapshot, errors: [...this.#snapshot.errors, failure] };
    if (this.mode !== 'enforce' || this.#opening.assembled.policy.onError === 'no_op') return;
    this.#drop();
    this.#cut();
  }

  get #takesText(): boolean {
    return this.#state === 'open' && this.#ending === undefined;
  }

  #hostLeaves(): LeafHost<T> {
    return {
      gate: this.#gate,
      enforces: this.mode === 'enforce',
      takesText: () => this.#takesText,
      run: (step) => this.#run(step),
      take: () => this.take(),
      arrived: (channel, text) => this.#host.heard?.(channel, text),
    };
  }

  /** Judges the rest, makes the decision and, if that lets it go, releases the tail. */
  async #conclude(): Promise<Decision> {
    const gate = this.#gate;
    while (this.#pumping) await this.#changed();
    if (gate !== undefined && this.#isOpen()) {
      gate.end(this.#tail);
      while (gate.pending && !gate.isStopped && this.#isOpen()) await this.#changed();
      if (this.#host.countsRepeats && !gate.isStopped && this.#isOpen())
        this.#snapshot = await this.#host.repeats(this.#snapshot);
    }
    // A halt, an abort or a late finding came meanwhile.
    if (!this.#isOpen()) return this.#decision!;
    const since = this.#host.now();
    const made = this.#ruling();
    const { ruling } = made;
    const tail = this.#tail;
    if (this.mode === 'enforce' && (gate!.isStopped || isStop(ruling))) {
      // What was judged before the match leaves; a rule on the whole text lets nothing of it go.
      if (gate!.isStopped) this.#ready.push(...tail);
      return this.#close('stopped', cutRuling(made), since);
    }
    gate?.finish(ruling.edits, tail);
    const decision = await this.#close('ended', made, since);
    if (this.mode === 'enforce' && isStop(decision)) {
      // The record was refused: the tail stays inside.
      this.#state = 'stopped';
      this.#terminate(decision);
    } else this.#ready.push(...tail);
    return decision;
  }

  /** The state may change while something is awaited, which the type checker does not know of a field. */
  #isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Runs a step now, or behind what was put off. */
  #run(step: Step<T>): void {
    if (this.#pumping || !this.#do(step)) this.#putOff(step);
  }

  #putOff(step: Step<T>): void {
    this.#later.push(step);
    if (!this.#pumping) void this.#pump();
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    while (this.#later.length > 0 && this.#isOpen()) {
      await nextTurn();
      const step = this.#later[0];
      if (step !== undefined && this.#isOpen() && this.#do(step)) this.#later.shift();
      this.#notify();
    }
    this.#later.length = 0;
    this.#pumping = false;
    this.#notify();
  }

  /** True when the step has come to its end. */
  #do(step: Step<T>): boolean {
    const isDone = step(this.#ready) !== false;
    this.#cutIfStopped();
    return isDone;
  }

  #cutIfStopped(): void {
    if (this.mode === 'enforce' && this.#gate?.isStopped === true && this.#state === 'open') this.#cut();
  }

  /** Text may be freed by time alone. */
  get #isTimed(): boolean {
    return (
      this.#state === 'open' &&
      this.#endPulse !== undefined &&
      (this.#pacer?.isEmpty === false || this.#gate?.waits === true)
    );
  }

  /** Time has passed: text that waits for the clock of its window is judged or let go, and what is paced goes on. */
  #beat(): void {
    if (this.#gate?.waits === true && !this.#pumping) {
      this.#gate.tick(this.#host.now());
      this.#gate.take(this.#ready);
    }
    if (this.#ready.length > 0 || this.#pacer?.isEmpty === false) this.#notify();
  }

  /** A judgement arrived without more text. */
  #advance(): void {
    if (!this.#isOpen()) return;
    const gate = this.#gate!;
    // What the last judgement frees waits for the record of the end.
    gate.take(this.#ending === undefined || this.#pumping || gate.pending ? this.#ready : this.#tail);
    // What was judged before the finding leaves.
    if (this.#gate!.isStopped && this.#tail.length > 0) this.#ready.push(...this.#tail.splice(0));
    this.#cutIfStopped();
    this.#notify();
  }

  /** Nothing that is still inside leaves any more. */
  #drop(): void {
    this.#gate?.stop();
    this.#pacer?.drop();
    this.#ready = [];
    this.#tail = [];
  }

  #cut(): void {
    void this.#close('stopped', cutRuling(this.#ruling('stopped')), this.#host.now());
  }

  #ruling(ended?: Coverage['ended']): StreamRuling {
    const { policy } = this.#opening.assembled;
    const gate = this.#gate;
    return streamRuling(policy, gate?.event ?? this.#opening.event, gate?.findings, this.#snapshot, ended);
  }

  /** INVARIANT: a stream that is cut stops before its record is accepted: a sink that hangs keeps no stream running. */
  #close(state: Exclude<GateState, 'open'>, made: StreamRuling, since: number): MaybePromise<Decision> {
    this.#state = state;
    this.#endPulse?.();
    this.#later.length = 0;
    const event = this.#gate?.event ?? this.#opening.event;
    const onDecided = state === 'ended' ? undefined : (decision: Decision): void => this.#terminate(decision);
    const decision = this.#host.commit(made, event, this.#snapshot, since, onDecided);
    this.#decision = decision;
    if (isPromise(decision)) {
      this.#recording = true;
      decision.then(
        (recorded) => this.#recorded(recorded),
        () => this.#recorded(undefined),
      );
    } else this.#recorded(decision);
    return decision;
  }

  #recorded(decision: Decision | undefined): void {
    this.#recording = false;
    // A record that was refused may have made the decision stricter.
    if (this.#terminal !== undefined && decision !== undefined) this.#terminal = decision;
    this.#host.closed();
    this.#notify();
  }

  #terminate(decision: Decision): void {
    this.#terminal = decision;
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
