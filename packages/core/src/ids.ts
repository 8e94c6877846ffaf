/** Kinds of identifiers, as the prefix that makes them recognisable in logs. */
export type IdKind = 'aud' | 'evt' | 'int' | 'ctl';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * Random bytes are fetched in bulk: a call to the generator costs more than the bytes, so one serves 640 identifiers.
 */
const POOL = new Uint8Array(6400);
let used = POOL.length;

let lastMs = 0;
let counter = 0;

/**
 * A new identifier such as `aud_01kb3n7q…`: prefix and UUIDv7 (RFC 9562) in Crockford's base 32, TypeID-shaped.
 * Identifiers of one process sort in the order they were made: within a millisecond a 12-bit counter runs.
 */
export function mintId(kind: IdKind, nowMs: number): string {
  if (used + 10 > POOL.length) {
    crypto.getRandomValues(POOL);
    used = 0;
  }
  if (nowMs > lastMs) {
    lastMs = nowMs;
    counter = ((POOL[used]! << 8) | POOL[used + 1]!) & 0x7ff;
  } else if (++counter > 0xfff) {
    lastMs++;
    counter = 0;
  }
  const high = Math.floor(lastMs / 0x10000);
  const bytes = [
    (high >>> 24) & 0xff,
    (high >>> 16) & 0xff,
    (high >>> 8) & 0xff,
    high & 0xff,
    (lastMs >>> 8) & 0xff,
    lastMs & 0xff,
    0x70 | (counter >>> 8),
    counter & 0xff,
    0x80 | (POOL[used + 2]! & 0x3f),
    POOL[used + 3]!,
    POOL[used + 4]!,
    POOL[used + 5]!,
    POOL[used + 6]!,
    POOL[used + 7]!,
    POOL[used + 8]!,
    POOL[used + 9]!,
  ];
  used += 10;
  return `${kind}_${base32(bytes)}`;
}

const DIGITS = Uint8Array.from(ALPHABET, (digit) => digit.charCodeAt(0));
const TEXT = new Array<number>(26);

/** 128 bits as 26 digits, most significant first; the first digit carries three bits. */
function base32(bytes: readonly number[]): string {
  TEXT[0] = DIGITS[bytes[0]! >> 5]!;
  let bits = 5;
  let value = bytes[0]! & 31;
  let next = 1;
  for (let digit = 1; digit < 26; digit++) {
    if (bits < 5) {
      value = ((value << 8) | bytes[next++]!) & 0x1fff;
      bits += 8;
    }
    bits -= 5;
    TEXT[digit] = DIGITS[(value >> bits) & 31]!;
  }
  return String.fromCharCode(...TEXT);
}
