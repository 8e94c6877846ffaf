// Evidence: a log on disk that shows any change, and what verifies it.
export { openLog, type AuditLog, type By, type LogOptions } from './log/open-log.ts';
export { createJsonLinesSink, type JsonLinesOptions } from './sink/json-lines.ts';
export { queuedSink, type QueuedSink, type QueuedSinkParts } from './sink/queued-sink.ts';
export { QUEUE_SETTINGS, type QueueSettings } from './sink/record-queue.ts';
export { teeSinks } from './sink/tee.ts';
export { warnings, type WarningOptions } from './warnings.ts';
export { AuditError, type AuditErrorCode } from './log/audit-error.ts';
export type { Removed } from './log/log-file.ts';
export { entriesInFile, readExport } from './log/read-export.ts';
export { mergeLogs, type MergedRecord } from './log/merge-logs.ts';
export { columnsOf, type Columns } from './log/columns.ts';
export { readLog, type LogFileReader, type LogReader, type ReadOptions } from './log/read-log.ts';
export type {
  GapRecord,
  HoldRecord,
  LoggedRecord,
  LogRecord,
  SealedRecord,
  ShredRecord,
} from './record/log-records.ts';
export { openSubjectKeys, type SubjectKeysOptions } from './subjects/open-subject-keys.ts';
export type { Forgotten, Subject, SubjectKey, SubjectKeys, SubjectScope } from './subjects/subject-keys.ts';
export { readSubjectKeys, type SubjectKeyReader } from './subjects/key-file.ts';
export { openRecord } from './subjects/seal.ts';
export { checkExpiry, checkScope } from './subjects/check-request.ts';
export { forgetSubject, holdScopes, type OfSubject } from './subjects/erase.ts';
export { createSigner, parseVerifier, NoteError, type NoteSigner, type NoteVerifier } from './integrity/note.ts';
export { joinNotes, newestCheckpoint } from './integrity/checkpoint.ts';
export { entriesOf, verifyLog, type Verification } from './integrity/verify-log.ts';
export { EntryChain, type NewEntry } from './integrity/entry-chain.ts';
export {
  checkpointsToOtlp,
  checkpointsToStdout,
  type CheckpointListener,
  type OtlpCheckpointOptions,
} from './log/checkpoint-listeners.ts';
export { checkpointPlaces, type CheckpointOptions } from './log/checkpoint-places.ts';
export { commitmentIn, entryLeaf, entryLine, type LogEntry } from './integrity/entry.ts';
export { signedStatement, type Statement } from './export/signed-statement.ts';
export { tileFiles, type TileFile } from './export/tile-files.ts';
export { openProof, ProofError, proofOf } from './integrity/proof.ts';
export { whatWouldDiffer, type Difference } from './explain/differences.ts';
export { report, type Did, type Matches, type Report, type ReportOptions, type RuleReport } from './report/report.ts';
export { contentOpener, type DecisionRecord, type KeptContent } from '@flyball/core/evidence';
export { replay, type Replay, type ReplayExample } from './replay/replay.ts';
export {
  backtest,
  type Backtest,
  type BacktestOptions,
  type ChangeTotals,
  type RuleTotals,
} from './backtest/backtest.ts';
