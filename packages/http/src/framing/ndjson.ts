import type { Frame, Framing } from './frame.ts';

const RECORD_SEPARATOR = '\u001E';

/** Lines of JSON, with or without the record separator of RFC 7464 before each. */
export function ndjsonFraming(): Framing {
  let pending = '';

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

function frameOf(raw: string): Frame {
  const prefix = raw.startsWith(RECORD_SEPARATOR) ? RECORD_SEPARATOR : '';
  const data = raw.slice(prefix.length).trim();
  return { raw, data: data === '' ? undefined : data, rewrite: (changed) => `${prefix}${changed}\n` };
}
