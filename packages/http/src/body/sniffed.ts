import { bytesOf, kept, type GovernedBody } from './outlet.ts';

/** What a body turns out to be, or undefined while too little of it has come. */
export type Sniff<K> = (text: string, ended: boolean) => K | undefined;

interface Sniffable {
  readonly complete: boolean;
}

/** A body whose kind shows only when it begins: kept until it does, then judged as what it is. */
export class SniffedBody<K> implements GovernedBody {
  readonly #complete: boolean;
  readonly #sniff: Sniff<K>;
  readonly #create: (kind: K) => GovernedBody;
  #early: (string | Uint8Array)[] = [];
  /** What has come, as far as it matters for the choice. */
  #text = '';
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
    this.#text += typeof chunk === 'string' ? chunk : Buffer.from(bytesOf(chunk)).toString('utf8');
    const kind = this.#sniff(this.#text, this.#complete);
    return kind === undefined ? true : this.#begin(kind);
  }

  end(): void {
    if (this.#aborted) return;
    if (this.#body === undefined) this.#begin(this.#sniff(this.#text, true)!);
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
export function sniffUndeclared(text: string, ended: boolean): 'sse' | 'ndjson' | 'json' | 'text' | undefined {
  if (SSE.test(text)) return 'sse';
  if (/^\s*[[{]/.test(text)) {
    if (isRow(text)) return ended && isRow(`${text}\n`) ? 'json' : 'ndjson';
    if (ended) return isJson(text) ? 'json' : 'text';
    // The first line decides, and where that is no value of JSON it is text.
    return text.includes('\n') || text.length > MAX_LINE ? 'text' : undefined;
  }
  if (!ended && (PERHAPS_SSE.test(text) || text.trim() === '')) return undefined;
  return 'text';
}

/** Whether JSON that is written in pieces is one value, one array over time, or a value in each line. */
export function sniffJson(text: string, ended: boolean): 'ndjson' | 'array' | 'json' | undefined {
  if (ended) return 'json';
  if (isRow(text)) return 'ndjson';
  if (/^\s*\[\s*[{"[]/.test(text)) return 'array';
  if (/^\s*\[?\s*$/.test(text)) return undefined;
  return text.includes('\n') || text.length > MAX_LINE ? 'json' : undefined;
}

/** Whether the first part is JSON: what else comes in parts may be anything. */
export function sniffMultipart(text: string, ended: boolean): 'multipart' | 'opaque' | undefined {
  const head = /--[^\n]*\n([\s\S]*?)\r?\n\r?\n/.exec(text)?.[1];
  if (head !== undefined)
    return /^content-type:\s*application\/(?:[\w.-]+\+)?json\b/im.test(head) ? 'multipart' : 'opaque';
  return ended || text.length > MAX_LINE ? 'opaque' : undefined;
}

/** True when the first line is a value by itself. */
function isRow(text: string): boolean {
  const start = text.trimStart();
  const end = start.indexOf('\n');
  return end > 0 && end <= MAX_LINE && isJson(start.slice(0, end));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
