import { readFileSync, readdirSync } from 'node:fs';
import type { DetectorInfo, Findings } from '../../packages/core/src/contract/detector.ts';
import type { GovernedEvent } from '../../packages/core/src/contract/event.ts';
import type { Ruling } from '../../packages/core/src/contract/ruling.ts';
import type { Snapshot, StrikeAnswer } from '../../packages/core/src/contract/snapshot.ts';
import { canonicalJson } from '../../packages/core/src/policy/canonical-json.ts';
import type { PolicyDocument } from '../../packages/core/src/policy/document/document.ts';

/** One file of `decide/`: a policy, and events with the ruling that anyone must come to. */
export interface DecisionVectors {
  readonly file: string;
  readonly policy: PolicyDocument;
  readonly detectors: readonly DetectorInfo[];
  readonly behaviorVersion: string;
  readonly cases: readonly DecisionCase[];
}

export interface DecisionCase {
  readonly name: string;
  readonly event: GovernedEvent;
  readonly findings: Findings;
  readonly snapshot: Snapshot;
  readonly ruling: Ruling;
  /** What the store said to the strikes, and the ruling with that. */
  readonly answers?: readonly StrikeAnswer[];
  readonly settled?: Ruling;
}

/** By behaviour version: digest of the facts → digest of the ruling. Entries are added and never changed. */
export interface Ledger {
  readonly [behaviorVersion: string]: { readonly [facts: string]: string };
}

const FOLDER = new URL('decide/', import.meta.url);
export const LEDGER_FILE: URL = new URL('published-decisions.json', import.meta.url);

export function decisionVectors(): readonly DecisionVectors[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => {
    const vectors = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Omit<DecisionVectors, 'file'>;
    return { file, ...vectors };
  });
}

export function readLedger(): Ledger {
  return JSON.parse(readFileSync(LEDGER_FILE, 'utf8')) as Ledger;
}

export async function ledgerEntry(vector: DecisionCase): Promise<{ readonly facts: string; readonly ruling: string }> {
  const { event, findings, snapshot, ruling, answers, settled } = vector;
  return {
    facts: await digest({ event, findings, snapshot, answers }),
    ruling: await digest({ ruling, settled }),
  };
}

async function digest(value: unknown): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(canonicalJson(value))));
  return Array.from(hash.subarray(0, 12), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
