/**
 * What a string of a body is that may be a file: its text, or media that no detector reads. `beside`: what stands in
 * the head of its data URL, where that says more than a type.
 */
export type FileContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'media'; readonly beside?: string };

const MEDIA: FileContent = Object.freeze({ kind: 'media' });

/** `data:image/png;name=a.png;base64,iVBOR…`. As URLs are read (WHATWG): in any case, behind spaces. */
const DATA_URL = /^[\0- ]*data:([\w.+-]+\/[\w.+-]+)?((?:;[^;,"]*|;[^;,"=]*="[^"]*")*?)(;[ \t]*base64[ \t]*)?,/i;
const TEXT_TYPE =
  /^(?:text\/|application\/(?:json|xml|yaml|x-yaml|javascript|sql|csv|x-ndjson)\b|[^;]+\+(?:json|xml)\b)/i;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;
/** As programs write it that break lines (MIME). No prose reads so: its words are shorter. */
const BASE64_LINES = /^(?:[A-Za-z0-9+/_-]{60,}\r?\n)+[A-Za-z0-9+/_-]*={0,2}\s*$/;
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
  if (!mayBeFile(text)) return undefined;
  const match = DATA_URL.exec(text);
  if (match !== null) {
    const [head, type = 'text/plain', parameters = '', base64] = match;
    const content = contentOf(type, text.slice(head.length), base64 !== undefined);
    if (content === undefined || parameters === '') return content;
    // Anybody may write anything there.
    return content.kind === 'text'
      ? { kind: 'text', text: `${parameters}\n${content.text}` }
      : { ...content, beside: parameters };
  }
  if (!FILE_MEMBERS.has(key)) return undefined;
  const type = typeBeside(parent);
  return type === undefined || text.length < MIN_UNITS ? undefined : contentOf(type, text, true);
}

/** False for a string of which `fileContent` says that it is none. */
export const mayBeFile = (text: string): boolean => text.length >= MIN_UNITS || DATA.test(text);

const DATA = /^[\0- ]*data:/i;

function contentOf(type: string, data: string, base64: boolean): FileContent | undefined {
  if (!base64) {
    const text = TEXT_TYPE.test(type) ? percentDecoded(data) : undefined;
    return text === undefined ? undefined : { kind: 'text', text };
  }
  const plain = plainBase64(data);
  if (plain === undefined) return undefined;
  if (TEXT_TYPE.test(type)) return { kind: 'text', text: Buffer.from(plain, 'base64').toString() };
  return plain.length >= MIN_UNITS ? MEDIA : undefined;
}

/** `undefined`: it is none, whatever it says of itself. */
function plainBase64(data: string): string | undefined {
  if (BASE64.test(data)) return data;
  const text = data.includes('%') ? percentDecoded(data) : data;
  if (text === undefined) return undefined;
  if (BASE64.test(text)) return text;
  return BASE64_LINES.test(text) ? text.replaceAll(/\s/g, '') : undefined;
}

function percentDecoded(data: string): string | undefined {
  try {
    return decodeURIComponent(data);
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
