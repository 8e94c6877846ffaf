import { existsSync } from 'node:fs';
import { EXIT, type Answer } from '../io.ts';
import { openReader } from '../log.ts';

/** The key to verify a log with, and where its secret is. */
export function keys(file: string): Answer {
  const reader = openReader(file);
  try {
    const { name, vkey } = reader;
    const secret = `${file}.key`;
    const isThere = existsSync(secret);
    return {
      exit: vkey === undefined ? EXIT.cannotSay : EXIT.yes,
      lines: [
        `log     ${name}`,
        `verify  ${vkey ?? 'an export does not say its key: ask whoever keeps the log'}`,
        `secret  ${isThere ? secret : 'not beside the log: it was passed as `key`'}`,
        ...(vkey === undefined ? [] : ['give the second line to those who verify, by another way than the log']),
      ],
      json: { log: name, vkey, ...(isThere && { secret }) },
    };
  } finally {
    reader.close();
  }
}
