import { PolicyError } from '../../policy/document/policy-error.ts';
import { fileSystem } from './platform.ts';

/** Told of each file of a policy just before it is read, whether it is there or not. */
export type FileListener = (file: string) => void;

/**
 * The text of a policy's file. Rejects with the platform's error where it cannot be read, and with a `PolicyError`
 * where it is no UTF-8: other bytes would become signs that no pattern was written for, and rules would find nothing.
 */
export async function policyText(file: string, onFile?: FileListener): Promise<string> {
  onFile?.(file);
  const bytes = await fileSystem().promises.readFile(file);
  try {
    return decoded(bytes);
  } catch {
    const message = `this is no UTF-8, but ${encodingOf(bytes)}: save the file as UTF-8`;
    const line = firstBroken(bytes);
    throw new PolicyError([{ file, line, column: 1, path: '', code: 'TEXT_INVALID', message }]);
  }
}

const decoded = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

function encodingOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
    ? 'UTF-16'
    : 'another encoding, such as Latin-1';
}

/** The first line that cannot be decoded: no byte of a longer sign is a line feed. */
function firstBroken(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const feed = bytes.indexOf(10, start);
    const end = feed < 0 ? bytes.length : feed + 1;
    try {
      decoded(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end;
  }
  return line;
}

/** Why a file could not be read, for a person. */
export function whyUnread(cause: unknown): string {
  const { code } = cause as { readonly code?: string };
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no file';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'EACCES' || code === 'EPERM') return 'this process may not read it';
  return cause instanceof Error ? cause.message : String(cause);
}
