import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { bodyOf } from '../record/body.ts';
import type { LoggedRecord, SealedRecord } from '../record/log-records.ts';
import type { Subject, SubjectKey, SubjectKeys } from './subject-keys.ts';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A record that is about a subject. */
type Sealable = Extract<LoggedRecord, { readonly kind: SealedRecord['of'] }>;

/** Records as JSON, those about a subject sealed with its key. */
export async function sealRecords(keys: SubjectKeys, records: readonly LoggedRecord[]): Promise<readonly string[]> {
  const subjects = new Map<string, Subject>();
  for (const record of records) {
    const subject = subjectOf(record);
    if (subject !== undefined) subjects.set(nameOf(subject), subject);
  }
  const found = subjects.size === 0 ? [] : await keys.keysOf([...subjects.values()]);
  const byName = new Map([...subjects.keys()].map((name, at) => [name, found[at]!]));
  return records.map((record) => {
    const subject = subjectOf(record);
    return bodyOf(subject === undefined ? record : seal(record as Sealable, byName.get(nameOf(subject))!));
  });
}

/** Opens a sealed record, where its key is still there; all other records are what they are. */
export function openRecord(record: LoggedRecord, keyOf: (id: string) => Uint8Array | undefined): LoggedRecord {
  if (record.kind !== 'sealed') return record;
  const key = keyOf(record.subject);
  if (key === undefined) return record;
  const bytes = Buffer.from(record.data, 'base64');
  const decipher = createDecipheriv(CIPHER, key, Buffer.from(record.nonce, 'base64'));
  decipher.setAAD(Buffer.from(record.auditId)).setAuthTag(bytes.subarray(-TAG_BYTES));
  const text = Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString();
  return JSON.parse(text) as LoggedRecord;
}

/** Bound to its audit id: what is sealed in one record opens in no other. */
function seal(record: Sealable, { id, tenantId, key }: SubjectKey): SealedRecord {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce);
  cipher.setAAD(Buffer.from(record.auditId));
  const sealed = Buffer.concat([cipher.update(bodyOf(record)), cipher.final(), cipher.getAuthTag()]);
  const { schemaVersion, auditId, at, kind: of } = record;
  const what = { schemaVersion, kind: 'sealed', auditId, at, of, tenant: tenantId, subject: id } as const;
  return { ...what, alg: 'A256GCM', nonce: nonce.toString('base64'), data: sealed.toString('base64') };
}

/** Whom a record is about. Controls, holds and policies have no subject: what they name stays. */
function subjectOf(record: LoggedRecord): Subject | undefined {
  if (record.kind === 'decision' || record.kind === 'opened') return record.event.subject;
  if (record.kind !== 'subject') return undefined;
  const { tenant = '', user } = record.scope;
  return { tenant, ...(user !== undefined && { user }) };
}

const nameOf = ({ tenant, user = '' }: Subject): string => JSON.stringify([tenant, user]);
