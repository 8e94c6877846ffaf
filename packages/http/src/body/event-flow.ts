import type { OutputGate, Piece } from '@flyball/core/adapter';

import type { StreamEvent } from '../formats/format.ts';
import type { DetectedFormat } from '../formats/index.ts';
import type { Frame, Framing } from '../framing/frame.ts';
import type { Problem } from '../problem.ts';
import { editedData } from './edited-data.ts';
import { isText, NOT_PARSED, type Entry } from './entry.ts';
import { EventJudge } from './event-judge.ts';
import { eventContent } from './event-values.ts';
import type { Flow } from './flow.ts';
import { Judging } from './judging.ts';
import { isDone, isEdited, type Part } from './part.ts';

/** An event whose string was judged, where it ends, and what the gate lets out after it. */
interface Stuck {
  readonly end: number;
  readonly string: string;
  readonly pieces: readonly Piece<Part>[];
}

const NO_PIECES: readonly never[] = [];

/** Later events that an event waits for, where a value of it may be continued. */
const WINDOW = 8;

/**
 * Events with text inside (SSE, NDJSON). Every text of an event is judged: pieces of a text that the protocol is known
 * to cut as one text per block, tool input when it is complete, and every other value alone and as what continues the
 * earlier values of its path.
 *
 *   frame ─→ eventContent ─→ format: what is known of each path ─┬→ continued: gate.write, with a mark behind it
 *                                                                ├→ tool input: kept until its block ends, judged decoded
 *                                                                └→ the rest: a leaf each (OpenValues)
 *
 * An event leaves when all its text has, in the order in which events came, with its text as the gate released it.
 * INVARIANT: it leaves unchanged only if all its text did.
 */
export class EventFlow implements Flow {
  begun = false;
  unfit = false;
  readonly #gate: OutputGate<Part>;
  readonly #framing: Framing;
  readonly #format: DetectedFormat;
  readonly #judge: EventJudge;
  readonly #queue: Entry[] = [];
  /** Events that announce text, kept until some text leaves. */
  #prelude = '';
  #waiting = 0;
  #events = 0;
  #stuck: Stuck | undefined;
  /** An event of so many values that judging them takes more than one stretch. */
  #judging: Judging | undefined;
  /** What came behind it: frames, and text that is not cut into frames yet. */
  #frames: readonly Frame[] = [];
  #later = '';

  constructor(gate: OutputGate<Part>, framing: Framing, format: DetectedFormat) {
    this.#gate = gate;
    this.#framing = framing;
    this.#format = format;
    this.#judge = new EventJudge(gate, framing.rows);
  }

  get pending(): number {
    return this.#waiting + this.#prelude.length + this.#later.length + this.#framing.pending();
  }

  get busy(): boolean {
    return this.#judging !== undefined && this.#gate.terminal === undefined;
  }

  push(given: string): string {
    if (this.#judging === undefined) return this.#pushText(given);
    this.#later += given;
    let out = this.#goOn();
    if (this.#judging === undefined) {
      const text = this.#later;
      this.#later = '';
      out += this.#pushText(text);
    }
    return out;
  }

  /** Goes on with the event whose values are being judged, and with the frames behind it. */
  #goOn(): string {
    if (!this.#judge.judge(this.#judging!)) return '';
    this.#judging = undefined;
    const frames = this.#frames;
    this.#frames = [];
    return this.#take(frames);
  }

  #pushText(text: string): string {
    const framing = this.#framing;
    let out = '';
    let from = 0;
    while (from < text.length && this.#gate.terminal === undefined) {
      const same = framing.between?.() === true ? this.#passSame(text, from) : from;
      if (same > from) out += this.#loud(text.slice(from, same));
      from = same;
      const stuck = this.#stuck;
      if (stuck !== undefined) {
        const [frame] = framing.push(text.slice(from, stuck.end));
        out += this.#queueSame(frame!, stuck);
        from = stuck.end;
        continue;
      }
      if (from === text.length) break;
      // A frame at a time: behind one that is read in full there may be many that are the same.
      const end = framing.endOf?.(text, from) ?? -1;
      const next = end < 0 ? text.length : end;
      out += this.#take(framing.push(from === 0 && next === text.length ? text : text.slice(from, next)));
      from = next;
      if (this.#judging !== undefined) {
        this.#later = text.slice(from);
        break;
      }
    }
    return out;
  }

  end(): string {
    let out = this.#judging === undefined ? '' : this.#goOn();
    if (this.busy) return out;
    out += this.#take(this.#framing.end());
    if (this.busy) return out;
    this.#judge.endInputs();
    return out + this.#drain();
  }

  accept(pieces: readonly Piece<unknown>[]): string {
    this.#judge.collect(pieces as readonly Piece<Part>[]);
    return this.#drain();
  }

  flush(): string {
    return this.#loud('');
  }

  cut(): string {
    let out = '';
    for (const entry of this.#queue) {
      // What is left of it was not looked at.
      if (entry === this.#judging?.entry) continue;
      if (entry.parts.some((part) => !part.divisible && !isDone(part))) continue;
      for (const part of entry.parts) {
        if (part.block !== undefined && !part.done) part.released = this.#judge.claim(part.block);
      }
      if (entry.parts.some(({ divisible, released }) => divisible && released !== undefined && released !== ''))
        out += this.#leave(entry);
    }
    this.#queue.length = 0;
    return out;
  }

  ending(problem: Problem): string {
    return this.#loud(this.#framing.ending(this.#format.ending(problem), this.begun || this.#prelude !== ''));
  }

  #take(frames: readonly Frame[]): string {
    let out = '';
    for (const [at, frame] of frames.entries()) {
      if (this.#gate.terminal !== undefined) break;
      const same = this.#passSame(frame.raw, 0);
      if (same === frame.raw.length) {
        out += this.#loud(frame.raw);
        continue;
      }
      if (this.#stuck !== undefined) {
        out += this.#queueSame(frame, this.#stuck);
        continue;
      }
      const entry = this.#queueFrame(frame);
      if (this.#judging !== undefined) {
        this.#frames = frames.slice(at + 1);
        return out;
      }
      // Event by event: which of them have waited long enough must not depend on chunks.
      out += this.#drain();
      if ((frame.data === undefined && frame.closes !== true) || entry.reading?.ping === true)
        out += this.#overtake(entry);
    }
    return out + this.#drain();
  }

  /** A comment or a ping keeps the connection alive while text is held: it does not wait behind it. */
  #overtake(entry: Entry): string {
    if (this.#queue.length < 2 || this.#queue.at(-1) !== entry || !entry.parts.every(isDone)) return '';
    this.#queue.pop();
    this.#waiting -= entry.frame.raw.length;
    return this.#loud(this.#render(entry));
  }

  /**
   * Passes the events from `from` on that equal the last one but for one string, as long as that string leaves at once
   * and whole. Returns where the first of the others begins; if its string has been judged already, `#stuck` says what
   * came of it.
   */
  #passSame(text: string, from: number): number {
    const { template } = this.#judge;
    // What waits has the order of events to keep, and what has not begun is kept for a refusal.
    if (template === undefined || !this.begun || this.#queue.length > 0 || this.#prelude !== '') return from;
    const { rule, block } = template.varying;
    let at = from;
    for (let end = template.endIn(text, at); end > 0; end = template.endIn(text, at)) {
      const string = template.textIn(text, end);
      const pieces = rule.how === 'continued' ? this.#gate.write(rule.channel, block, string) : NO_PIECES;
      this.#events++;
      // Were earlier text of the block still on its way, that text's mark would be among the pieces.
      if (pieces.length !== 1 || !isText(pieces[0]!, block, string)) {
        this.#stuck = { end, string, pieces };
        return at;
      }
      at = end;
    }
    return at;
  }

  /** An event of which only one string had to be judged, and was, and could not leave whole. */
  #queueSame(frame: Frame, { string, pieces }: Stuck): string {
    this.#stuck = undefined;
    const { path, rule, ids, block } = this.#judge.template!.varying;
    const entry: Entry = {
      frame,
      data: NOT_PARSED,
      format: undefined,
      reading: undefined,
      parts: [],
      repeats: false,
      at: this.#events,
    };
    this.#queue.push(entry);
    this.#waiting += frame.raw.length;
    if (rule.how === 'continued') this.#judge.mark(entry, path, string, rule, block, pieces);
    else this.#judge.continue(entry, { value: { path, text: string }, rule, ids });
    return this.#drain();
  }

  #queueFrame(frame: Frame): Entry {
    const content =
      frame.data === undefined || frame.data === '[DONE]' ? undefined : eventContent(frame.data, frame.line);
    const event: StreamEvent = { name: frame.name, data: content?.data };
    const known = frame.data === undefined ? undefined : this.#format.read(event);
    const entry: Entry = {
      frame,
      data: content?.data,
      format: known?.format,
      reading: known?.reading,
      parts: [],
      repeats: false,
      at: ++this.#events,
    };
    this.#queue.push(entry);
    this.#waiting += frame.raw.length;
    this.#judge.judgeFields(entry);
    if (content !== undefined && known !== undefined) {
      const judging = new Judging(entry, known.reading, content);
      if (!this.#judge.judge(judging)) this.#judging = judging;
    }
    return entry;
  }

  /** Lets out, in order, the events that nothing holds, and those that have waited for `WINDOW` later ones. */
  #drain(): string {
    // What code detectors have freed meanwhile is done, and its text has yet to be taken.
    this.#judge.collect(this.#gate.take());
    if (!this.#judge.settleInputs()) this.unfit = true;
    let out = '';
    let next = 0;
    for (; next < this.#queue.length; next++) {
      const entry = this.#queue[next]!;
      if (entry === this.#judging?.entry) break;
      if (!entry.parts.every(isDone) && !this.#lapse(entry)) break;
      out += this.#leave(entry);
      if (this.unfit) break;
    }
    if (next > 0) this.#queue.splice(0, next);
    return out;
  }

  /** An event that has waited long enough is judged as if its values ended here. True when it may leave then. */
  #lapse(entry: Entry): boolean {
    if (this.#events - entry.at <= WINDOW || this.#gate.terminal !== undefined) return false;
    for (const { leaf } of entry.parts) if (leaf !== undefined && !leaf.done) this.#judge.collect(leaf.lapse());
    return this.#gate.terminal === undefined && entry.parts.every(isDone);
  }

  #leave(entry: Entry): string {
    this.#waiting -= entry.frame.raw.length;
    const out = this.#render(entry);
    if (this.unfit) return '';
    if (entry.reading?.quiet === true || (entry.frame.data === undefined && !this.begun)) {
      this.#prelude += out;
      return '';
    }
    return out === '' ? '' : this.#loud(out);
  }

  #loud(out: string): string {
    const all = this.#prelude + out;
    this.#prelude = '';
    if (all !== '') this.begun = true;
    return all;
  }

  #render(entry: Entry): string {
    const { frame, format, data } = entry;
    const changed = entry.parts.filter(isEdited);
    const text = changed.length === 0 ? frame.data : editedData(entry, changed);
    if (text === undefined && changed.length > 0) {
      this.unfit = true;
      return '';
    }
    if (format !== undefined) {
      const left = changed.length === 0 || data === undefined ? data : (JSON.parse(text!) as unknown);
      this.#format.left(format, { name: frame.name, data: left });
    }
    return changed.length === 0 ? frame.raw : frame.rewrite(text!);
  }
}
