import type { Frame, Framing } from './frame.ts';

/** Names of its frames begin so: `0` could be anybody's event. */
export const DATA_STREAM = 'ai:';

/** Lines of the AI SDK's data stream: a code of one letter, a colon, and JSON. */
export function dataStreamFraming(): Framing {
  let pending = '';
  return {
    rows: false,

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

    ending: (events) => events.map(({ event = '', data }) => `${event.slice(DATA_STREAM.length)}:${data}\n`).join(''),
  };
}

function frameOf(raw: string): Frame {
  const line = raw.trimEnd();
  const code = /^[a-z0-9]:/i.test(line) ? line.slice(0, 2) : '';
  const data = line.slice(code.length);
  return {
    raw,
    data: data === '' ? undefined : data,
    ...(code !== '' && { name: DATA_STREAM + code[0]! }),
    rewrite: (changed) => `${code}${changed}\n`,
  };
}
