import type { Frame, Framing } from './frame.ts';

/** Names of its frames begin so: `0` could be anybody's event. */
export const DATA_STREAM = 'ai:';

/** Lines of the AI SDK's data stream: a code of one letter, a colon, and JSON. */
export function dataStreamFraming(): Framing {
  let pending = '';
  return {
    rows: false,

    push(text) {
      pending += text;
      const frames: Frame[] = [];
      for (let end = pending.indexOf('\n'); end >= 0; end = pending.indexOf('\n')) {
        frames.push(frameOf(pending.slice(0, end + 1)));
        pending = pending.slice(end + 1);
      }
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
