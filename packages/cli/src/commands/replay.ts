import { replay as replayLog } from '@flyball/audit';
import { EXIT, type Answer, type Io } from '../io.ts';
import { openLogs } from '../log.ts';

/** Does every recorded decision come out the same when it is made again? */
export async function replay(paths: readonly string[], io: Io): Promise<Answer> {
  const logs = openLogs(paths, io);
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
    ];
    const exit = differ > 0 ? EXIT.no : unverifiable > 0 ? EXIT.cannotSay : EXIT.yes;
    return { exit, lines, json: { ...found, seconds } };
  } finally {
    logs.close();
  }
}
