import { existsSync } from 'node:fs';
import { AuditError, openLog, openSubjectKeys, readLog, type AuditLog, type SubjectKeys } from '@flyball/audit';
import { FlyballError } from '@flyball/core';
import { EXIT, messageOf, NotRun, type Answer } from '../io.ts';

export interface ByOptions {
  /** The file with the keys of subjects. */
  readonly subjectKeys?: string;
  readonly who: string;
  readonly why: string;
}

export interface ScopeOptions extends ByOptions {
  readonly tenant?: string;
  readonly user?: string;
}

/** Takes the records of one subject away for good. */
export function shred(
  file: string,
  { tenant, user, subjectKeys, ...by }: ScopeOptions & { readonly tenant: string },
): Promise<Answer> {
  return withLog(file, subjectKeys, async (log) => {
    const { removed, held } = await log.shred({ tenant, ...(user !== undefined && { user }) }, by);
    return {
      exit: removed === 0 && held > 0 ? EXIT.no : EXIT.yes,
      lines: [`${removed} records shredded: their commitments are all that is left`, ...heldLine(held)],
      json: { removed, held },
    };
  });
}

/** Takes away what is older than so many days. */
export function expire(file: string, { days, ...by }: ByOptions & { readonly days: number }): Promise<Answer> {
  return withLog(file, undefined, async (log) => {
    const { removed, held } = await log.expire({ days }, by);
    return {
      exit: EXIT.yes,
      lines: [`${removed} records older than ${days} days removed`, ...heldLine(held)],
      json: { removed, held },
    };
  });
}

/** Sets a legal hold, or lifts it. */
export function hold(file: string, options: ScopeOptions & { readonly release?: boolean }): Promise<Answer> {
  const { tenant, user, release = false, subjectKeys, ...by } = options;
  const scope = { ...(tenant !== undefined && { tenant }), ...(user !== undefined && { user }) };
  const about = [tenant ?? 'everything', ...(user === undefined ? [] : [user])].join('/');
  return withLog(file, subjectKeys, async (log) => {
    if (!release) {
      await log.hold(scope, by);
      return {
        exit: EXIT.yes,
        lines: [`held: ${about} is neither shredded nor expired`],
        json: { scope, change: 'set' },
      };
    }
    const released = await log.release(scope, by);
    const lines = [released === 0 ? `there is no hold on ${about}` : `lifted: ${released} on ${about}`];
    return { exit: released === 0 ? EXIT.no : EXIT.yes, lines, json: { scope, change: 'lifted', released } };
  });
}

const heldLine = (held: number): string[] => (held === 0 ? [] : [`${held} records are kept by a legal hold`]);

/** A log has one writer: while a service has it open, its own `shred` and `hold` are the way. */
async function withLog(
  file: string,
  keysFile: string | undefined,
  work: (log: AuditLog) => Promise<Answer>,
): Promise<Answer> {
  if (!existsSync(file)) throw new NotRun(`there is no log \`${file}\``);
  if (keysFile !== undefined && !existsSync(keysFile))
    throw new NotRun(`there are no keys of subjects \`${keysFile}\``);
  let log: AuditLog;
  let keys: SubjectKeys | undefined;
  try {
    const reader = readLog(file);
    const { name } = reader;
    reader.close();
    // What the service keeps, and for how long, is the service's to say.
    keys = keysFile === undefined ? undefined : await openSubjectKeys({ file: keysFile });
    const own = keys === undefined ? {} : { subjectKeys: keys };
    log = await openLog({ file, name, keepDays: Infinity, onWarning: () => {}, ...own });
  } catch (error) {
    if (error instanceof AuditError && error.code === 'LOG_IN_USE')
      throw new NotRun(`a process has \`${file}\` open: ask it, with the method of its log, or stop it first`);
    throw new NotRun(messageOf(error));
  }
  try {
    return await work(log).catch((error: unknown) => {
      if (AuditError.isInstance(error) && error.code === 'KEYS_MISSING')
        throw new NotRun(`records of \`${file}\` are sealed for their subjects: give their keys with --subject-keys`);
      // What the log does not take is for the caller to put right.
      throw FlyballError.isInstance(error) ? new NotRun(error.message) : error;
    });
  } finally {
    await log.close();
    await keys?.close();
  }
}
