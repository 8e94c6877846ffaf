// Writes durable records as fast as they are acknowledged, and says each on its standard output once it is. Ended by a
// kill.
import { openLog } from '@flyball/audit';

const [file = '', elsewhere = '', run = ''] = process.argv.slice(2);
const log = await openLog({ file, durability: 'durable', checkpoints: { file: elsewhere, everyRecords: 50 } });
const record = (auditId: string): never =>
  ({
    kind: 'decision',
    auditId,
    at: Date.now(),
    decision: { outcome: 'ALLOW', verdict: {} },
    event: { subject: { tenant: 't' } },
  }) as never;

const writer = async (lane: number): Promise<void> => {
  for (let i = 0; ; i++) {
    const auditId = `aud_${run}_${lane}_${i}`;
    await log.accept(record(auditId));
    process.stdout.write(`${auditId}\n`);
  }
};
await Promise.all(Array.from({ length: 16 }, (_, lane) => writer(lane)));
