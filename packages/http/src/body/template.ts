import type { EventReading } from '../formats/format.ts';
import type { ValueRule } from '../formats/shape.ts';
import type { Frame } from '../framing/frame.ts';
import type { EventValue } from './event-values.ts';

/** A piece of a text, which varies from event to event. */
export interface Varying {
  readonly value: EventValue;
  readonly rule: ValueRule & { readonly name: string };
  /** What tells its block apart. */
  readonly ids: string;
}

/**
 * An event of which everything but one string was judged and found clean. One that equals it but for that string need not be parsed:
 * whatever else it holds is the same bytes.
 */
export class Template {
  readonly varying: Varying;
  readonly #before: string;
  readonly #after: string;

  private constructor(varying: Varying, before: string, after: string) {
    this.varying = varying;
    this.#before = before;
    this.#after = after;
  }

  /** Undefined where the string does not stand in the frame as it reads. */
  static of(frame: Frame, varying: Varying): Template | undefined {
    const { raw, data = '' } = frame;
    const { value } = varying;
    const at = raw.indexOf(data);
    const start = value.raw(0);
    const text = data.slice(start, start + value.text.length);
    if (at < 0 || text !== value.text || !PLAIN.test(text)) return undefined;
    return new Template(varying, raw.slice(0, at + start), raw.slice(at + start + text.length));
  }

  /** The string of a frame that is the same but for it; undefined where it is not, or where the string is written with escapes. */
  match(raw: string): string | undefined {
    const length = raw.length - this.#before.length - this.#after.length;
    if (length <= 0 || !raw.startsWith(this.#before) || !raw.endsWith(this.#after)) return undefined;
    const text = raw.slice(this.#before.length, this.#before.length + length);
    return PLAIN.test(text) ? text : undefined;
  }
}

/** Written in JSON as it reads, on one line. */
const PLAIN = /^[^"\\\u0000-\u001f]+$/;

/** True for events of which the format has nothing to remember but that they came. */
export function isRepeatable({ ends = [], quiet, ping, remembers }: EventReading): boolean {
  return ends.length === 0 && quiet !== true && ping !== true && remembers !== true;
}
