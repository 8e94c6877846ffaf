// Pictures, sound and files in messages and results: their bytes are no text, and nobody reads them. Pure.
import type { EventInit, Json } from '@flyball/core/adapter';

type JsonObject = { readonly [key: string]: Json };

const MIME = ['mime_type', 'mimeType', 'media_type', 'mediaType'];
const BYTES = new Set(['data', 'base64', 'result', 'b64_json', 'partial_image_b64', 'file_data', 'url', 'image_url']);
const TEXT_MEDIA = /^(text\/|application\/(json|xml|yaml|x-yaml|javascript|sql|csv)\b|[^;]+\+(json|xml)\b)/i;
const BASE64 = /^[A-Za-z0-9+/_-]{64,}={0,2}$/;
const DATA_URL = /^data:([^;,]*)(;base64)?,/i;

/** Something that nobody reads, and where it stands. */
export interface Unread {
  readonly path: string;
  /**
   * Its media type, in lower case: `image/png`. Where only the kind is known `image/*`, where nothing is
   * `application/octet-stream`.
   */
  readonly type: string;
}

const NO_TYPE = 'application/octet-stream';

/** Kinds of content blocks that are media by themselves, wherever their bytes are. */
const KINDS: { readonly [kind: string]: string } = {
  image: 'image/*',
  image_url: 'image/*',
  input_image: 'image/*',
  audio: 'audio/*',
  input_audio: 'audio/*',
  video: 'video/*',
  file: NO_TYPE,
  input_file: NO_TYPE,
  document: NO_TYPE,
};
/** What such a block refers to in place of bytes. */
const REFERENCES = ['data', 'url', 'image_url', 'input_audio', 'file', 'file_id', 'fileId', 'fileUri', 'source'];

/**
 * For an event: which media it holds that nobody reads, as policies may refuse (`media: block`), and of which types, as
 * conditions read them: `has(attributes.unread) && attributes.unread.exists(t, t.startsWith("image/"))`.
 */
export function unreadIn(unread: readonly Unread[]): Pick<EventInit, 'media' | 'attributes'> {
  if (unread.length === 0) return {};
  // As many as an event lists.
  const types = new Set(unread.slice(0, 64).map(({ type }) => type));
  return { media: unread.map(({ path }) => path), attributes: { unread: [...types] } };
}

/**
 * The media in a value that nobody reads, addressed below `path`. `kind`: of which kind the value itself is, where it
 * does not say.
 */
export function mediaIn(value: Json, path: string, kind?: unknown): readonly Unread[] {
  const found: Unread[] = [];
  readMedia(value, path, found, kind);
  return found;
}

/**
 * The value without the bytes of media in it. Files that hold text are read: it stands beside them, under `decoded`.
 */
export function withoutBytes(value: Json): Json {
  return readMedia(value, '', [], undefined);
}

function readMedia(value: Json, path: string, found: Unread[], kind: unknown): Json {
  if (Array.isArray(value)) return value.map((item: Json, at) => readMedia(item, `${path}[${at}]`, found, undefined));
  if (typeof value !== 'object' || value === null) return value;
  const object = value as JsonObject;
  const before = found.length;
  const mime = MIME.map((name) => object[name]).find((one) => typeof one === 'string');
  const out: { [key: string]: Json } = {};
  let text = false;
  for (const [key, member] of Object.entries(object)) {
    const bytes = typeof member === 'string' && BYTES.has(key) ? bytesOf(member, mime) : undefined;
    if (bytes === undefined) out[key] = readMedia(member, `${path}.${key}`, found, undefined);
    else if (bytes.text === undefined) found.push({ path, type: typeOf(bytes.type ?? mime) });
    else {
      out[key] = { decoded: bytes.text };
      text = true;
    }
  }
  // A block whose bytes are elsewhere is media all the same, and one whose bytes were found is one.
  const own = kindOf(kind ?? object['type']) ?? (isBinary(mime) ? mime : undefined);
  const refers = REFERENCES.some((name) => isReference(name, object[name]));
  if (own !== undefined && found.length > before)
    found.splice(before, found.length, { path, type: best(found, before, mime, own) });
  else if (
    own !== undefined &&
    !text &&
    refers &&
    !(mime !== undefined && TEXT_MEDIA.test(mime)) &&
    !isSourceOfText(object)
  )
    found.push({ path, type: typeOf(mime ?? own) });
  return out;
}

const kindOf = (kind: unknown): string | undefined =>
  typeof kind === 'string' && Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;

/** `source` of a document that was found somewhere is a word, of one that is given whole its bytes. */
const isReference = (name: string, value: Json | undefined): boolean =>
  value !== undefined && value !== null && value !== '' && (name !== 'source' || typeof value === 'object');

const isBinary = (mime: string | undefined): boolean => mime !== undefined && !TEXT_MEDIA.test(mime);

/** A document block whose source is text is read like any text. */
const isSourceOfText = ({ source }: JsonObject): boolean =>
  ['text', 'content'].includes((Object(source) as { readonly type?: string }).type ?? '');

function best(found: readonly Unread[], from: number, mime: string | undefined, own: string): string {
  const known = [mime, ...found.slice(from).map(({ type }) => type)].find(
    (type) => type !== undefined && type !== NO_TYPE,
  );
  return typeOf(known ?? own);
}

const typeOf = (mime: string | undefined): string =>
  mime === undefined || mime === '' ? NO_TYPE : mime.split(';', 1)[0]!.trim().toLowerCase().slice(0, 128);

/** What a string of media holds; `undefined` for one that is a text like any other. */
function bytesOf(
  given: string,
  mime: string | undefined,
): { readonly text?: string; readonly type?: string } | undefined {
  const [head, type = '', base64] = DATA_URL.exec(given.slice(0, 256)) ?? [];
  if (head !== undefined)
    return TEXT_MEDIA.test(type) ? decoded(given.slice(head.length), base64 !== undefined) : { type };
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
