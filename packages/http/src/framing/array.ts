import type { Frame, Framing } from './frame.ts';

/** One JSON array that is written over time: each of its items is a frame, with what stands before it. */
export function arrayFraming(): Framing {
  let raw = '';
  /** Where the item begins in `raw`; undefined between two of them. */
  let start: number | undefined;
  let at = 0;
  let depth = 0;
  let inString = false;
  let closed = false;

  const frame = (end: number): Frame => {
    const before = raw.slice(0, start);
    const item = raw.slice(start, end);
    const data = item.trimEnd();
    raw = raw.slice(end);
    at -= end;
    start = undefined;
    return { raw: before + item, data, rewrite: (changed) => before + changed + item.slice(data.length) };
  };

  return {
    rows: false,

    push(text) {
      raw += text;
      const frames: Frame[] = [];
      for (; at < raw.length; at++) {
        const unit = raw[at]!;
        if (inString) {
          if (unit === '\\') at++;
          else if (unit === '"') inString = false;
          continue;
        }
        if (closed || ' \t\n\r'.includes(unit)) continue;
        if (depth === 1 && (unit === ',' || unit === ']')) {
          if (start !== undefined) frames.push(frame(at));
          if (unit === ']') closed = true;
          continue;
        }
        if (depth === 1) start ??= at;
        if (unit === '"') inString = true;
        else if (unit === '[' || unit === '{') depth++;
        else if (unit === ']' || unit === '}') depth--;
      }
      return frames;
    },

    end() {
      if (raw === '') return [];
      const rest = raw;
      raw = '';
      // Not an array after all, or one that was cut off: what is left is judged as it stands.
      const text = rest.replace(/^[\s,\][]+/, '');
      return [{ raw: rest, data: text === '' ? undefined : text, closes: true, rewrite: (changed) => changed }];
    },

    pending: () => raw.length,

    ending(events, begun) {
      const items = events.filter(({ data }) => data !== '[DONE]');
      if (items.length === 0) return ']';
      const texts = items.map(({ event, data, final }) => (final === true ? `{"${event}":${data}}` : data));
      return `${begun ? ',\n' : '['}${texts.join(',\n')}]`;
    },
  };
}
