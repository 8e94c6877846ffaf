// Pictures, sound and files in messages and results: their bytes are no text, and nobody reads them. Pure.
import type { EventInit, Json } from '@flyball/core/adapter';
import { isTextMedia, textOfBytes } from './text-media.ts';

type JsonObject = { readonly [key: string]: Json };

const MIME = ['mime_type', 'mimeType', 'media_type', 'mediaType'];
/** Fields that are named for their bytes, and those that hold bytes where something says that they are of media. */
const BYTES = new Set(['base64', 'b64_json', 'partial_image_b64', 'file_data']);
const MAYBE_BYTES = new Set(['data', 'result', 'url', 'image_url']);
/** What says so: the type of a block, or the name of the field that it stands in. */
const MEDIA_WORD = /image|audio|video|file|media|document|screenshot|pdf/i;
const BASE64 = /^[A-Za-z0-9+/_-]{64,}={0,2}$/;
const DATA_URL = /^data:([^,]*?)(;base64)?,/i;

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
  readMedia(value, path, found, kind, false);
  return found;
}

/**
 * The value without the bytes of media in it. Files that hold text are read: it stands beside them, under `decoded`.
 */
export function withoutBytes(value: Json): Json {
  return readMedia(value, '', [], undefined, false);
}

/** `within`: it stands in something that is said to be media. */
function readMedia(value: Json, path: string, found: Unread[], kind: unknown, within: boolean): Json {
  if (Array.isArray(value))
    return value.map((item: Json, at) => readMedia(item, `${path}[${at}]`, found, undefined, within));
  if (typeof value !== 'object' || value === null) return value;
  const object = value as JsonObject;
  const before = found.length;
  const mime = MIME.map((name) => object[name]).find((one) => typeof one === 'string');
  const isMedia = within || [kind, object['type']].some((word) => typeof word === 'string' && MEDIA_WORD.test(word));
  const out: { [key: string]: Json } = {};
  let text = false;
  for (const [key, member] of Object.entries(object)) {
    const bytes =
      typeof member === 'string' && isPlace(key, object) ? bytesOf(member, mime, isMedia || BYTES.has(key)) : undefined;
    if (bytes === undefined)
      out[key] = readMedia(member, `${path}.${key}`, found, undefined, isMedia || MEDIA_WORD.test(key));
    else if (bytes.text === undefined) found.push({ path, type: typeOf(bytes.type ?? mime) });
    else {
      out[key] = { decoded: bytes.text, ...(bytes.written !== undefined && { written: bytes.written }) };
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
    !(mime !== undefined && isTextMedia(mime)) &&
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

const isBinary = (mime: string | undefined): boolean => mime !== undefined && !isTextMedia(mime);

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

/** True where bytes may stand; a block of text says that these are none. */
const isPlace = (key: string, { type }: JsonObject): boolean =>
  (BYTES.has(key) || MAYBE_BYTES.has(key)) && type !== 'text';

/**
 * What a string of media holds; `undefined` for one that is a text like any other. `written`: it may be one, and is
 * read both ways.
 */
function bytesOf(
  given: string,
  mime: string | undefined,
  isMedia: boolean,
): { readonly text?: string; readonly written?: string; readonly type?: string } | undefined {
  const [head, type = '', base64] = DATA_URL.exec(given.slice(0, 256)) ?? [];
  if (head !== undefined) {
    if (!isTextMedia(type)) return { type };
    const data = given.slice(head.length);
    return { text: (base64 === undefined ? unescaped(data) : decoded(data, type)) ?? data };
  }
  const looks = BASE64.test(given);
  if (mime !== undefined && isTextMedia(mime)) {
    const text = decoded(given, mime);
    return text === undefined ? undefined : { text, ...(!looks && { written: given }) };
  }
  // INVARIANT: only what something says to be media goes unread: a key or a token looks like bytes too.
  return looks && (isMedia || mime !== undefined) ? {} : undefined;
}

/** `undefined` for what cannot be decoded: it is read as it stands. */
function decoded(base64: string, mime: string): string | undefined {
  try {
    const binary = atob(base64.replaceAll('-', '+').replaceAll('_', '/'));
    return textOfBytes(
      Uint8Array.from(binary, (unit) => unit.charCodeAt(0)),
      mime,
    );
  } catch {
    return undefined;
  }
}

function unescaped(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
