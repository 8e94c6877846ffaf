/** What a string of a body is that may be a file: its text, or media that no detector reads. */
export type FileContent = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'media' };

const MEDIA: FileContent = Object.freeze({ kind: 'media' });

/** `data:image/png;base64,iVBOR…` (RFC 2397). */
const DATA_URL = /^data:([\w.+-]+\/[\w.+-]+)?((?:;[\w-]+=[^;,]*)*)(;base64)?,/i;
const TEXT_TYPE =
  /^(?:text\/|application\/(?:json|xml|yaml|x-yaml|javascript|sql|csv|x-ndjson)\b|[^;]+\+(?:json|xml)\b)/i;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;
/** Members whose value is the content of a file, in the protocols that models are asked by. */
const FILE_MEMBERS: ReadonlySet<unknown> = new Set(['data', 'file_data', 'image', 'b64_json', 'bytes', 'content']);
/** Members beside it that say of what type the file is. */
const TYPE_MEMBERS = ['media_type', 'mediaType', 'mime_type', 'mimeType'] as const;
/** Shorter ones are judged as the text they may be: that costs nothing. */
const MIN_UNITS = 64;

/**
 * What a string is: a file in a data URL, or in base64 in a member that says so; `undefined` for an ordinary text.
 * `parent` is the object that holds it under `key`. What is not strictly base64 is a text, whatever it says of itself.
 */
export function fileContent(text: string, key: unknown, parent: unknown): FileContent | undefined {
  if (text.length < MIN_UNITS && !text.startsWith('data:')) return undefined;
  const match = text.startsWith('data:') ? DATA_URL.exec(text) : null;
  if (match !== null) {
    const [head, type = 'text/plain', , base64] = match;
    return contentOf(type, text.slice(head.length), base64 !== undefined);
  }
  if (!FILE_MEMBERS.has(key)) return undefined;
  const type = typeBeside(parent);
  return type === undefined || !BASE64.test(text) ? undefined : contentOf(type, text, true);
}

function contentOf(type: string, data: string, base64: boolean): FileContent | undefined {
  if (!TEXT_TYPE.test(type)) return base64 && data.length >= MIN_UNITS && BASE64.test(data) ? MEDIA : undefined;
  if (base64) return BASE64.test(data) ? { kind: 'text', text: Buffer.from(data, 'base64').toString() } : undefined;
  try {
    return { kind: 'text', text: decodeURIComponent(data) };
  } catch {
    return undefined;
  }
}

function typeBeside(parent: unknown): string | undefined {
  const object = parent as { readonly [name: string]: unknown } | undefined;
  for (const name of TYPE_MEMBERS) if (typeof object?.[name] === 'string') return object[name];
  // OpenAI's `input_audio: { data, format: 'wav' }`.
  return object?.['format'] === 'wav' || object?.['format'] === 'mp3' ? 'audio/*' : undefined;
}
