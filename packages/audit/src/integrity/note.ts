// Signed notes (C2SP signed-note v1.0.0) with Ed25519, and timestamped cosignatures of witnesses (tlog-cosignature
// v1.0.1).
import { createPrivateKey, createPublicKey, hash, randomBytes, sign, verify, type KeyObject } from 'node:crypto';

/** What a signature is: the first byte of a verifier key. */
const NOTE = 0x01;
const COSIGNATURE = 0x04;
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Unicode's White_Space, spelled out: `\s` means another set in every language, and two verifiers must agree. */
const SPACE = '\\u0009-\\u000d\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const NAME = new RegExp(`^[^${SPACE}+]+$`);
const SIGNATURE_LINE = new RegExp(`^\u2014 ([^${SPACE}+]+) ([A-Za-z0-9+/=]+)$`);
const MAX_SIGNATURES = 64;

/** Whose signatures are known, and how they are checked. */
export interface NoteVerifier {
  readonly name: string;
  readonly id: Buffer;
  readonly isWitness: boolean;
  /** `name+id+key`, as the text that is given to those who verify. */
  readonly vkey: string;
  readonly key: KeyObject;
}

export interface NoteSigner extends NoteVerifier {
  readonly secret: KeyObject;
  /** The 32 bytes that the key is made of. */
  readonly seed: Buffer;
}

/** A note that does not open: what is wrong with it, in a few words. */
export class NoteError extends Error {}

function verifierOf(name: string, type: number, raw: Buffer): NoteVerifier {
  if (!NAME.test(name)) throw new NoteError('a name of a key has no space and no `+`');
  const material = Buffer.concat([Buffer.from([type]), raw]);
  const id = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), material]), 'buffer').subarray(0, 4);
  const key = createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' });
  const vkey = `${name}+${id.toString('hex')}+${material.toString('base64')}`;
  return { name, id, isWitness: type === COSIGNATURE, vkey, key };
}

/** A signer made of a seed of 32 bytes, or of a new random one. */
export function createSigner(name: string, seed: Buffer = randomBytes(32), as: 'log' | 'witness' = 'log'): NoteSigner {
  const secret = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const raw = createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(SPKI.length);
  return { ...verifierOf(name, as === 'log' ? NOTE : COSIGNATURE, raw), secret, seed };
}

/**
 * Reads a verifier key such as `flyball.example/acme+03204a1a+AYqI…`. The name ends at the first `+`, the id at the
 * second.
 */
export function parseVerifier(vkey: string): NoteVerifier {
  const [, name = '', id = '', key = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey) ?? [];
  const material = strictBase64(key);
  const type = material[0];
  if (material.length !== 33 || (type !== NOTE && type !== COSIGNATURE))
    throw new NoteError('not an Ed25519 verifier key');
  const verifier = verifierOf(name, type, material.subarray(1));
  if (verifier.id.toString('hex') !== id) throw new NoteError('the key id does not belong to the key');
  return verifier;
}

/** Decoders accept more than one spelling of the same bytes; here there is one. */
export function strictBase64(text: string): Buffer {
  const data = Buffer.from(text, 'base64');
  if (text === '' || data.toString('base64') !== text) throw new NoteError('base64');
  return data;
}

/** The signature line of a text, which must end in a line end. `seconds` makes it a witness's. */
export function signatureLine(text: string, signer: NoteSigner, seconds?: number): string {
  const time = seconds === undefined ? Buffer.alloc(0) : timeBytes(seconds);
  const signature = sign(null, signedBytes(text, seconds), signer.secret);
  return `\u2014 ${signer.name} ${Buffer.concat([signer.id, time, signature]).toString('base64')}\n`;
}

/** The signed note of a text. */
export function signNote(text: string, signer: NoteSigner): string {
  return `${text}\n${signatureLine(text, signer)}`;
}

export interface OpenedNote {
  readonly text: string;
  /** Names whose signatures hold; a witness's with the second at which it saw the note. */
  readonly signedBy: readonly { readonly name: string; readonly seconds?: number }[];
}

/**
 * Reads a note. Signatures of unknown keys say nothing and are skipped; every one of a known key must hold, and one
 * must be there. Throws a `NoteError`.
 */
export function openNote(bytes: Uint8Array, known: readonly NoteVerifier[]): OpenedNote {
  const whole = textOf(bytes);
  const end = whole.lastIndexOf('\n\n');
  if (end < 0 || !whole.endsWith('\n')) throw new NoteError('no signatures');
  const text = whole.slice(0, end + 1);
  const lines = whole
    .slice(end + 2)
    .split('\n')
    .slice(0, -1);
  if (lines.length === 0 || lines.length > MAX_SIGNATURES) throw new NoteError('no signatures, or too many');
  const signedBy = lines.flatMap((line) => {
    const [, name, coded = ''] = SIGNATURE_LINE.exec(line) ?? [];
    const data = name === undefined ? Buffer.alloc(0) : strictBase64(coded);
    if (data.length < 5) throw new NoteError('a malformed signature line');
    return known
      .filter((key) => key.name === name && key.id.equals(data.subarray(0, 4)))
      .map((key) => opened(text, key, data));
  });
  if (signedBy.length === 0) throw new NoteError('no signature of a known key');
  return { text, signedBy };
}

function opened(text: string, key: NoteVerifier, data: Buffer): OpenedNote['signedBy'][number] {
  if (data.length !== (key.isWitness ? 76 : 68)) throw new NoteError('a signature of the wrong length');
  const seconds = key.isWitness ? data.readBigUInt64BE(4) : undefined;
  if (!verify(null, signedBytes(text, seconds), key.key, data.subarray(-64)))
    throw new NoteError('a signature does not hold');
  return { name: key.name, ...(seconds !== undefined && { seconds: Number(seconds) }) };
}

function signedBytes(text: string, seconds: number | bigint | undefined): Buffer {
  return Buffer.from(seconds === undefined ? text : `cosignature/v1\ntime ${seconds}\n${text}`);
}

function timeBytes(seconds: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(seconds));
  return bytes;
}

function textOf(bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new NoteError('utf-8', { cause });
  }
  if (/[\u0000-\u0009\u000b-\u001f]/.test(text)) throw new NoteError('a control character');
  return text;
}
