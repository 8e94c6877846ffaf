/** Turns the chunks of a body into text, however a character was cut. */
export interface Utf8Reader {
  read(chunk: string | Uint8Array): string;
  end(): string;
}

/**
 * Invalid bytes become U+FFFD, as they would at the client. With `strict` they throw: a body without a declared type
 * that is not UTF-8 is not text.
 */
export function utf8Reader(strict: boolean): Utf8Reader {
  // Without `ignoreBOM` a byte order mark would be lost.
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  return {
    read(chunk) {
      // INVARIANT: once bytes have come, a character may be cut between two chunks, so strings go the same way.
      if (typeof chunk === 'string' && decoder === undefined) return chunk.toWellFormed();
      decoder ??= new TextDecoder('utf-8', { ignoreBOM: true, fatal: strict });
      return decoder.decode(typeof chunk === 'string' ? Buffer.from(chunk) : chunk, { stream: true });
    },
    end: () => decoder?.decode() ?? '',
  };
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
