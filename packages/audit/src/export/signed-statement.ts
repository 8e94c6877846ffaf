// One record as a signed statement (RFC 9943) in COSE_Sign1 (RFC 9052), which supply-chain tools read.
import { sign } from 'node:crypto';
import type { NoteSigner } from '../integrity/note.ts';

/** Labels of headers: IANA's registry of COSE header parameters; of claims, that of CWT. */
const ALG = 1;
const CONTENT_TYPE = 3;
const KID = 4;
const CWT_CLAIMS = 15;
const ISSUER = 1;
const SUBJECT = 2;
/** EdDSA. */
const EDDSA = -8;

/** What a record says, and of what: its audit id. */
export interface Statement {
  readonly auditId: string;
  /** The record as the log has it, byte for byte. */
  readonly body: string;
}

/**
 * Signs one record by itself, under the name of its log: whoever has the log's key can tell that the log's owner said
 * it. That it is in the log is another question, which a proof answers (`proofOf`).
 *
 *     writeFileSync(`${auditId}.cose`, signedStatement({ auditId, body }, signer));
 */
export function signedStatement({ auditId, body }: Statement, signer: NoteSigner): Buffer {
  const header = map([
    [ALG, integer(EDDSA)],
    [CONTENT_TYPE, text('application/json')],
    [KID, bytes(signer.id)],
    [
      CWT_CLAIMS,
      map([
        [ISSUER, text(signer.name)],
        [SUBJECT, text(auditId)],
      ]),
    ],
  ]);
  const payload = Buffer.from(body);
  const signed = array([text('Signature1'), bytes(header), bytes(Buffer.alloc(0)), bytes(payload)]);
  const signature = sign(null, signed, signer.secret);
  // Tag 18: COSE_Sign1. No unprotected headers.
  return Buffer.concat([Buffer.from([0xd2]), array([bytes(header), map([]), bytes(payload), bytes(signature)])]);
}

// Deterministic CBOR (RFC 8949, section 4.2.1), as much of it as a statement has: the shortest heads, keys in order.

function head(major: number, n: number): Buffer {
  const type = major << 5;
  if (n < 24) return Buffer.from([type | n]);
  if (n < 2 ** 8) return Buffer.from([type | 24, n]);
  const wide = n < 2 ** 16 ? Buffer.alloc(3, type | 25) : Buffer.alloc(5, type | 26);
  wide.writeUIntBE(n, 1, wide.length - 1);
  return wide;
}

const integer = (n: number): Buffer => (n < 0 ? head(1, -1 - n) : head(0, n));
const bytes = (data: Buffer): Buffer => Buffer.concat([head(2, data.length), data]);
const array = (items: readonly Buffer[]): Buffer => Buffer.concat([head(4, items.length), ...items]);

function text(value: string): Buffer {
  const data = Buffer.from(value);
  return Buffer.concat([head(3, data.length), data]);
}

/** Keys are given in order. */
const map = (entries: readonly (readonly [key: number, value: Buffer])[]): Buffer =>
  Buffer.concat([head(5, entries.length), ...entries.flatMap(([key, value]) => [integer(key), value])]);
