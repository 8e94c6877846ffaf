import type { WireEvent } from '../formats/format.ts';
import type { Frame, Framing } from './frame.ts';

const LINE_BREAK = /\r\n|\n|\r/g;

/** Server-sent events (WHATWG HTML, section 9.2): any of three line breaks, an empty line ends an event. */
export function sseFraming(): Framing {
  let raw = '';
  let line = '';
  let lines: string[] = [];
  let afterReturn = false;
  let atStart = true;

  const close = (): Frame => {
    const frame = frameOf(raw, lines);
    raw = '';
    lines = [];
    return frame;
  };

  return {
    rows: false,

    push(text) {
      const frames: Frame[] = [];
      let from = 0;
      if (afterReturn && text.startsWith('\n')) {
        // The second half of a line break that was cut in two.
        raw += '\n';
        from = 1;
      }
      LINE_BREAK.lastIndex = from;
      for (let found = LINE_BREAK.exec(text); found !== null; found = LINE_BREAK.exec(text)) {
        line += text.slice(from, found.index);
        raw += text.slice(from, LINE_BREAK.lastIndex);
        from = LINE_BREAK.lastIndex;
        if (atStart) line = line.startsWith('\uFEFF') ? line.slice(1) : line;
        atStart = false;
        if (line === '') frames.push(close());
        else lines.push(line);
        line = '';
      }
      raw += text.slice(from);
      line += text.slice(from);
      afterReturn = text === '' ? afterReturn : text.endsWith('\r');
      return frames;
    },

    end() {
      if (raw === '') return [];
      if (line !== '') lines.push(line);
      line = '';
      return [close()];
    },

    pending: () => raw.length,

    between: () => raw === '' && !afterReturn && !atStart,

    endOf(text, from) {
      const end = text.indexOf('\n\n', from);
      return end < 0 ? -1 : end + 2;
    },

    ending: (events) => events.map(written).join(''),
  };
}

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
