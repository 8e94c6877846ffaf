import { bytesOf, kept, type GovernedBody } from './outlet.ts';

/** What a body turns out to be, or undefined while too little of it has come. */
export type Sniff<K> = (text: string, ended: boolean, isUtf8: boolean) => K | undefined;

interface Sniffable {
  readonly complete: boolean;
}

/** A body whose kind shows only when it begins: kept until it does, then judged as what it is. */
export class SniffedBody<K> implements GovernedBody {
  readonly #complete: boolean;
  readonly #sniff: Sniff<K>;
  readonly #create: (kind: K) => GovernedBody;
  #early: (string | Uint8Array)[] = [];
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });
  /** What has come, as far as it matters for the choice, and is text. */
  #text = '';
  #isUtf8 = true;
  #aborted = false;
  #body: GovernedBody | undefined;

  constructor({ complete }: Sniffable, sniff: Sniff<K>, create: (kind: K) => GovernedBody) {
    this.#complete = complete;
    this.#sniff = sniff;
    this.#create = create;
  }

  write(chunk: string | Uint8Array): boolean {
    if (this.#body !== undefined) return this.#body.write(chunk);
    if (this.#aborted) return true;
    this.#early.push(kept(chunk));
    this.#read(bytesOf(chunk));
    const kind = this.#sniff(this.#text, this.#complete, this.#isUtf8);
    return kind === undefined ? true : this.#begin(kind);
  }

  end(): void {
    if (this.#aborted) return;
    if (this.#body === undefined) {
      this.#read(undefined);
      this.#begin(this.#sniff(this.#text, true, this.#isUtf8)!);
    }
    this.#body!.end();
  }

  abort(): void {
    this.#aborted = true;
    this.#early = [];
    this.#body?.abort();
  }

  stop(): void {
    this.#body?.stop?.();
  }

  /** `undefined`: nothing more comes. */
  #read(bytes: Uint8Array | undefined): void {
    try {
      if (this.#isUtf8) this.#text += this.#decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      this.#isUtf8 = false;
    }
  }

  #begin(kind: K): boolean {
    const body = (this.#body = this.#create(kind));
    let ready = true;
    for (const chunk of this.#early) ready = body.write(chunk);
    this.#early = [];
    this.#text = '';
    return ready;
  }
}

/** Text that the first line is looked for in; a longer one is no row. */
const MAX_LINE = 64 * 1024;

const SSE = /^\uFEFF?(?:data|event|id|retry)?:/;
const PERHAPS_SSE = /^\uFEFF?[a-z]{0,5}$/;

/** What a body of no declared type is: clients of server-sent events read them without one. */
export function sniffUndeclared(
  text: string,
  ended: boolean,
  isUtf8: boolean,
): 'sse' | 'ndjson' | 'json' | 'text' | 'opaque' | undefined {
  if (!isUtf8) return 'opaque';
  if (SSE.test(text)) return 'sse';
  if (/^\s*[[{]/.test(text)) {
    if (isRow(text)) return ended && isRow(`${text}\n`) ? 'json' : 'ndjson';
    if (ended) return isJson(text) ? 'json' : 'text';
    // The first line decides, and where that is no value of JSON it is text.
    return text.includes('\n') || text.length > MAX_LINE ? 'text' : undefined;
  }
  if (/^\s*"/.test(text)) {
    if (ended && isJson(text)) return 'json';
    // Prose may begin with a quotation mark too, so nothing is kept for it.
    return isRow(text) ? 'ndjson' : 'text';
  }
  if (!ended && (PERHAPS_SSE.test(text) || text.trim() === '')) return undefined;
  return 'text';
}

/** The first event with data, behind comments and other fields. */
const FIRST_DATA = /^\uFEFF?(?:(?:(?::|(?:event|id|retry):)[^\r\n]*)?[\r\n])*data: ?([[{"][^\r\n]*)[\r\n]/;
/** A line of the AI SDK's data stream. */
const FIRST_PART = /^[a-z0-9]:([[{"][^\n]*)\n/i;

/**
 * Lines of JSON, events and parts that are sent as text: their clients read them as what they are, whatever the type
 * says. Nothing is kept for it: who writes lines writes the first one whole.
 */
export function sniffText(text: string): 'ndjson' | 'sse' | 'data-stream' | 'text' {
  if (/^\s*[[{"]/.test(text)) return isRow(text) ? 'ndjson' : 'text';
  const start = text.slice(0, MAX_LINE);
  if (isJson(FIRST_DATA.exec(start)?.[1] ?? '')) return 'sse';
  return isJson(FIRST_PART.exec(start)?.[1] ?? '') ? 'data-stream' : 'text';
}

/** Whether JSON that is written in pieces is one value, one array over time, or a value in each line. */
export function sniffJson(text: string, ended: boolean, isUtf8: boolean): 'ndjson' | 'array' | 'json' | undefined {
  if (ended || !isUtf8) return 'json';
  if (isRow(text)) return 'ndjson';
  if (/^\s*\[\s*[{"[]/.test(text)) return 'array';
  if (/^\s*\[?\s*$/.test(text)) return undefined;
  return text.includes('\n') || text.length > MAX_LINE ? 'json' : undefined;
}

/** Whether the first part is JSON: what else comes in parts may be anything. */
export function sniffMultipart(text: string, ended: boolean, isUtf8: boolean): 'multipart' | 'opaque' | undefined {
  if (!isUtf8) return 'opaque';
  const head = firstHead(text);
  if (head !== undefined)
    return /^content-type:\s*application\/(?:[\w.-]+\+)?json\b/im.test(head) ? 'multipart' : 'opaque';
  return ended || text.length > MAX_LINE ? 'opaque' : undefined;
}

/** The headers of the first part, once they have come; what stands before it belongs to nobody. */
function firstHead(text: string): string | undefined {
  const boundary = text.startsWith('--') ? 0 : text.indexOf('\n--') + 1;
  if (boundary === 0 && !text.startsWith('--')) return undefined;
  const start = text.indexOf('\n', boundary) + 1;
  const end = start === 0 ? -1 : text.slice(start).search(/\r?\n\r?\n/);
  return end < 0 ? undefined : text.slice(start, start + end);
}

/** True when the first line is a value by itself. */
function isRow(text: string): boolean {
  const start = text.trimStart();
  const end = start.indexOf('\n');
  return end > 0 && end <= MAX_LINE && isJson(start.slice(0, end));
}

/** As clients read it: a byte order mark before it is no part of it. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text.trim());
    return true;
  } catch {
    return false;
  }
}
