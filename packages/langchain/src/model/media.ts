// Pictures, sound and files in messages: their bytes are no text, and nobody reads them. Pure.
import type { Json } from '@flyball/core/adapter';

type JsonObject = { readonly [key: string]: Json };

const MIME = ['mime_type', 'mimeType', 'media_type', 'mediaType'];
const BYTES = new Set(['data', 'base64', 'result', 'b64_json', 'partial_image_b64', 'file_data', 'url', 'image_url']);
const TEXT_MEDIA = /^(text\/|application\/(json|xml|yaml|x-yaml|javascript|sql|csv)\b|[^;]+\+(json|xml)\b)/i;
const BASE64 = /^[A-Za-z0-9+/_-]{64,}={0,2}$/;
const DATA_URL = /^data:([^;,]*)(;base64)?,/i;

/** The value without the bytes of media in it. Files that hold text are read: it stands beside them, under `decoded`. */
export function withoutBytes(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => withoutBytes(item));
  if (typeof value !== 'object' || value === null) return value;
  const object = value as JsonObject;
  const mime = MIME.map((name) => object[name]).find((found) => typeof found === 'string');
  const out: { [key: string]: Json } = {};
  for (const [key, member] of Object.entries(object)) {
    const bytes = typeof member === 'string' && BYTES.has(key) ? bytesOf(member, mime) : undefined;
    if (bytes === undefined) out[key] = withoutBytes(member);
    else if (bytes.text !== undefined) out[key] = { decoded: bytes.text };
  }
  return out;
}

/** What a string of media holds; `undefined` for one that is a text like any other. */
function bytesOf(given: string, mime: string | undefined): { readonly text?: string } | undefined {
  const [head, type = '', base64] = DATA_URL.exec(given.slice(0, 256)) ?? [];
  if (head !== undefined) return TEXT_MEDIA.test(type) ? decoded(given.slice(head.length), base64 !== undefined) : {};
  if (!BASE64.test(given))
    return mime === undefined || !TEXT_MEDIA.test(mime) ? undefined : decoded(given, true, given);
  return mime !== undefined && TEXT_MEDIA.test(mime) ? decoded(given, true) : {};
}

/** INVARIANT: what cannot be decoded is read as it stands. */
function decoded(data: string, base64: boolean, otherwise: string = data): { readonly text: string } {
  try {
    if (!base64) return { text: decodeURIComponent(data) };
    const bytes = Uint8Array.from(atob(data.replaceAll('-', '+').replaceAll('_', '/')), (unit) => unit.charCodeAt(0));
    return { text: new TextDecoder().decode(bytes) };
  } catch {
    return { text: otherwise };
  }
}
