import type { Finding } from '../contract/detector.ts';
import type { FailureCode } from '../contract/ruling.ts';
import type { PlanCode } from './plan.ts';
import type { DetectorAnswer } from './run-detector.ts';

/** What became of the judgements of one detector on one text; called in order of position, whatever order they finish in. */
export interface DetectionSink {
  found(code: PlanCode, finding: Finding): void;
  failed(code: PlanCode, failure: FailureCode, start: number, end: number): void;
  /** Called after a judgement was applied: the frontier may have moved. */
  advanced(): void;
}

/**
 * One code detector on one text. Windows are cut by position alone, `size` units at every multiple of `stride`, so that
 * neither chunks nor the clock can change what the detector sees. Without a declared window there is one: the whole text.
 */
export class WindowedDetection {
  readonly code: PlanCode;
  readonly #run: (text: string) => Promise<DetectorAnswer>;
  readonly #sink: DetectionSink;
  readonly #size: number;
  readonly #stride: number;
  /** Text from the start of the next window on. */
  #text = '';
  #next = 0;
  #position = 0;
  #covered = 0;
  #ended = false;
  /** Windows sent and applied here; a fork starts at the window its original would send next. */
  #first = 0;
  #sent = 0;
  #applied = 0;
  readonly #answers = new Map<number, () => void>();

  constructor(code: PlanCode, run: (text: string) => Promise<DetectorAnswer>, sink: DetectionSink) {
    this.code = code;
    this.#run = run;
    this.#sink = sink;
    this.#size = code.detector.window?.size ?? Number.POSITIVE_INFINITY;
    this.#stride = code.detector.window?.stride ?? Number.POSITIVE_INFINITY;
  }

  /** Every unit before it has been judged by all windows that contain it. */
  get frontier(): number {
    if (this.#applied < this.#sent)
      return this.#applied + this.#first === 0 ? 0 : (this.#applied + this.#first) * this.#stride;
    return this.#ended ? Number.POSITIVE_INFINITY : this.#next;
  }

  get pending(): boolean {
    return this.#applied < this.#sent;
  }

  write(text: string): void {
    this.#text += text;
    this.#position += text.length;
    while (this.#position >= this.#next + this.#size) this.#dispatch(this.#size);
  }

  end(): void {
    if (this.#ended) return;
    while (this.#covered < this.#position) this.#dispatch(this.#position - this.#next);
    this.#ended = true;
    this.#text = '';
  }

  /** One that goes on from here alone. What is still under way stays with the original, whose frontier counts too. */
  fork(sink: DetectionSink): WindowedDetection {
    const fork = new WindowedDetection(this.code, this.#run, sink);
    fork.#text = this.#text;
    fork.#next = this.#next;
    fork.#position = this.#position;
    fork.#covered = this.#covered;
    fork.#first = this.#first + this.#sent;
    return fork;
  }

  #dispatch(length: number): void {
    const start = this.#next;
    const text = this.#text.slice(0, length);
    const index = this.#sent++;
    this.#covered = start + text.length;
    this.#next = start + this.#stride;
    this.#text = this.#text.slice(Math.min(this.#stride, this.#text.length));
    void this.#run(text).then((answer) => {
      this.#answers.set(index, () => this.#apply(answer, start, start + text.length));
      for (
        let apply = this.#answers.get(this.#applied);
        apply !== undefined;
        apply = this.#answers.get(this.#applied)
      ) {
        this.#answers.delete(this.#applied);
        this.#applied++;
        apply();
      }
      this.#sink.advanced();
    });
  }

  #apply(answer: DetectorAnswer, start: number, end: number): void {
    if (!answer.ok) this.#sink.failed(this.code, answer.code, start, end);
    else
      for (const { type, score, ...span } of answer.findings)
        this.#sink.found(this.code, { type, score, start: start + span.start, end: start + span.end });
  }
}
