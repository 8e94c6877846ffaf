import { EXIT, type Answer } from './io.ts';

/**
 * A record that was changed after it was written, as an answer: what was asked cannot be answered, because the log is
 * not sound. Nothing for any other failure.
 */
export function unreadable(error: unknown): Answer | undefined {
  const { code, message, place } = error as {
    readonly code?: unknown;
    readonly message: string;
    readonly place?: { readonly log: string; readonly seq: number };
  };
  if (code !== 'RECORD_UNREADABLE') return undefined;
  return { exit: EXIT.no, lines: [`not sound: ${message}`], json: { code, problem: message, ...place } };
}
