import type { Frame, Framing } from './frame.ts';

/** One JSON array that is written over time: each of its items is a frame, with what stands before it. */
export function arrayFraming(): Framing {
  /** What came of the next frame. INVARIANT: looked into only where it ends: it may come unit by unit. */
  let raw = '';
  /** Where the item begins in `raw`; undefined between two of them. */
  let start: number | undefined;
  let depth = 0;
  let inString = false;
  let escaped = false;
  let closed = false;

  const frame = (all: string): Frame => {
    const before = all.slice(0, start);
    const item = all.slice(start);
    const data = item.trimEnd();
    raw = '';
    start = undefined;
    return { raw: before + item, data, rewrite: (changed) => before + changed + item.slice(data.length) };
  };

  return {
    rows: false,

    push(text) {
      const frames: Frame[] = [];
      let from = 0;
      for (let at = 0; at < text.length; at++) {
        const unit = text[at]!;
        if (inString) {
          if (escaped) escaped = false;
          else if (unit === '\\') escaped = true;
          else if (unit === '"') inString = false;
          continue;
        }
        if (closed || ' \t\n\r'.includes(unit)) continue;
        if (depth === 1 && (unit === ',' || unit === ']')) {
          if (start !== undefined) {
            frames.push(frame(raw + text.slice(from, at)));
            from = at;
          }
          if (unit === ']') closed = true;
          continue;
        }
        if (depth === 1) start ??= raw.length + at - from;
        if (unit === '"') inString = true;
        else if (unit === '[' || unit === '{') depth++;
        else if (unit === ']' || unit === '}') depth--;
      }
      raw += text.slice(from);
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
