import { applyEditsToJson, readJsonText, type Json, type OutputGate, type Piece } from '@flyball/core/adapter';

import {
  contentTexts,
  DATA_BLOCK,
  isObject,
  NOTHING,
  type EventData,
  type EventReading,
  type EventText,
  type StreamFormat,
} from '../formats/format.ts';
import type { DetectedFormat } from '../formats/index.ts';
import type { Frame, Framing } from '../framing/frame.ts';
import type { Problem } from '../problem.ts';
import { eventData } from './event-data.ts';
import type { Flow } from './flow.ts';

/** An event on its way through the gate. */
interface Entry {
  readonly frame: Frame;
  /** Parsed data; undefined when the data is no JSON. */
  readonly data: unknown;
  readonly reading: EventReading;
  readonly format: StreamFormat | undefined;
  /** What has been released of each text, in the order of `reading.texts`. */
  readonly released: (string | undefined)[];
  /** Texts that have not been released to their end. */
  missing: number;
  /** Called when all its text has been released. */
  readonly settled?: () => void;
}

/** Streamed input of one tool call: JSON in pieces, whose text can be read only when it is complete. */
interface ToolInput {
  text: string;
  readonly parts: { readonly entry: Entry; readonly index: number; readonly text: string }[];
}

/** The end of an event's text: when it comes out, all text before it has. */
export interface TextEnd {
  readonly entry: object;
  readonly index: number;
}

/**
 * Events with text inside (SSE, NDJSON). The text goes through the gate; an event leaves when its text has, in the order in
 * which events came, with its text as the gate released it. INVARIANT: an event leaves unchanged only if all its text did.
 */
export class EventFlow implements Flow {
  begun = false;
  unfit = false;
  readonly #gate: OutputGate<TextEnd>;
  readonly #framing: Framing;
  readonly #format: DetectedFormat;
  readonly #queue: Entry[] = [];
  /** Released text that no event has claimed yet, by block. */
  readonly #released = new Map<string, string>();
  readonly #inputs = new Map<string, ToolInput>();
  /** Events that announce text, kept until some text leaves. */
  #prelude = '';
  #waiting = 0;
  /** Texts beside the data that were judged already: event names and keep-alive comments are the same in every event. */
  readonly #fields = new Set<string>();

  constructor(gate: OutputGate<TextEnd>, framing: Framing, format: DetectedFormat) {
    this.#gate = gate;
    this.#framing = framing;
    this.#format = format;
  }

  get pending(): number {
    return this.#waiting + this.#prelude.length + this.#framing.pending();
  }

  push(text: string): string {
    return this.#take(this.#framing.push(text));
  }

  end(): string {
    let out = this.#take(this.#framing.end());
    for (const block of this.#inputs.keys()) this.#judgeInput(block);
    out += this.#drain();
    return out;
  }

  accept(pieces: readonly Piece<unknown>[]): string {
    this.#collect(pieces as readonly Piece<TextEnd>[]);
    return this.#drain();
  }

  flush(): string {
    return this.#loud('');
  }

  cut(): string {
    let out = '';
    for (const entry of this.#queue) {
      const { texts } = entry.reading;
      // Half a tool call or half a record is worse than none; half a sentence is what the gate released.
      if (texts.some(({ line, channel }, index) => isWhole(line, channel) && entry.released[index] === undefined))
        continue;
      for (const [index, { channel, block }] of texts.entries()) {
        entry.released[index] ??= this.#claim(channel + block);
      }
      if (texts.some(({ line, channel }, index) => !isWhole(line, channel) && entry.released[index] !== ''))
        out += this.#leave(entry);
    }
    this.#queue.length = 0;
    return out;
  }

  ending(problem: Problem): string {
    const events = this.#format.ending(problem).map((event) => this.#framing.write(event));
    return this.#loud(events.join(''));
  }

  #take(frames: readonly Frame[]): string {
    for (const frame of frames) {
      if (this.#gate.terminal !== undefined) break;
      this.#judge(frame);
    }
    return this.#drain();
  }

  #judge(frame: Frame): void {
    const entry = this.#read(frame);
    this.#queue.push(entry);
    this.#waiting += frame.raw.length;
    this.#judgeTexts(entry);
    for (const { channel, block } of entry.reading.ends) {
      if (this.#gate.terminal !== undefined) return;
      if (channel === 'tool_input') this.#judgeInput(block);
      else this.#collect(this.#gate.endBlock(channel, block));
    }
  }

  #judgeTexts(entry: Entry): void {
    const { texts } = entry.reading;
    for (let index = 0; index < texts.length; index++) {
      const text = texts[index]!;
      if (text.channel === 'tool_input') {
        this.#keepInput(entry, index, text);
        continue;
      }
      const judged = text.line === true ? `${text.text}\n` : text.text;
      const pieces = this.#gate.write(text.channel, text.block, judged);
      // Nearly all text passes at once and whole: it needs no mark to find its event again. Were earlier text of the block
      // still on its way, that text's mark would be among the pieces.
      if (pieces.length === 1 && isText(pieces[0]!, text, judged)) {
        this.#release(entry, index, judged);
        continue;
      }
      this.#collect(pieces);
      if (this.#gate.terminal !== undefined) return;
      this.#collect(this.#gate.attach({ entry, index }, text));
    }
  }

  #keepInput(entry: Entry, index: number, { block, text }: EventText): void {
    let input = this.#inputs.get(block);
    if (input === undefined) this.#inputs.set(block, (input = { text: '', parts: [] }));
    input.text += text;
    input.parts.push({ entry, index, text });
  }

  /** Judges the decoded text of a complete input. Its pieces leave as they are or not at all: no mask fits into half a JSON. */
  #judgeInput(block: string): void {
    const input = this.#inputs.get(block);
    if (input === undefined) return;
    this.#inputs.delete(block);
    const texts = readJsonText(input.text, 'input')
      .segments.filter(({ text }) => text !== '')
      .map(({ path, text }): EventText => ({ channel: 'text', block: DATA_BLOCK, text, path, line: true }));
    const released: string[] = [];
    const settled = (): void => {
      if (texts.some(({ text }, index) => released[index] !== `${text}\n`)) this.unfit = true;
      else for (const { entry, index, text } of input.parts) this.#release(entry, index, text);
    };
    const frame = { raw: '', data: undefined, rewrite: () => '' };
    const reading = { ...NOTHING, texts };
    if (texts.length === 0) settled();
    else
      this.#judgeTexts({
        frame,
        data: undefined,
        reading,
        format: undefined,
        released,
        missing: texts.length,
        settled,
      });
  }

  #read(frame: Frame): Entry {
    const { data: text } = frame;
    const data = text === undefined ? undefined : eventData(text);
    let reading: EventReading = NOTHING;
    let format: StreamFormat | undefined;
    if (isObject(data)) ({ format, reading } = this.#format.read(data));
    else if (Array.isArray(data)) reading = { ...NOTHING, texts: contentTexts(data, 'data') };
    else if (typeof data === 'string') reading = oneText(data, 'data');
    else if (text !== undefined && text !== '' && text !== '[DONE]') reading = oneText(text, undefined);
    const beside = frame.fields === undefined ? [] : this.#fieldTexts(frame.fields);
    if (beside.length > 0) reading = { ...reading, texts: [...beside, ...reading.texts] };
    return { frame, data, reading, format, released: [], missing: reading.texts.length };
  }

  #fieldTexts(fields: readonly string[]): EventText[] {
    const texts: EventText[] = [];
    for (const text of fields) {
      if (text === '' || this.#fields.has(text)) continue;
      if (this.#fields.size < MAX_FIELDS) this.#fields.add(text);
      texts.push({ channel: 'text', block: DATA_BLOCK, text, line: true, fixed: true });
    }
    return texts;
  }

  #collect(pieces: readonly Piece<TextEnd>[]): void {
    for (const piece of pieces) {
      if (piece.kind === 'text') {
        const block = piece.channel + piece.block;
        this.#released.set(block, (this.#released.get(block) ?? '') + piece.text);
        continue;
      }
      const entry = piece.value.entry as Entry;
      const { channel, block } = entry.reading.texts[piece.value.index]!;
      this.#release(entry, piece.value.index, this.#claim(channel + block));
    }
  }

  #release(entry: Entry, index: number, text: string): void {
    entry.released[index] = text;
    if (--entry.missing === 0) entry.settled?.();
  }

  #claim(block: string): string {
    const text = this.#released.get(block) ?? '';
    this.#released.delete(block);
    return text;
  }

  #drain(): string {
    let out = '';
    let next = 0;
    while (next < this.#queue.length && this.#queue[next]!.missing === 0) out += this.#leave(this.#queue[next++]!);
    if (next > 0) this.#queue.splice(0, next);
    return out;
  }

  #leave(entry: Entry): string {
    this.#waiting -= entry.frame.raw.length;
    const wire = this.#render(entry);
    if (entry.format !== undefined) this.#format.left(entry.format, entry.data as EventData);
    if (entry.reading.quiet && !this.begun) {
      this.#prelude += wire;
      return '';
    }
    return this.#loud(wire);
  }

  #loud(wire: string): string {
    const out = this.#prelude + wire;
    this.#prelude = '';
    if (out !== '') this.begun = true;
    return out;
  }

  /** The event with its text as it was released. */
  #render({ frame, data, reading, released }: Entry): string {
    const edits = [];
    for (const [index, { text, line, path, fixed }] of reading.texts.entries()) {
      const left = released[index]!;
      if (left === (line === true ? `${text}\n` : text)) continue;
      if (fixed === true) return this.#cannotWrite();
      const mask = line === true && left.endsWith('\n') ? left.slice(0, -1) : left;
      if (path === undefined) return frame.rewrite(mask);
      edits.push({ segment: path, start: 0, end: text.length, mask });
    }
    if (edits.length === 0) return frame.raw;
    const edited = applyEditsToJson(data as Json, 'data', edits);
    if (edited.ok) return frame.rewrite(JSON.stringify(edited.value, withoutRepeats));
    return this.#cannotWrite();
  }

  #cannotWrite(): string {
    this.unfit = true;
    return '';
  }
}

/** Most texts beside the data that are remembered: a stream of ever new ids must not fill the memory. */
const MAX_FIELDS = 1_000;

function isText(piece: Piece<TextEnd>, { channel, block }: EventText, text: string): boolean {
  return piece.kind === 'text' && piece.text === text && piece.block === block && piece.channel === channel;
}

/** Text that leaves to its end or not at all. */
function isWhole(line: true | undefined, channel: EventText['channel']): boolean {
  return line === true || channel === 'tool_input';
}

function oneText(text: string, path: string | undefined): EventReading {
  return {
    ...NOTHING,
    texts: text === '' ? [] : [{ channel: 'text', block: '', text, ...(path !== undefined && { path }) }],
  };
}

/** Log probabilities spell the text out a second time. */
function withoutRepeats(key: string, value: unknown): unknown {
  return key === 'logprobs' ? null : value;
}
