// Files that hold text: which they are, and their text by whatever encoding they are written in. Pure.

const TEXT_MEDIA =
  /^(text\/|application\/((x-)?(json|ndjson|jsonl|jsonlines|yaml|toml|sh|sql|csv|javascript|typescript|graphql)|json5|xml|x-www-form-urlencoded)\b|[^;]+\+(json|xml)\b)/i;

/** True for a media type whose bytes are text: `text/csv; charset=utf-16`. */
export const isTextMedia = (mediaType: string): boolean => TEXT_MEDIA.test(mediaType);

/** How the bytes of a text are written. */
export interface TextEncoding {
  /** As `TextDecoder` names it. */
  readonly name: string;
  /** They begin with a byte order mark. */
  readonly marked: boolean;
}

const MARKS: readonly (readonly [name: string, ...bytes: readonly number[]])[] = [
  ['utf-8', 0xef, 0xbb, 0xbf],
  ['utf-16le', 0xff, 0xfe],
  ['utf-16be', 0xfe, 0xff],
];

/** The mark at their beginning says it, else the media type, else it is UTF-8. */
export function encodingOf(bytes: Uint8Array, mediaType = ''): TextEncoding {
  const mark = MARKS.find(([, ...begin]) => begin.every((byte, at) => bytes[at] === byte));
  if (mark !== undefined) return { name: mark[0], marked: true };
  const [, charset] = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(mediaType) ?? [];
  return { name: charset?.toLowerCase() ?? 'utf-8', marked: false };
}

/**
 * The text of a file; throws where nobody knows its encoding.
 *
 *     textOfBytes(file, 'text/csv; charset=utf-16le');
 */
export function textOfBytes(bytes: Uint8Array, mediaType?: string): string {
  return new TextDecoder(encodingOf(bytes, mediaType).name).decode(bytes);
}

/** The bytes of a text; `undefined` where it cannot be written so. */
export function bytesOfText(text: string, { name, marked }: TextEncoding): Uint8Array | undefined {
  const whole = marked ? `\ufeff${text}` : text;
  if (name === 'utf-8' || name === 'utf8') return new TextEncoder().encode(whole);
  const isLittle = name === 'utf-16le' || name === 'utf-16';
  if (!isLittle && name !== 'utf-16be') return undefined;
  const bytes = new Uint8Array(whole.length * 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < whole.length; at++) view.setUint16(at * 2, whole.charCodeAt(at), isLittle);
  return bytes;
}
