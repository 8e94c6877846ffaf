import type { WireEvent } from '../formats/format.ts';
import { textLine, type Frame, type Framing } from './frame.ts';

const LINE_BREAK = /\r\n|\n|\r/g;

/**
 * Server-sent events (WHATWG HTML, section 9.2): any of three line breaks, an empty line ends an event. `asText`: no
 * type says that they are events, so lines that are no field of one are text.
 */
export function sseFraming(asText = false): Framing {
  return new SseFraming(asText);
}

/** A class, because every open stream has one: functions of their own would be kept with each. */
class SseFraming implements Framing {
  readonly rows = false;
  #raw = '';
  #line = '';
  #lines: string[] = [];
  #afterReturn = false;
  #atStart = true;
  readonly #asText: boolean;
  /** Where the line under way begins in what is written of the frame. */
  #lineAt = 0;

  constructor(asText: boolean) {
    this.#asText = asText;
  }

  push(text: string): readonly Frame[] {
    const frames: Frame[] = [];
    let from = 0;
    if (this.#afterReturn && text.startsWith('\n')) {
      // The second half of a line break that was cut in two.
      this.#raw += '\n';
      from = 1;
    }
    LINE_BREAK.lastIndex = from;
    for (let found = LINE_BREAK.exec(text); found !== null; found = LINE_BREAK.exec(text)) {
      let line = this.#line + text.slice(from, found.index);
      this.#raw += text.slice(from, LINE_BREAK.lastIndex);
      from = LINE_BREAK.lastIndex;
      if (this.#atStart) line = line.startsWith('\uFEFF') ? line.slice(1) : line;
      this.#atStart = false;
      if (line === '') frames.push(this.#close());
      else this.#add(line, frames);
      this.#line = '';
      this.#lineAt = this.#raw.length;
    }
    this.#raw += text.slice(from);
    this.#line += text.slice(from);
    this.#afterReturn = text === '' ? this.#afterReturn : text.endsWith('\r');
    return frames;
  }

  end(): readonly Frame[] {
    if (this.#raw === '') return [];
    const frames: Frame[] = [];
    if (this.#line !== '') this.#add(this.#line, frames);
    this.#line = '';
    // What is left may be the second half of the line break before it: there is nothing here to overtake with.
    if (this.#raw !== '') frames.push({ ...this.#close(), closes: true });
    return frames;
  }

  pending(): number {
    return this.#raw.length;
  }

  between(): boolean {
    return this.#raw === '' && !this.#afterReturn && !this.#atStart;
  }

  endOf(text: string, from: number): number {
    const end = text.indexOf('\n\n', from);
    return end < 0 ? -1 : end + 2;
  }

  ending(events: readonly WireEvent[]): string {
    return events.map(written).join('');
  }

  /** A line of the event under way, or text that stands between two. */
  #add(line: string, frames: Frame[]): void {
    if (!this.#asText || FIELD.test(line)) {
      this.#lines.push(line);
      return;
    }
    const written = this.#raw.slice(this.#lineAt);
    this.#raw = this.#raw.slice(0, this.#lineAt);
    if (this.#raw !== '') frames.push(this.#close());
    frames.push(textLine(written, line));
    this.#raw = '';
  }

  #close(): Frame {
    const frame = frameOf(this.#raw, this.#lines);
    this.#raw = '';
    this.#lineAt = 0;
    this.#lines = [];
    return frame;
  }
}

/** A field that clients read, or a comment. */
const FIELD = /^(?:(?:data|event|id|retry)?:|(?:data|event|id|retry)$)/;

function written({ event, data, final }: WireEvent): string {
  // EventSource reconnects when a stream ends: the longest delay it takes keeps it from asking the same again.
  const retry = final === true ? 'retry: 2147483647\n' : '';
  return `${retry}${event === undefined ? '' : `event: ${event}\n`}data: ${data}\n\n`;
}

function frameOf(raw: string, lines: readonly string[]): Frame {
  let data: string | undefined;
  let fields: string[] | undefined;
  let name: string | undefined;
  let id: string | undefined;
  for (const line of lines) {
    if (!isData(line)) {
      if (line.startsWith('event:')) name = line.slice(6).trim();
      const text = besideData(line);
      if (line.startsWith('id:')) id = text;
      (fields ??= []).push(text);
    } else {
      const value = line.slice(line.charCodeAt(5) === 32 ? 6 : 5);
      data = data === undefined ? value : `${data}\n${value}`;
    }
  }
  return {
    raw,
    data,
    ...(name !== undefined && { name }),
    ...(fields !== undefined && { fields }),
    ...(id !== undefined && { id }),
    rewrite(changed) {
      const others = lines.filter((line) => !isData(line));
      return [...others, ...changed.split('\n').map((line) => `data: ${line}`), '', ''].join('\n');
    },
  };
}

const isData = (line: string): boolean => line.startsWith('data:') || line === 'data';

/** What can be read of a line that carries no data: the value of a known field, a comment's text, else all of it. */
function besideData(line: string): string {
  const value = /^(?:event|id|retry)?:(.*)$/s.exec(line);
  return value === null ? line : value[1]!.trim();
}
