import type { DetectedFormat } from '../formats/index.ts';
import type { Framing } from '../framing/frame.ts';
import type { Problem } from '../problem.ts';
import { kept } from './outlet.ts';
import { binaryReader, binaryText, utf8Reader, type Utf8Reader } from './utf8-reader.ts';

/** Units that are kept unread. Most answers are shorter, and end without anybody having parsed them. */
const KEPT = 128 * 1024;

/**
 * What has left of a stream that nobody judges, kept so that a halt can still end it as its protocol ends: that ending
 * has to close what is open and go on with the stream's own ids. Read only then, or when it grows beyond `KEPT`.
 */
export class StreamTail {
  readonly #framing: Framing;
  readonly #format: DetectedFormat;
  readonly #utf8: Utf8Reader;
  readonly #isBinary: boolean;
  readonly #chunks: (string | Uint8Array)[] = [];
  #size = 0;

  constructor(framing: Framing, format: DetectedFormat, isBinary = false) {
    this.#isBinary = isBinary;
    this.#utf8 = isBinary ? binaryReader() : utf8Reader(false);
    this.#framing = framing;
    this.#format = format;
  }

  keep(chunk: string | Uint8Array): void {
    this.#chunks.push(kept(chunk));
    this.#size += chunk.length;
    if (this.#size > KEPT) this.#read();
  }

  ending(problem: Problem): string | Uint8Array {
    this.#read();
    const ending = this.#framing.ending(this.#format.ending(problem), true);
    return this.#isBinary ? binaryText(ending) : ending;
  }

  #read(): void {
    for (const chunk of this.#chunks) {
      for (const { data: text, name } of this.#framing.push(this.#utf8.read(chunk))) {
        if (text === undefined) continue;
        const event = { name, data: parsed(text) };
        this.#format.left(this.#format.read(event).format, event);
      }
    }
    this.#chunks.length = 0;
    this.#size = 0;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
