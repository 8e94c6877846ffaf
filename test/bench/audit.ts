// The log on disk: what it adds to a decision, how long a durable record takes, what it sustains, how large a record
// is, and how fast recorded decisions are made again; what it sustains with records sealed for their subjects, and into
// Postgres where one answers (`DATABASE_URL`). Real decisions of mixed traffic, a file in the system's temporary
// folder.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLog, openSubjectKeys, readLog, replay, type AuditLog } from '@flyball/audit';
import {
  createGovernor,
  createMemorySink,
  type AuditRecord,
  type DecisionRecord,
  type EventInit,
  type PolicyDocument,
} from '@flyball/core';
import { mintId, type Sink } from '@flyball/core/evidence';
import { createPostgresSink } from '@flyball/postgres';
import { dropSchema, freshSchema, sharedPostgres } from '../../packages/postgres/test/databases.ts';
import type { Figures } from './run.ts';

const POLICY: PolicyDocument = {
  policy: 'bench',
  version: 1,
  detectors: [{ use: 'pii' }, { use: 'secrets' }],
  rules: [
    { id: 'secret', on: 'output', detect: 'secret', then: 'block', reason: 'P_SECRET' },
    { id: 'pii', on: ['input', 'output'], detect: 'pii', then: 'redact', reason: 'P_PII' },
    { id: 'cap', on: 'tool_call', when: 'tool.args.amount > 500', then: 'block', reason: 'P_CAP' },
  ],
  facts: ['tool.args.amount'],
};
const RECORDS = 100_000;
/** Durable records a second while their acknowledgement is timed. */
const DURABLE_PER_SEC = 5000;
const DURABLE_MS = 4000;

export async function bench(): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'flyball-bench-'));
  try {
    const made = await mixedRecords();
    return {
      ...(await hotPath(join(folder, 'hot.db'), made.decisions)),
      ...(await acknowledged(join(folder, 'durable.db'), made.decisions)),
      ...(await sustained(join(folder, 'sustained.db'), made)),
      ...(await sealed(folder, made.decisions)),
      ...(await inPostgres(made.decisions)),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Made {
  readonly policies: readonly AuditRecord[];
  readonly decisions: readonly DecisionRecord[];
}

async function mixedRecords(): Promise<Made> {
  const audit = createMemorySink(5000);
  const governor = await createGovernor({ policy: POLICY, audit });
  const inits: readonly EventInit[] = [
    { stage: 'input', content: 'where is my order?' },
    { stage: 'input', content: 'I am ada@acme.example, card 4111 1111 1111 1111', attributes: { risk: 0.2 } },
    { stage: 'output', content: 'the key is AKIAIOSFODNN7EXAMPLE' },
    { stage: 'output', content: 'it is on its way' },
    { stage: 'tool_call', resource: { tool: 'refund' }, args: { amount: 900, to: 'ada' } },
    { stage: 'tool_result', resource: { tool: 'refund' }, content: 'done' },
  ];
  for (let i = 0; i < 3000; i++)
    await governor.decide(
      governor.interaction({ tenant: `t${i % 9}`, user: `u${i % 97}` }).event(inits[i % inits.length]!),
    );
  await governor.close();
  const records = audit.records();
  return {
    policies: records.filter(({ kind }) => kind === 'policy'),
    decisions: records.filter((record) => record.kind === 'decision'),
  };
}

/** The same decision again, as a record of its own. */
function fresh(decisions: readonly DecisionRecord[], i: number): DecisionRecord {
  return { ...decisions[i % decisions.length]!, auditId: mintId('aud', Date.now()) };
}

/** What `accept` takes on the thread that decides, at a pace the disk keeps up with. */
async function hotPath(file: string, decisions: readonly DecisionRecord[]): Promise<Figures> {
  const log = await openLog({ file, capacity: 100_000 });
  const times: number[] = [];
  for (let i = 0; i < 60_000; i++) {
    const record = fresh(decisions, i);
    const start = performance.now();
    void log.accept(record);
    if (i >= 10_000) times.push((performance.now() - start) * 1000);
    if (i % 100 === 99) await new Promise((resolve) => setTimeout(resolve, 4));
  }
  await log.close();
  const sorted = times.toSorted((a, b) => a - b);
  return { hotP50us: at(sorted, 0.5), hotP99us: at(sorted, 0.99) };
}

async function acknowledged(file: string, decisions: readonly DecisionRecord[]): Promise<Figures> {
  const log = await openLog({ file, durability: 'durable' });
  const times: number[] = [];
  const waiting: Promise<void>[] = [];
  const begun = performance.now();
  for (let sent = 0; performance.now() - begun < DURABLE_MS;) {
    const due = Math.floor(((performance.now() - begun) / 1000) * DURABLE_PER_SEC);
    for (; sent < due; sent++) waiting.push(timed(log, fresh(decisions, sent), times));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(waiting);
  await log.close();
  const sorted = times.toSorted((a, b) => a - b);
  return {
    ackP50ms: at(sorted, 0.5),
    ackP99ms: at(sorted, 0.99),
    ackPerSec: Math.round(times.length / (DURABLE_MS / 1000)),
  };
}

async function timed(log: AuditLog, record: DecisionRecord, times: number[]): Promise<void> {
  const start = performance.now();
  await log.accept(record);
  times.push(performance.now() - start);
}

/** As fast as the disk takes them, then read back and made again. */
async function sustained(file: string, { policies, decisions }: Made): Promise<Figures> {
  const log = await openLog({ file, capacity: 4096 });
  for (const policy of policies) await log.accept(policy);
  const perSec = await fill(log, decisions);
  await log.close();
  const reader = readLog(file);
  const again = performance.now();
  const found = await replay(reader.records());
  const replaySeconds = (performance.now() - again) / 1000;
  reader.close();
  if (found.same !== RECORDS) throw new Error(`${RECORDS - found.same} decisions came out in another way`);
  return {
    perSec,
    bytesPerRecord: Math.round(statSync(file).size / RECORDS),
    replayed: found.same,
    replaySeconds,
  };
}

/** Records a second, as fast as the sink takes them. */
async function fill(sink: Sink & { flush(): Promise<void> }, decisions: readonly DecisionRecord[]): Promise<number> {
  const begun = performance.now();
  for (let i = 0; i < RECORDS; i++) {
    await sink.accept(fresh(decisions, i));
    // A governor would be told that there is no room; here it waits for some.
    if (i % 2048 === 2047) await sink.flush();
  }
  await sink.flush();
  return Math.round(RECORDS / ((performance.now() - begun) / 1000));
}

/** With a key for each of some hundreds of subjects. */
async function sealed(folder: string, decisions: readonly DecisionRecord[]): Promise<Figures> {
  const subjectKeys = await openSubjectKeys({ file: join(folder, 'subjects') });
  const log = await openLog({ file: join(folder, 'sealed.db'), capacity: 4096, subjectKeys });
  const sealedPerSec = await fill(log, decisions);
  await log.close();
  await subjectKeys.close();
  return { sealedPerSec };
}

async function inPostgres(decisions: readonly DecisionRecord[]): Promise<Figures> {
  const url = await sharedPostgres();
  if (url === undefined) return {};
  const schema = freshSchema();
  const sink = createPostgresSink({ url, schema, capacity: 4096 });
  try {
    return { postgresPerSec: await fill(sink, decisions) };
  } finally {
    await sink.close();
    await dropSchema(url, schema);
  }
}

const at = (sorted: readonly number[], share: number): number => sorted[Math.floor(sorted.length * share)]!;
