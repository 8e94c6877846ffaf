import { hash } from 'node:crypto';
import { leafHash } from './merkle.ts';

/** One entry of a log. A shredded one keeps its commitment alone, so the tree above it still holds. */
export type LogEntry =
  | { readonly seq: number; readonly salt: Buffer; readonly body: string }
  | { readonly seq: number; readonly commitment: Buffer };

export const SALT_BYTES = 16;
/** First byte of a leaf's data: how the commitment is made. */
const LEAF_VERSION = Buffer.from([0x01]);

/** `SHA-256(salt ‖ body)`. Without the salt nobody can try bodies against it. */
export function commitmentOf(salt: Buffer, body: string): Buffer {
  return hash('sha256', Buffer.concat([salt, Buffer.from(body)]), 'buffer');
}

/** Hash of the entry's leaf: 33 bytes of data whatever the length of the record. */
export function entryLeaf(commitment: Buffer): Buffer {
  return leafHash(leafData(commitment));
}

export function leafData(commitment: Buffer): Buffer {
  return Buffer.concat([LEAF_VERSION, commitment]);
}

export function commitmentIn(entry: LogEntry): Buffer {
  return 'body' in entry ? commitmentOf(entry.salt, entry.body) : entry.commitment;
}

/** An entry as a line of an export, without its line end. */
export function entryLine(entry: LogEntry): string {
  return 'body' in entry
    ? `{"seq":${entry.seq},"salt":"${entry.salt.toString('hex')}","body":${JSON.stringify(entry.body)}}`
    : `{"seq":${entry.seq},"commitment":"${entry.commitment.toString('hex')}"}`;
}

/** All of a line up to its body: an expression that went on through it would run out of stack at some megabytes. */
const HEAD = /^\{"seq":(0|[1-9]\d{0,15}),(?:"salt":"([0-9a-f]{32})","body":(?=")|"commitment":"([0-9a-f]{64})"\}$)/;

/**
 * Reads a line of an export. An entry has one spelling: any other is `undefined`, even where it would hash the same.
 */
export function parseEntryLine(line: Uint8Array): LogEntry | undefined {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line);
  } catch {
    return undefined;
  }
  const match = HEAD.exec(text);
  if (match === null) return undefined;
  const seq = Number(match[1]);
  if (match[3] !== undefined) return { seq, commitment: Buffer.from(match[3], 'hex') };
  const body = stringIn(text.slice(match[0].length, -1));
  if (body?.isWellFormed() !== true) return undefined;
  const entry: LogEntry = { seq, salt: Buffer.from(match[2]!, 'hex'), body };
  return entryLine(entry) === text ? entry : undefined;
}

function stringIn(json: string): string | undefined {
  try {
    return JSON.parse(json) as string;
  } catch {
    return undefined;
  }
}
