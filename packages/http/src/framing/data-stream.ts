import { textLine, type Frame, type Framing } from './frame.ts';

/** Names of its frames begin so: `0` could be anybody's event. */
export const DATA_STREAM = 'ai:';

/**
 * Lines of the AI SDK's data stream: a code of one letter, a colon, and JSON. `asText`: no header says that it is one,
 * so other lines are text.
 */
export function dataStreamFraming(asText = false): Framing {
  let pending = '';
  const frameOf = (raw: string): Frame => (asText && !CODED.test(raw) ? otherLine(raw) : partOf(raw));
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

/** A code, and the beginning of a value. */
const CODED = /^[a-z0-9]:(?:[[{"\d-]|true|false|null)/i;

function otherLine(raw: string): Frame {
  const data = raw.trimEnd();
  return data === '' ? partOf(raw) : textLine(raw, data);
}

function partOf(raw: string): Frame {
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
