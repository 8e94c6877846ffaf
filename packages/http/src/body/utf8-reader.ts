/** Turns the chunks of a body into text, however a character was cut. */
export interface Utf8Reader {
  read(chunk: string | Uint8Array): string;
  end(): string;
}

/**
 * Invalid bytes become U+FFFD, as they would at the client. With `strict` they throw: a body without a declared type
 * that is not UTF-8 is not text. So do those that begin UTF-16, whatever is declared.
 */
export function utf8Reader(strict: boolean): Utf8Reader {
  return new CutUtf8(strict);
}

/** A class, because every open stream has one: functions of their own would be kept with each. */
class CutUtf8 implements Utf8Reader {
  readonly #strict: boolean;
  #decoder: InstanceType<typeof TextDecoder> | undefined;
  /** The first unit, where the second has not come yet. */
  #first: number | undefined;
  #begun = false;

  constructor(strict: boolean) {
    this.#strict = strict;
  }

  read(chunk: string | Uint8Array): string {
    if (!this.#begun) this.#check(chunk);
    // INVARIANT: once bytes have come, a character may be cut between two chunks, so strings go the same way.
    if (typeof chunk === 'string' && this.#decoder === undefined) return chunk.toWellFormed();
    // Without `ignoreBOM` a byte order mark would be lost.
    this.#decoder ??= new TextDecoder('utf-8', { ignoreBOM: true, fatal: this.#strict });
    return this.#decoder.decode(typeof chunk === 'string' ? Buffer.from(chunk) : chunk, { stream: true });
  }

  end(): string {
    return this.#decoder?.decode() ?? '';
  }

  #check(chunk: string | Uint8Array): void {
    const units = this.#first === undefined ? [unitAt(chunk, 0), unitAt(chunk, 1)] : [this.#first, unitAt(chunk, 0)];
    if (units[1] === undefined) this.#first = units[0];
    else this.#begun = true;
    if (isWide(units[0], units[1])) throw new TypeError('the body is UTF-16');
  }
}

/**
 * Begins as UTF-16 or UTF-32: with a mark, which browsers believe whatever is declared, or with a zero among its first
 * two bytes, by which clients of JSON guess where no mark is.
 */
export const isUtf16 = (body: string | Uint8Array): boolean => isWide(unitAt(body, 0), unitAt(body, 1));

const isWide = (first: number | undefined, second: number | undefined): boolean =>
  first === 0 || second === 0 || (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);

/** What is a letter in a string is no mark: Node writes it in UTF-8. */
function unitAt(body: string | Uint8Array, at: number): number | undefined {
  if (at >= body.length) return undefined;
  return typeof body === 'string' ? (body.charCodeAt(at) === 0 ? 0 : -1) : body[at];
}

/** A body of bytes that are no text: one unit for each. */
export function binaryReader(): Utf8Reader {
  return {
    read: (chunk) => (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1')),
    end: () => '',
  };
}

/** Text of a binary body as the bytes that it stands for. */
export function binaryText(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}
