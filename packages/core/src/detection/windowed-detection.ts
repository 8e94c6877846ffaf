import type { Finding } from '../contract/detector.ts';
import type { FailureCode } from '../contract/ruling.ts';
import { isHighSurrogate, isLowSurrogate } from '../scanner/unicode/symbols.ts';
import type { PlanCode } from './plan.ts';
import { NOT_ASKED, type DetectorAnswer } from './run-detector.ts';
import { windowsOf, type Windows } from './windows.ts';

/** New text of one window that was judged. */
export interface JudgedSpan {
  readonly from: number;
  readonly to: number;
  /** When its first unit arrived, and when the window was closed: milliseconds of the host's clock. */
  readonly beganAt: number;
  readonly closedAt: number;
}

/**
 * What became of the judgements of one detector on one text; called in order of position, whatever order they finish
 * in.
 */
export interface DetectionSink {
  found(code: PlanCode, finding: Finding): void;
  failed(code: PlanCode, failure: FailureCode, start: number, end: number): void;
  /** A window that the detector was not asked about. */
  notAsked(code: PlanCode): void;
  /** Called after an answer was applied: the frontier may have moved. */
  advanced(): void;
}

export interface DetectionHost extends DetectionSink {
  /** `settled`: units at the beginning of the text that earlier windows have settled. */
  run(text: string, settled: number): Promise<DetectorAnswer>;
  /**
   * Whether the condition of the detector lets it be asked about text up to `end`; `undefined` until everything that
   * the condition reads is known that far. Absent: it is always asked.
   */
  asks?(end: number): boolean | undefined;
  /** Only where judgements come behind the text: told of each one before what it found. */
  readonly behind?: { now(): number; judged(span: JudgedSpan): void };
}

interface Window extends JudgedSpan {
  /** Where its context begins. */
  readonly start: number;
  /** Where what earlier windows have not settled begins. */
  readonly open: number;
  readonly text: string;
}

/**
 * One code detector on one text. Windows are cut by position (`windows.ts`), so that chunks cannot change what the
 * detector sees. Where the window declares a clock, text that waited that long is cut as well: `tick` says what time it
 * is, and nothing here asks.
 *
 *   write ─→ cut ─→ queue ─→ run (at most `inFlight`) ─→ answers, in any order ─→ apply, in order ─→ the frontier moves
 */
export class WindowedDetection {
  readonly code: PlanCode;
  readonly #host: DetectionHost;
  readonly #windows: Windows;
  /** Text from the start of the next window on. */
  #text = '';
  #textStart = 0;
  #position = 0;
  /** End of the last window. */
  #cut = 0;
  /** Windows cut so far, those of the original included. */
  #index = 0;
  /** End of the last window whose judgement was applied. */
  #judgedTo = 0;
  /** No more text came for so long that its margin was let go up to here. */
  #lapsedTo = 0;
  #ended = false;
  /** When `tick` first saw the text that waits, or that nothing came. */
  #waitsSince: number | undefined;
  #beganAt = 0;
  /** Windows that wait for a place, or for what their condition reads. */
  readonly #queue: Window[] = [];
  /** Windows that were sent, in order. */
  readonly #sent: Window[] = [];
  readonly #answers = new Map<Window, DetectorAnswer>();
  #running = 0;

  constructor(code: PlanCode, host: DetectionHost) {
    this.code = code;
    this.#host = host;
    this.#windows = windowsOf(code.detector.window);
  }

  /** Every unit before it is settled. */
  get frontier(): number {
    if (this.#ended && !this.pending) return Number.POSITIVE_INFINITY;
    return Math.max(this.#lapsedTo, this.#judgedTo - this.#windows.margin);
  }

  /** Every unit before it has been judged, if only by one window. */
  get judgedTo(): number {
    return this.#ended && !this.pending ? Number.POSITIVE_INFINITY : this.#judgedTo;
  }

  /** True while judgements of text that has arrived are to come. */
  get pending(): boolean {
    return this.#sent.length > 0 || this.#queue.length > 0;
  }

  /** True while `tick` may free text, or have it judged. */
  get waits(): boolean {
    if (this.#windows.clockMs === undefined || this.#ended) return false;
    return this.frontier < this.#position;
  }

  write(text: string): void {
    if (text === '') return;
    if (this.#position === this.#cut) this.#began();
    this.#text += text;
    this.#position += text.length;
    for (let end = this.#nextEnd(); this.#position >= end; end = this.#nextEnd()) this.#cutAt(end);
    this.#send();
  }

  end(): void {
    if (this.#ended) return;
    while (this.#cut < this.#position) this.#cutAt(Math.min(this.#position, this.#nextEnd()));
    this.#ended = true;
    this.#text = '';
    this.#send();
  }

  /** It is `now`: text that has waited for its window long enough is judged as it is, or let go. */
  tick(now: number): void {
    const { clockMs } = this.#windows;
    if (clockMs === undefined || !this.waits) {
      this.#waitsSince = undefined;
      return;
    }
    this.#waitsSince ??= now;
    if (now - this.#waitsSince < clockMs) return;
    if (this.#cut < this.#position) {
      this.#cutAt(this.#position);
      this.#send();
    } else if (!this.pending) this.#lapsedTo = this.#judgedTo;
  }

  /** What its condition reads may have become known. */
  poke(): void {
    if (this.#queue.length > 0) this.#send();
  }

  /** One that goes on from here alone. What is still under way stays with the original, whose frontier counts too. */
  fork(host: DetectionHost): WindowedDetection {
    const fork = new WindowedDetection(this.code, host);
    fork.#text = this.#text;
    fork.#textStart = this.#textStart;
    fork.#position = this.#position;
    fork.#cut = this.#cut;
    fork.#index = this.#index;
    fork.#judgedTo = this.#cut;
    fork.#beganAt = this.#beganAt;
    return fork;
  }

  #began(): void {
    this.#waitsSince = undefined;
    if (this.#host.behind !== undefined) this.#beganAt = this.#host.behind.now();
  }

  #nextEnd(): number {
    const end = this.#cut + this.#windows.grow(this.#index);
    if (!this.#windows.keepsPairs || end > this.#position || end - 1 === this.#cut) return end;
    return isHighSurrogate(this.#text.charCodeAt(end - 1 - this.#textStart)) ? end - 1 : end;
  }

  #cutAt(end: number): void {
    const { overlap, margin, keepsPairs } = this.#windows;
    const start = this.#textStart;
    const text = this.#text.slice(0, end - start);
    const closedAt = this.#host.behind?.now() ?? 0;
    const open = Math.max(0, this.#cut - margin);
    this.#queue.push({ start, open, from: this.#cut, to: end, text, beganAt: this.#beganAt, closedAt });
    this.#index++;
    this.#cut = end;
    let next = Math.max(0, end - overlap);
    if (keepsPairs && isLowSurrogate(this.#text.charCodeAt(next - start))) next++;
    this.#text = this.#text.slice(next - start);
    this.#textStart = next;
    this.#beganAt = closedAt;
    this.#waitsSince = undefined;
  }

  #send(): void {
    while (this.#queue.length > 0 && this.#running < this.#windows.inFlight) {
      const window = this.#queue[0]!;
      const asks = this.#host.asks === undefined || this.#host.asks(window.to);
      if (asks === undefined) return;
      this.#queue.shift();
      this.#sent.push(window);
      if (asks) this.#run(window);
      else this.#answered(window, NOT_ASKED);
    }
  }

  #run(window: Window): void {
    this.#running++;
    void this.#host.run(window.text, window.open - window.start).then((answer) => {
      this.#running--;
      this.#answered(window, answer);
      this.#send();
      this.#host.advanced();
    });
  }

  #answered(window: Window, answer: DetectorAnswer): void {
    // Text that is already out is stopped at once, whatever earlier windows have yet to answer.
    if (!this.code.hold) this.#apply(answer, window);
    this.#answers.set(window, answer);
    this.#applyAll();
  }

  #applyAll(): void {
    for (;;) {
      const window = this.#sent[0];
      const answer = window === undefined ? undefined : this.#answers.get(window);
      if (window === undefined || answer === undefined) return;
      this.#answers.delete(window);
      this.#sent.shift();
      this.#judgedTo = window.to;
      if (this.code.hold) this.#apply(answer, window);
    }
  }

  #apply(answer: DetectorAnswer, window: Window): void {
    const { code } = this;
    this.#host.behind?.judged(window);
    if (!answer.ok) return this.#host.failed(code, answer.code, window.open, window.to);
    if (answer.notAsked === true) return this.#host.notAsked(code);
    for (const { type, score, start, end } of answer.findings)
      this.#host.found(code, { type, score, start: window.start + start, end: window.start + end });
  }
}
