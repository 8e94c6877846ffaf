import type { Sink } from '../../audit/sink.ts';
import { FlyballError } from '../../errors.ts';

/** A log by its file, with what a log has by default. */
export interface NamedLog {
  readonly file: string;
}

export const isNamedLog = (audit: unknown): audit is NamedLog =>
  typeof audit === 'object' &&
  audit !== null &&
  Object.keys(audit).length === 1 &&
  typeof (audit as { readonly file?: unknown }).file === 'string';

/**
 * Opens the log of `@flyball/audit`. That package depends on this one, so it is loaded by its name, and only where
 * somebody asks for it.
 */
export async function openNamedLog({ file }: NamedLog): Promise<Sink> {
  // Not a literal: a bundler would look for a package that most applications do not have.
  const name = ['@flyball', 'audit'].join('/');
  const audit: unknown = await import(/* @vite-ignore */ /* webpackIgnore: true */ name).catch((cause: unknown) => {
    throw new FlyballError('OPTIONS_INVALID', isAbsent(name, cause) ? ABSENT : `${BROKEN}: ${wordsOf(cause)}`, {
      cause,
    });
  });
  return (audit as { openLog(options: NamedLog): Promise<Sink> }).openLog({ file });
}

const ABSENT =
  '`audit: { file }` needs `@flyball/audit`, which is not installed beside `@flyball/core`: `npm install @flyball/audit` (Node 22.12 or newer), or give `audit: await openLog({ file })`, which bundlers see';
const BROKEN = '`audit: { file }` needs `@flyball/audit`, which is installed and did not load';

const wordsOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** The package itself was not found; not a file of it, nor another package that it needs: their messages name those. */
function isAbsent(name: string, cause: unknown): boolean {
  const { code } = (cause ?? {}) as { readonly code?: unknown };
  return (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') && wordsOf(cause).includes(`'${name}'`);
}
