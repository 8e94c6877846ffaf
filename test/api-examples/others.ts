// Examples of the API reference: each runs from its mark to the next. The types of all of them are checked.
import { readFileSync } from 'node:fs';
import {
  AuditError,
  backtest,
  createSigner,
  entriesOf,
  entryLine,
  NoteError,
  openLog,
  openRecord,
  openSubjectKeys,
  parseVerifier,
  readLog,
  readSubjectKeys,
  replay,
  verifyLog,
  type LoggedRecord,
} from '@flyball/audit';
import { createGovernor, createMemorySink } from '@flyball/core';
import { createMemoryStore } from '@flyball/core/store';
import { expandExample, PACK_NAMES, PACKS } from '@flyball/detectors';
import { EXFILTRATION } from '@flyball/detectors/exfiltration';
import { HARMFUL } from '@flyball/detectors/harmful';
import { HIDDEN } from '@flyball/detectors/hidden';
import { INJECTION } from '@flyball/detectors/injection';
import { LEAKAGE } from '@flyball/detectors/leakage';
import { PII } from '@flyball/detectors/pii';
import { SECRETS } from '@flyball/detectors/secrets';
import { createPostgresSink, createPostgresStore, exportPostgresLogs, postgresTables } from '@flyball/postgres';
import { createRedisStore } from '@flyball/redis';
import { ADAPTER_CASES, chunks, describeAdapter, type AdapterHarness } from '@flyball/testing';
import { describeSink } from '@flyball/testing/sink-suite';
import { describeStore } from '@flyball/testing/store-suite';
import { describe, expect, it } from 'vitest';

declare const harness: AdapterHarness;

// example: createRedisStore
const shared = await createGovernor({
  policy: { file: 'policy.yaml' },
  store: createRedisStore({ url: 'redis://127.0.0.1:6379' }),
});

// example: createPostgresStore
const inPostgres = await createGovernor({
  policy: { file: 'policy.yaml' },
  store: createPostgresStore({ url: 'postgres://127.0.0.1:5432/app' }),
});

// example: postgresTables
console.log(postgresTables('flyball')); // SQL for those who may not create tables at run time

// example: createPostgresSink
const inTables = await createGovernor({
  policy: { file: 'policy.yaml' },
  audit: createPostgresSink({ url: 'postgres://127.0.0.1:5432/app' }), // each start of a process is a log of its own
});

// example: exportPostgresLogs
for (const { log: name, folder } of await exportPostgresLogs({
  url: 'postgres://127.0.0.1:5432/app',
  folder: 'evidence',
}))
  console.log(name, folder); // `flyball verify <folder>`

// example: openLog
const audit = await openLog({ file: 'flyball.db', checkpoints: { file: 'checkpoints' } });
const recorded = await createGovernor({ policy: { file: 'policy.yaml' }, audit });

// example: openSubjectKeys
const subjectKeys = await openSubjectKeys({ file: 'flyball.keys' }); // where backups of the log are not
const sealed = await openLog({ file: 'sealed.db', subjectKeys });
await sealed.shred({ tenant: 'acme', user: 'ada' }, { who: 'dpo', why: 'request 12' }); // in every copy

// example: readSubjectKeys
const keys = readSubjectKeys('flyball.keys');
for (const { record } of readLog('sealed.db', { subjectKeys: keys }).records()) console.log(record.kind);

// example: openRecord
const lines = readFileSync('audit.jsonl', 'utf8').trim().split('\n');
for (const line of lines) console.log(openRecord(JSON.parse(line) as LoggedRecord, (id) => keys.key(id)));

// example: readLog
const log = readLog('flyball.db');
for (const { seq, record } of log.records()) console.log(seq, record.kind);

// example: replay
const again = await replay(log.records());
console.log(again);

// example: backtest
const next = await backtest(log.records(), { policy: { file: 'next.yaml' } });
console.log(next);

// example: parseVerifier
const key = parseVerifier(log.vkey); // from the operator, by another way than the log

// example: entriesOf
const exported = entriesOf(readFileSync('export/entries.jsonl'));

// example: verifyLog
const { ok, problem } = verifyLog(exported, readFileSync('elsewhere/checkpoints'), key);
if (!ok) console.error(problem);

// example: entryLine
for (const entry of log.entries()) process.stdout.write(entryLine(entry)); // the form that `flyball export` writes

// example: createSigner
const witness = createSigner('acme.example/witness', undefined, 'witness');
console.log(witness.vkey);

// example: AuditError
try {
  await openLog({ file: 'flyball.db' });
} catch (error) {
  if (error instanceof AuditError && error.code === 'LOG_IN_USE') console.error('a log is the file of one process');
}

// example: NoteError
try {
  parseVerifier('not a key');
} catch (error) {
  if (error instanceof NoteError) console.error(error.message);
}

// example: PACK_NAMES
console.log(PACK_NAMES['pii']?.length); // what `use:` may name

// example: PACKS
console.log(PACKS.join(', ')); // pii, secrets, injection, …

// example: expandExample
const { text } = expandExample('key {hex:32}', 7); // the same seed, the same text
console.log(text);

// example: PII
console.log(Object.keys(PII.parts).length);

// example: HIDDEN
console.log(HIDDEN.version); // text that people do not see

// example: EXFILTRATION
console.log(EXFILTRATION.version); // addresses that carry data away

// example: INJECTION
console.log(INJECTION.version); // orders to the model

// example: LEAKAGE
console.log(LEAKAGE.version); // system prompts that leave

// example: HARMFUL
console.log(HARMFUL.version); // a lexicon

// example: SECRETS
console.log(SECRETS.onRequest); // parts that only their own name takes

// example: describeStore
describeStore(
  'my store',
  () => {
    let time = Date.now();
    const store = createMemoryStore({ now: () => time });
    return { open: () => store, advance: (ms) => void (time += ms), close: () => store.close() };
  },
  { describe, it, expect },
);

// example: describeSink
describeSink(
  'my sink',
  () => {
    const sink = createMemorySink();
    return { open: () => sink, records: () => sink.records(), close() {} };
  },
  { describe, it, expect },
);

// example: describeAdapter
describeAdapter('my adapter', harness, { tools: { describe, it, expect } });

// example: ADAPTER_CASES
console.log(ADAPTER_CASES.length); // names for `unsupported`

// example: chunks
console.log(chunks('The key is AKIAIOSFODNN7EXAMPLE', 7)); // cut at random places, the same ones for the same seed

// end
await Promise.all([shared, inPostgres, inTables, recorded].map((each) => each.close()));
