const encoder = new TextEncoder();

/** Stands for a text where the text itself may not be kept. With another key it is another. */
export type KeyedHash = (text: string) => Promise<string>;

/** HMAC-SHA-256, as hex digits. Without a key: a random one, for this process alone. */
export function keyedHash(key: string | undefined): KeyedHash {
  const bytes = key === undefined ? crypto.getRandomValues(new Uint8Array(32)) : encoder.encode(key);
  let imported: ReturnType<typeof crypto.subtle.importKey> | undefined;
  return async (text) => {
    imported ??= crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    const signed = new Uint8Array(await crypto.subtle.sign('HMAC', await imported, encoder.encode(text)));
    return Array.from(signed, (byte) => byte.toString(16).padStart(2, '0')).join('');
  };
}

/** A number from 0 to 1 that the text decides, for whoever has the key. */
export function shareOf(hash: string): number {
  return Number.parseInt(hash.slice(0, 8), 16) / 2 ** 32;
}
