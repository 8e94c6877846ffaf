// Evidence: a log that shows any change, and what verifies it.
export { createSigner, parseVerifier, NoteError, type NoteSigner, type NoteVerifier } from './integrity/note.ts';
export { entriesOf, verifyLog, type Verification } from './integrity/verify-log.ts';
export type { LogEntry } from './integrity/entry.ts';
