import { replay as replayLog } from '@flyball/audit';
import { EXIT, type Answer, type Io } from '../io.ts';
import { openLogs, sealedLine } from '../log.ts';

export interface ReplayOptions {
  /** The file with the keys of subjects. */
  readonly subjectKeys?: string;
}

/** Does every recorded decision come out the same when it is made again? */
export async function replay(paths: readonly string[], { subjectKeys }: ReplayOptions, io: Io): Promise<Answer> {
  const logs = openLogs(paths, { io, subjectKeys });
  const startedAt = performance.now();
  try {
    const found = await replayLog(logs.records());
    const { decisions, same, differ, unverifiable, examples } = found;
    const seconds = (performance.now() - startedAt) / 1000;
    const lines = [
      `${decisions} decisions made again in ${seconds.toFixed(1)} s: ${same} the same, ${differ} differ, ${unverifiable} cannot be verified`,
      ...examples.map(({ auditId, seq, log, what, recorded, again }) =>
        what === 'differs'
          ? `  ${auditId} (record ${seq} of ${log}): recorded ${recorded}, made again ${again}`
          : `  ${auditId} (record ${seq} of ${log}): ${recorded} cannot be made again, ${again}`,
      ),
      ...sealedLine(logs),
    ];
    const exit = differ > 0 ? EXIT.no : unverifiable + logs.sealed > 0 ? EXIT.cannotSay : EXIT.yes;
    return { exit, lines, json: { ...found, sealed: logs.sealed, seconds } };
  } finally {
    logs.close();
  }
}
