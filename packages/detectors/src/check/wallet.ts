import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const RIPPLE = 'rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz';
const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/** Bytes of a base58 text; `undefined` if a sign is none of its alphabet. */
function base58(text: string, alphabet: string): Uint8Array | undefined {
  const bytes: number[] = [];
  for (const sign of text) {
    let carry = alphabet.indexOf(sign);
    if (carry < 0) return undefined;
    for (let i = 0; i < bytes.length; i++) {
      carry += bytes[i]! * 58;
      bytes[i] = carry & 0xff;
      carry >>= 8;
    }
    for (; carry > 0; carry >>= 8) bytes.push(carry & 0xff);
  }
  for (const sign of text) {
    if (sign !== alphabet[0]) break;
    bytes.push(0);
  }
  return Uint8Array.from(bytes.toReversed());
}

/** What a base58check text holds, when its four check bytes are right; `undefined` for anything else. */
export function base58Check(text: string, alphabet: string = BASE58): Uint8Array | undefined {
  const bytes = base58(text, alphabet);
  if (bytes === undefined || bytes.length < 5) return undefined;
  const payload = bytes.subarray(0, -4);
  const check = sha256(sha256(payload));
  return [0, 1, 2, 3].every((i) => check[i] === bytes[payload.length + i]) ? payload : undefined;
}

/** The version byte of an address of 20 bytes; `undefined` for anything else. */
export function base58Version(address: string): number | undefined {
  const payload = base58Check(address, address.startsWith('r') ? RIPPLE : BASE58);
  return payload?.length === 21 ? payload[0] : undefined;
}

/** True for a bech32 or bech32m text (BIP 173, BIP 350), in lower case. */
export function isBech32(address: string): boolean {
  const split = address.lastIndexOf('1');
  const data = Array.from(address.slice(split + 1), (sign) => BECH32.indexOf(sign));
  if (split < 1 || data.length < 6 || data.includes(-1)) return false;
  const prefix = Array.from(address.slice(0, split), (sign) => sign.charCodeAt(0));
  const values = [...prefix.map((code) => code >> 5), 0, ...prefix.map((code) => code & 31), ...data];
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    for (const [bit, generator] of [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3].entries())
      if (((top >>> bit) & 1) === 1) check ^= generator;
  }
  return check === 1 || check === 0x2bc830a3;
}

/** True if the case of an address is its check (EIP-55). One of a single case has none. */
export function isChecksumCase(address: string): boolean {
  const digits = address.slice(2);
  const hash = keccak_256(new TextEncoder().encode(digits.toLowerCase()));
  return [...digits].every((sign, i) => {
    const nibble = (hash[i >> 1]! >> (i % 2 === 0 ? 4 : 0)) & 15;
    return sign === (nibble >= 8 ? sign.toUpperCase() : sign.toLowerCase());
  });
}
