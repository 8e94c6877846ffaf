import type { OutputGate, Piece } from '@flyball/core/adapter';

import type { EventReading, StreamEvent } from '../formats/format.ts';
import type { DetectedFormat } from '../formats/index.ts';
import type { ValueRule } from '../formats/shape.ts';
import type { Frame, Framing } from '../framing/frame.ts';
import type { Problem } from '../problem.ts';
import { editedData } from './edited-data.ts';
import { addPart, isText, NOT_PARSED, valueOf, type Entry } from './entry.ts';
import { CountedIds } from './counted-ids.ts';
import { eventContent, Identities, type EventContent } from './event-values.ts';
import type { Flow } from './flow.ts';
import { LEAF_PARTS, OpenValues } from './open-values.ts';
import { isDone, isEdited, newPart, pass, type Part } from './part.ts';
import { isRepeatable, Template, type NamedRule, type Piecewise } from './template.ts';
import { ToolInputs } from './tool-inputs.ts';

/** An event whose string was judged, where it ends, and what the gate lets out after it. */
interface Stuck {
  readonly end: number;
  readonly string: string;
  readonly pieces: readonly Piece<Part>[];
}

const NO_PIECES: readonly never[] = [];

type Continued = Extract<ValueRule, { readonly how: 'continued' }>;

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
  readonly #open: OpenValues;
  readonly #inputs: ToolInputs;
  readonly #queue: Entry[] = [];
  /** Released text that no event has claimed yet, by block. */
  #released: Map<string, string> | undefined;
  /** Blocks that have begun: what tells them apart, and where their text goes. */
  readonly #blocks = new Map<string, { readonly ids: string; readonly rule: ValueRule; readonly block: string }>();
  /** Events that announce text, kept until some text leaves. */
  #prelude = '';
  #waiting = 0;
  #events = 0;
  readonly #ids = new CountedIds();
  #template: Template | undefined;
  #stuck: Stuck | undefined;

  constructor(gate: OutputGate<Part>, framing: Framing, format: DetectedFormat) {
    this.#gate = gate;
    this.#framing = framing;
    this.#format = format;
    this.#open = new OpenValues(gate, framing.rows, (pieces) => this.#collect(pieces));
    this.#inputs = new ToolInputs(this.#open);
  }

  get pending(): number {
    return this.#waiting + this.#prelude.length + this.#framing.pending();
  }

  push(text: string): string {
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
    }
    return out;
  }

  end(): string {
    const out = this.#take(this.#framing.end());
    this.#inputs.endAll();
    return out + this.#drain();
  }

  accept(pieces: readonly Piece<unknown>[]): string {
    this.#collect(pieces as readonly Piece<Part>[]);
    return this.#drain();
  }

  flush(): string {
    return this.#loud('');
  }

  cut(): string {
    let out = '';
    for (const entry of this.#queue) {
      if (entry.parts.some((part) => !part.divisible && !isDone(part))) continue;
      for (const part of entry.parts) {
        if (part.block !== undefined && !part.done) part.released = this.#claim(part.block);
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
    for (const frame of frames) {
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
      const entry = this.#judge(frame);
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
    const template = this.#template;
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
    const { path, rule, ids, block } = this.#template!.varying;
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
    if (rule.how === 'continued') this.#mark(entry, path, string, rule, block, pieces);
    else this.#continue(entry, path, string, rule, ids);
    return this.#drain();
  }

  #judge(frame: Frame): Entry {
    const content = frame.data === undefined || frame.data === '[DONE]' ? undefined : eventContent(frame.data);
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
    const counted = frame.id !== undefined && this.#ids.follows(frame.id);
    for (const text of frame.fields ?? []) {
      if (text !== '' && !(counted && text === frame.id))
        this.#open.judgeName(addPart(entry, newPart('field', text, true, false)));
    }
    if (content !== undefined && known !== undefined) this.#judgeContent(entry, content, known.reading);
    return entry;
  }

  #judgeContent(entry: Entry, { values }: EventContent, reading: EventReading): void {
    const { shape, ends = [] } = reading;
    this.#template = undefined;
    const varying: Piecewise[] = [];
    const identities = new Identities(entry.frame.name, values);
    const continued: (() => void)[] = [];
    for (const value of values) {
      if (value.text === '') continue;
      const { path, kind, text } = value;
      if (kind === 'key' && shape.names.has(text)) continue;
      const { rule, ids, repeats } = shape.planOf(path);
      if (repeats) entry.repeats = true;
      if (rule?.how === 'exempt') continue;
      if (rule !== undefined && 'name' in rule && (kind === 'value' || kind === 'raw')) {
        const key = ids.map((id) => `[${valueOf(values, id)}]`).join('');
        continued.push(() => this.#continue(entry, path, text, rule, key));
        varying.push({ value, rule, ids: key });
        continue;
      }
      if (this.#gate.terminal !== undefined) return;
      const fixed = kind === 'key' || kind === 'number';
      const part = addPart(entry, newPart(path, text, fixed, !fixed && rule === undefined && TOKEN.test(path)));
      if (kind === 'key') this.#open.judgeName(part);
      else if (kind === 'number' || rule?.how === 'apart' || (rule === undefined && shape.otherwise === 'apart'))
        this.#open.judgeApart(part);
      else this.#open.judge(part, identities.of(path));
    }
    if (isRepeatable(reading)) this.#template = this.#templateOf(entry, varying);
    // What continues a text comes last: when it stops the stream, the rest of its event has been judged.
    for (const judge of continued) if (this.#gate.terminal === undefined) judge();
    for (const ids of ends) if (this.#gate.terminal === undefined) this.#endBlocks(ids);
  }

  #continue(entry: Entry, path: string, text: string, rule: NamedRule, ids: string): void {
    const block = `${rule.name}${ids}`;
    const key = rule.how === 'continued' ? rule.channel + block : block;
    if (!this.#blocks.has(key)) this.#blocks.set(key, { ids, rule, block });
    if (rule.how === 'input') return this.#inputs.add(block, addPart(entry, newPart(path, text, false, false)));
    if (rule.how !== 'continued') return;
    this.#mark(entry, path, text, rule, block, this.#gate.write(rule.channel, block, text));
  }

  /** Nearly all text passes at once and whole: it needs no mark to find its event again. */
  #mark(
    entry: Entry,
    path: string,
    text: string,
    rule: Continued,
    block: string,
    pieces: readonly Piece<Part>[],
  ): void {
    const part = addPart(entry, newPart(path, text, false, true));
    part.block = rule.channel + block;
    // Were earlier text of the block still on its way, that text's mark would be among the pieces.
    if (pieces.length === 1 && isText(pieces[0]!, block, text)) return pass(part);
    this.#collect(pieces);
    if (this.#gate.terminal === undefined) this.#collect(this.#gate.attach(part, { channel: rule.channel, block }));
  }

  /** Called before the pieces of texts are judged: everything else of the event must have been found clean by then. */
  #templateOf({ frame, parts, repeats }: Entry, varying: readonly Piecewise[]): Template | undefined {
    const isClean = varying.length === 1 && !repeats && parts.every(({ done }) => done);
    return isClean ? Template.of(frame, varying[0]!, this.#ids) : undefined;
  }

  #endBlocks(ids: string): void {
    for (const [key, { ids: own, rule, block }] of this.#blocks) {
      if (!own.startsWith(ids)) continue;
      this.#blocks.delete(key);
      if (rule.how === 'input') this.#inputs.end(block);
      else if (rule.how === 'continued') this.#collect(this.#gate.endBlock(rule.channel, block));
    }
  }

  #collect(pieces: readonly Piece<Part>[]): void {
    for (const piece of pieces) {
      if (piece.kind === 'attachment') {
        piece.value.released = this.#claim(piece.value.block!);
        piece.value.done = true;
      } else if (piece.leaf !== undefined) {
        const part = LEAF_PARTS.get(piece.leaf);
        if (part !== undefined) part.released = (part.released ?? '') + piece.text;
      } else {
        const block = piece.channel + piece.block;
        const all = (this.#released ??= new Map<string, string>());
        all.set(block, (all.get(block) ?? '') + piece.text);
      }
    }
  }

  #claim(block: string): string {
    const text = this.#released?.get(block) ?? '';
    this.#released?.delete(block);
    return text;
  }

  /** Lets out, in order, the events that nothing holds, and those that have waited for `WINDOW` later ones. */
  #drain(): string {
    // What code detectors have freed meanwhile is done, and its text has yet to be taken.
    this.#collect(this.#gate.take());
    if (!this.#inputs.settle()) this.unfit = true;
    let out = '';
    let next = 0;
    for (; next < this.#queue.length; next++) {
      const entry = this.#queue[next]!;
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
    for (const { leaf } of entry.parts) if (leaf !== undefined && !leaf.done) this.#collect(leaf.lapse());
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

/** Where the pieces of an unknown stream's text usually stand: half of one may leave when the stream is stopped. */
const TOKEN = /^data(?:\.(?:delta|text|content|token|message|response|output|answer|chunk))*$/;
