import type { DecisionRecord, CapturedContent, KeptContent } from '../contract/record.ts';
import { FlyballError } from '../errors.ts';

/** Seals texts with the operator's key. What it answers says nothing to anybody else. */
export type Seal = (kept: KeptContent, auditId: string) => Promise<CapturedContent>;

const NONCE_BYTES = 12;
const encoder = new TextEncoder();

/** What a key of captured content is: 32 bytes as hex digits. */
export const isContentKey = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{64}$/i.test(value);

interface ContentKey {
  readonly key: CryptoKey;
  /** Tells keys apart and says nothing of them: the first 8 bytes of their SHA-256. */
  readonly kid: string;
}

async function keyOf(hex: string): Promise<ContentKey> {
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const key = await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return { key, kid: Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('') };
}

/** AES-256-GCM, bound to the record: a text of one record opens in no other. */
export async function sealWith(hex: string): Promise<Seal> {
  const { key, kid } = await keyOf(hex);
  return async (kept, auditId) => {
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const algorithm = { name: 'AES-GCM', iv: nonce, additionalData: encoder.encode(auditId) };
    const sealed = await crypto.subtle.encrypt(algorithm, key, encoder.encode(JSON.stringify(kept)));
    return { alg: 'A256GCM', kid, nonce: base64(nonce), data: base64(new Uint8Array(sealed)) };
  };
}

/**
 * Opens what a policy with `audit: { content: captured }` kept of a decision's texts. `undefined`: nothing was kept.
 * Throws a `FlyballError` with `CONTENT_KEY_WRONG` where it was kept under another key, or was changed.
 *
 *     const open = await contentOpener(process.env.CONTENT_KEY);
 *     const { texts } = await open(record) ?? { texts: [] };
 */
export async function contentOpener(
  hex: string,
): Promise<(record: DecisionRecord) => Promise<KeptContent | undefined>> {
  if (!isContentKey(hex)) throw new FlyballError('OPTIONS_INVALID', 'a key of captured content is 64 hex digits');
  const { key, kid } = await keyOf(hex);
  return async ({ auditId, content }) => {
    const captured = content?.captured;
    if (captured === undefined || captured === 'FAILED') return undefined;
    const wrong = (why: string): FlyballError<'CONTENT_KEY_WRONG'> =>
      new FlyballError('CONTENT_KEY_WRONG', `the content of \`${auditId}\` ${why}`);
    if (captured.kid !== kid) throw wrong(`was captured with the key \`${captured.kid}\`, and this is \`${kid}\``);
    const opened = await opening(key, captured, auditId).catch(() => undefined);
    if (opened === undefined) throw wrong('does not open: it was changed, or belongs to another record');
    return JSON.parse(new TextDecoder().decode(opened)) as KeptContent;
  };
}

async function opening(key: CryptoKey, { nonce, data }: CapturedContent, auditId: string): Promise<ArrayBuffer> {
  const algorithm = { name: 'AES-GCM', iv: bytesOf(nonce), additionalData: encoder.encode(auditId) };
  return crypto.subtle.decrypt(algorithm, key, bytesOf(data));
}

/** A call takes only so many arguments. */
const CHUNK = 8192;

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK) binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(binary);
}

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
