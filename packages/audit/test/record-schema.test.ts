import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGovernor } from '@flyball/core';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { recordJsonSchema } from '../scripts/record-json-schema.ts';
import { openLog, openSubjectKeys, readLog, type LoggedRecord } from '../src/index.ts';

const shipped = JSON.parse(readFileSync(new URL('../record.schema.json', import.meta.url), 'utf8')) as object;

it('the schema that ships is the one of the types', { timeout: 180_000 }, () => {
  expect(shipped, 'run `node packages/audit/scripts/record-schema.ts`').toEqual(recordJsonSchema());
});

function recordsIn(file: string): readonly LoggedRecord[] {
  const reader = readLog(file);
  try {
    return [...reader.records()].map(({ record }) => record);
  } finally {
    reader.close();
  }
}

/** The records of a log that was given more than it may hold. */
async function shedding(folder: string): Promise<readonly LoggedRecord[]> {
  const audit = await openLog({
    file: join(folder, 'shedding.db'),
    capacity: 2,
    overflow: 'shed',
    onWarning: () => {},
  });
  const one = { schemaVersion: 1, kind: 'policy', at: 1, policyId: 'p', change: 'rejected' } as const;
  for (let i = 0; i < 9; i++) void audit.accept({ ...one, auditId: `aud_${i}` });
  await audit.close();
  return recordsIn(audit.file);
}

/** The records of a log that seals them for their subjects, as somebody reads them who has no keys. */
async function sealing(folder: string): Promise<readonly LoggedRecord[]> {
  const subjectKeys = await openSubjectKeys({ file: join(folder, 'subjects') });
  const audit = await openLog({ file: join(folder, 'sealing.db'), subjectKeys, onWarning: () => {} });
  const governor = await createGovernor({ policy: { policy: 'p', version: 1, default: 'block' }, audit });
  await governor.decide(governor.interaction({ tenant: 't', user: 'ada' }).event({ stage: 'input', content: 'x' }));
  await governor.close();
  await subjectKeys.close();
  return recordsIn(audit.file);
}

/** The kinds that the schema knows. */
function kindsIn(schema: object): ReadonlySet<unknown> {
  const { definitions } = schema as { readonly definitions: { readonly [name: string]: Defined } };
  return new Set(
    Object.values(definitions).flatMap(({ properties }) =>
      properties?.schemaVersion === undefined ? [] : [properties.kind?.const],
    ),
  );
}

interface Defined {
  readonly properties?: { readonly kind?: { readonly const?: unknown }; readonly schemaVersion?: unknown };
}

it('A6: records of every kind keep it, and one with a field less or of another kind does not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'flyball-schema-'));
  const audit = await openLog({ file: join(folder, 'flyball.db'), onWarning: () => {} });
  const governor = await createGovernor({
    policy: {
      policy: 'p',
      version: 1,
      detectors: [{ use: 'pii' }],
      rules: [
        { id: 'mail', on: 'output', detect: 'pii.email', then: 'redact', reason: 'P_MAIL' },
        {
          id: 'cap',
          on: 'tool_call',
          when: 'tool.args.amount > 5',
          then: 'cooldown',
          ladder: 'slow',
          reason: 'P_CAP',
          strike: { slow: 1 },
        },
      ],
      cooldowns: [{ id: 'slow', after: { strikes: 1, within: '1m' }, for: '1m' }],
      limits: [{ id: 'rate', allow: 1, per: '1m' }],
      facts: ['tool.args.amount'],
    },
    audit,
  });
  const by = { who: 'ops', why: 'drill' };
  const interaction = governor.interaction({ tenant: 't', user: 'ada' });
  await governor.decide(interaction.event({ stage: 'output', content: 'bob@acme.example' }));
  for (let i = 0; i < 2; i++) await governor.decide(interaction.event({ stage: 'input', content: 'x' }));
  for (let i = 0; i < 2; i++)
    await governor.decide(interaction.event({ stage: 'tool_call', resource: { tool: 'pay' }, args: { amount: 9 } }));
  const gate = await governor.openGate(interaction.event({ stage: 'output' }));
  gate.write('text', 'answer', 'hello');
  await gate.end();
  const halted = await governor.control.halt({ tenant: 't' }, by);
  await governor.decide(interaction.event({ stage: 'input', content: 'x' }));
  expect(halted).toBeDefined();
  for (const change of ['lift', 'forgive', 'reset'] as const)
    await governor.control[change]({ tenant: 't', user: 'ada' }, by);
  await governor.control.putOn({ tenant: 't', user: 'ada' }, { ladder: 'slow', forMs: 1000, ...by });
  await audit.hold({ tenant: 't' }, by);
  await audit.release({ tenant: 't' }, by);
  await audit.shred({ tenant: 'nobody' }, by);
  await governor.close();

  const records = [...recordsIn(audit.file), ...(await shedding(folder)), ...(await sealing(folder))];
  rmSync(folder, { recursive: true });
  expect(new Set(records.map(({ kind }) => kind))).toEqual(kindsIn(shipped));
  const validate = new Ajv({ allErrors: true, strict: false }).compile<LoggedRecord>(shipped);
  for (const record of records) {
    validate(record);
    expect([record.kind, validate.errors]).toEqual([record.kind, null]);
  }
  const decision = records.find(({ kind }) => kind === 'decision')!;
  const { event: _, ...less } = decision as { readonly event?: unknown };
  expect([
    validate(less),
    validate({ ...decision, kind: 'diary' }),
    validate({ ...decision, schemaVersion: 2 }),
  ]).toEqual([false, false, false]);
});
