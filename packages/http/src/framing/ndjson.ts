import { textLine, type Frame, type Framing } from './frame.ts';

const RECORD_SEPARATOR = '\u001E';

/**
 * Lines of JSON, with or without the record separator of RFC 7464 before each. `asText`: no type says that they are
 * lines of JSON, so what follows the first of them may be text of many lines.
 */
export function ndjsonFraming(asText = false): Framing {
  let pending = '';
  const frameOf = (raw: string): Frame => (asText ? lineOf(raw) : rowOf(raw));

  return {
    rows: true,

    push(text) {
      const frames: Frame[] = [];
      let from = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
        frames.push(frameOf(pending + text.slice(from, end + 1)));
        pending = '';
        from = end + 1;
      }
      pending += text.slice(from);
      return frames;
    },

    end() {
      if (pending === '') return [];
      const frame = frameOf(pending);
      pending = '';
      return [frame];
    },

    pending: () => pending.length,

    between: () => pending === '',

    endOf(text, from) {
      const end = text.indexOf('\n', from);
      return end < 0 ? -1 : end + 1;
    },

    ending(events) {
      const lines = events.filter(({ data }) => data !== '[DONE]');
      return lines.map(({ event, data, final }) => (final === true ? `{"${event}":${data}}\n` : `${data}\n`)).join('');
    },
  };
}

/** A line that is no value of JSON is text to whoever reads it, and its break stands between two words. */
function lineOf(raw: string): Frame {
  const row = rowOf(raw);
  if (row.data === undefined || SCALAR.test(row.data)) return row;
  return textLine(raw, row.data);
}

/** JSON that is neither an object, a list nor a string. */
const SCALAR = /^(?:-?\d[\d.eE+-]*|true|false|null)$/;

function rowOf(raw: string): Frame {
  const prefix = raw.startsWith(RECORD_SEPARATOR) ? RECORD_SEPARATOR : '';
  const data = raw.slice(prefix.length).trim();
  return { raw, data: data === '' ? undefined : data, rewrite: (changed) => `${prefix}${changed}\n` };
}
