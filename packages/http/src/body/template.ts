import type { EventReading } from '../formats/format.ts';
import type { ValueRule } from '../formats/shape.ts';
import type { Frame } from '../framing/frame.ts';
import type { CountedIds } from './counted-ids.ts';
import type { EventValue } from './event-values.ts';

/** Values that run on from event to event. */
export type NamedRule = Extract<ValueRule, { readonly name: string }>;

/** A value of an event that is a piece of a text. */
export interface Piecewise {
  readonly value: EventValue;
  readonly rule: NamedRule;
  /** What tells its block apart. */
  readonly ids: string;
}

/** A piece of a text, which varies from event to event. It refers to nothing of the event it was found in. */
interface Varying extends Omit<Piecewise, 'value'> {
  readonly path: string;
  /** Its block in the gate. */
  readonly block: string;
}

/**
 * An event of which everything but one string was judged and found clean. One that equals it but for that string need
 * not be parsed: whatever else it holds is the same bytes, or an id that counts on.
 */
export class Template {
  readonly varying: Varying;
  /** What stands before the id that counts, where there is one. */
  readonly #head: string | undefined;
  readonly #before: string;
  readonly #after: string;
  readonly #ids: CountedIds;
  /** Where the string of the event begins that `endIn` was asked about last. */
  #start = 0;

  private constructor(varying: Varying, before: string, after: string, ids: CountedIds) {
    const id = ids.next === undefined ? null : ID.exec(before);
    const [line = '', name = ''] = id ?? [];
    this.varying = varying;
    this.#head = id === null ? undefined : before.slice(0, id.index + name.length);
    this.#before = id === null ? before : before.slice(id.index + line.length);
    this.#after = after;
    this.#ids = ids;
  }

  /** Undefined where the string does not stand in the frame as it reads. */
  static of(frame: Frame, { value, rule, ids }: Piecewise, counted: CountedIds): Template | undefined {
    const { raw, data = '' } = frame;
    const at = raw.indexOf(data);
    const start = value.raw(0);
    const text = data.slice(start, start + value.text.length);
    const after = raw.slice(at + start + text.length);
    if (at < 0 || text !== value.text || !PLAIN.test(text) || !after.startsWith('"') || !after.endsWith('\n'))
      return undefined;
    const varying = { path: value.path, rule, ids, block: `${rule.name}${ids}` };
    return new Template(varying, raw.slice(0, at + start), after, counted);
  }

  /**
   * The end of the event that begins at `from`, where it is the same but for its string; else 0. `textIn` then says
   * what the string is: nothing is made for an event that is looked at and passed on. Whoever asks takes the event: its
   * id has come.
   */
  endIn(source: string, from: number): number {
    const counted = this.#head === undefined ? from : this.#countedIn(source, from, this.#head);
    if (counted < 0 || !standsAt(source, this.#before, counted)) return 0;
    const start = counted + this.#before.length;
    const end = source.indexOf('"', start);
    // INVARIANT: what follows the quotation mark is the rest of the frame, its end included, so nothing else can stand
    // in this one.
    if (end <= start || !standsAt(source, this.#after, end)) return 0;
    for (let at = start; at < end; at++) {
      const unit = source.charCodeAt(at);
      if (unit === BACKSLASH || unit < SPACE) return 0;
    }
    if (this.#head !== undefined) this.#ids.advance();
    this.#start = start;
    return end + this.#after.length;
  }

  /** The string of an event of which `endIn` has told the end. */
  textIn(source: string, end: number): string {
    return source.slice(this.#start, end - this.#after.length);
  }

  /** Where the id ends that counts on in the event that begins at `from`; -1 where none does. */
  #countedIn(source: string, from: number, head: string): number {
    const { next } = this.#ids;
    const at = from + head.length;
    return next !== undefined && standsAt(source, head, from) && standsAt(source, next, at) ? at + next.length : -1;
  }
}

/** As `startsWith`, which takes six times as long for a hundred units: it compares one by one. */
const standsAt = (source: string, text: string, at: number): boolean => source.slice(at, at + text.length) === text;

/** An id that may count, on a line of its own. */
const ID = /(?<=^|\n)(id: ?)\d+(?=\n)/;

const BACKSLASH = 0x5c;
const SPACE = 0x20;

/** Written in JSON as it reads, on one line. */
const PLAIN = /^[^"\\\u0000-\u001f]+$/;

/** True for events of which the format has nothing to remember but that they came. */
export function isRepeatable({ ends = [], quiet, ping, remembers }: EventReading): boolean {
  return ends.length === 0 && quiet !== true && ping !== true && remembers !== true;
}
