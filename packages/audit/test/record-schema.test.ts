import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGovernor } from '@flyball/core';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { recordJsonSchema } from '../scripts/record-json-schema.ts';
import { openLog, readLog, type LoggedRecord } from '../src/index.ts';

const shipped = JSON.parse(readFileSync(new URL('../record.schema.json', import.meta.url), 'utf8')) as object;

it('the schema that ships is the one of the types', { timeout: 60_000 }, () => {
  expect(shipped, 'run `node packages/audit/scripts/record-schema.ts`').toEqual(recordJsonSchema());
});

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
  await audit.hold({ tenant: 't' }, by);
  await audit.shred({ tenant: 'nobody' }, by);
  await governor.close();

  const reader = readLog(audit.file);
  const records = [...reader.records()].map(({ record }) => record);
  reader.close();
  rmSync(folder, { recursive: true });
  expect([...new Set(records.map(({ kind }) => kind))].sort()).toEqual([
    'control',
    'decision',
    'hold',
    'log',
    'opened',
    'policy',
    'shred',
  ]);
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
