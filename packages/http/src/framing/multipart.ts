import type { WireEvent } from '../formats/format.ts';
import type { Frame, Framing } from './frame.ts';

/** Name of the frames that are parts: `next` could be anybody's event. */
export const PART = 'multipart:part';

/** What stands between the parts, by the type of the body; `-` where it names none, as the protocols of GraphQL do. */
export function boundaryOf(contentType: string): string {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]*)"|([^;\s]+))/i.exec(contentType) ?? [];
  return quoted ?? plain ?? '-';
}

/** Headers of a part that say nothing of anybody's. */
const PLAIN_HEADER =
  /^content-(?:type:\s*application\/(?:[\w.-]+\+)?json(?:\s*;\s*charset="?utf-8"?)?|length:\s*\d+)\s*$/i;

/**
 * Parts of JSON (RFC 2046, `multipart/mixed`), as GraphQL servers send what comes later. Readers take a part when the
 * boundary behind it is there, so a frame is a part with that boundary.
 */
export function multipartFraming(boundary: string): Framing {
  const delimiter = `--${boundary}`;
  let raw = '';
  /** The first boundary has come; what stands before it belongs to no part. */
  let opened = false;
  /** The end of `raw`: half of a boundary may have come. */
  let tail = '';

  /** Where the boundary in `text`, which stands at `offset` in `raw`, ends; -1: there is none. */
  const boundaryIn = (text: string, offset: number): number => {
    for (let found = text.indexOf(delimiter); found >= 0; found = text.indexOf(delimiter, found + 1)) {
      if (found + offset === 0 ? !opened : text[found - 1] === '\n') return found + offset + delimiter.length;
    }
    return -1;
  };

  return {
    rows: false,

    push(text) {
      const frames: Frame[] = [];
      // INVARIANT: what came before is looked into only where a part ends: it may come unit by unit.
      let unread = tail + text;
      let end = boundaryIn(unread, raw.length - tail.length);
      raw += text;
      for (; end >= 0; end = boundaryIn(unread, 0)) {
        const part = raw.slice(0, end);
        raw = raw.slice(end);
        unread = raw;
        frames.push(opened ? partOf(part, delimiter) : plainFrame(part, part.slice(0, -delimiter.length)));
        opened = true;
      }
      tail = unread.slice(-delimiter.length);
      return frames;
    },

    end() {
      if (raw === '') return [];
      const rest = raw;
      raw = '';
      // Behind the last boundary stand two dashes.
      if (!opened || rest.startsWith('--')) return [{ ...plainFrame(rest, rest.replace(/^--/, '')), closes: true }];
      return [partOf(rest, '')];
    },

    pending: () => raw.length,

    ending(events, begun) {
      const parts = events.filter(({ data }) => data !== '[DONE]').map(written);
      // Where a part is under way, it ends here; nobody waits for the rest of it.
      const before = begun && raw.replace(/^--/, '').trim() === '' ? '' : `${begun ? '\r\n' : ''}${delimiter}`;
      return `${before}${parts.map((part) => `\r\n${part}\r\n${delimiter}`).join('')}--\r\n`;
    },
  };
}

function written({ event, data, final }: WireEvent): string {
  return `Content-Type: application/json\r\n\r\n${final === true ? `{"${event}":${data}}` : data}`;
}

/** What is no part: nothing can be masked in it. */
function plainFrame(raw: string, beside: string): Frame {
  const text = beside.trim();
  return { raw, data: undefined, ...(text !== '' && { fields: [text] }), rewrite: () => raw };
}

function partOf(raw: string, delimiter: string): Frame {
  const [gap = '', end = raw.length] = startOfContent(raw);
  if (gap === '') return plainFrame(raw, raw.slice(0, raw.length - delimiter.length));
  const head = raw.slice(0, end);
  const rest = raw.slice(end, raw.length - delimiter.length);
  const data = rest.trimEnd();
  const fields = head
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !PLAIN_HEADER.test(line));
  return {
    raw,
    data,
    name: PART,
    ...(fields.length > 0 && { fields }),
    rewrite(changed) {
      const length = Buffer.byteLength(changed);
      const sized = head.replace(/^(content-length:[ \t]*)\d+/im, (_, name: string) => `${name}${length}`);
      return sized + changed + rest.slice(data.length) + delimiter;
    },
  };
}

/** The empty line between the headers of a part and its content, and where that begins. */
function startOfContent(raw: string): readonly [gap?: string, end?: number] {
  const found = /\r?\n\r?\n/.exec(raw);
  return found === null ? [] : [found[0], found.index + found[0].length];
}
