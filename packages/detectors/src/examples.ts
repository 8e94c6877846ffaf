/** An example as it is looked at: the text, and where the match is. */
export interface Example {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const ALPHABETS: { readonly [name: string]: string } = {
  digits: '0123456789',
  hex: '0123456789abcdef',
  HEX: '0123456789ABCDEF',
  lower: 'abcdefghijklmnopqrstuvwxyz',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  alpha: 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ',
  base32: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  BECH32: 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L',
  base36: '0123456789abcdefghijklmnopqrstuvwxyz',
  BASE36: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  base62: '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ',
};

/**
 * Reads an example: `{hex:32}` becomes 32 signs that look random and are always the same, `{uuid}` a UUID, and `«»` say
 * where the match is. Another `seed` gives other signs. Written out, invented keys would look like leaked ones to
 * whoever scans this repository.
 *
 *     expandExample('key «gsk_{base62:52}»').start; // 4
 */
export function expandExample(written: string, seed = 0): Example {
  let state = (0x9e3779b9 ^ written.length ^ Math.imul(seed, 0x85ebca6b)) | 1;
  const next = (below: number): number => {
    // xorshift32: any sequence will do that does not repeat itself.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
  const signs = (name: string, count: number): string => {
    const alphabet = ALPHABETS[name];
    if (alphabet === undefined) throw new Error(`no alphabet \`${name}\``);
    return Array.from({ length: count }, () => alphabet[next(alphabet.length)]).join('');
  };
  const text = written
    .replaceAll('{uuid}', () => [8, 4, 4, 4, 12].map((count) => signs('hex', count)).join('-'))
    .replaceAll(/\{([A-Za-z]+\d*):(\d+)\}/g, (_, name: string, count: string) => signs(name, Number(count)));
  const start = text.indexOf('«');
  const end = text.indexOf('»') - 1;
  return { text: text.replace('«', '').replace('»', ''), start, end };
}
