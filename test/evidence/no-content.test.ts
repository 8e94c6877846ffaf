import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLog, readLog } from '@flyball/audit';
import { run, type Io } from '../../packages/cli/src/index.ts';
import { createGovernor, createMemorySink, type AuditRecord, type PolicyDocument } from '@flyball/core';
import { requireGovernor } from '@flyball/core/adapter';
import * as fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { CASES as TEXTS } from '../corpus/detectors/cases.ts';

const CASES = Number(process.env['CASES'] ?? 40);
/** So many letters in a row are content; fewer are chance. */
const RUN = 8;

/** One text of so many; `CASES` above a thousand has all of them. */
const EACH = CASES > 1000 ? 1 : 20;
const CORPUS = TEXTS.filter((_, at) => at % EACH === 0).map(({ text: written }) => written);

const folder = mkdtempSync(join(tmpdir(), 'flyball-content-'));
afterAll(() => rmSync(folder, { recursive: true }));

const POLICY = {
  policy: 'p',
  version: 1,
  detectors: [{ use: 'pii' }, { use: 'secrets' }],
  maxInput: 400,
  rules: [
    { id: 'mask', on: ['output', 'input', 'tool_result'], detect: 'pii', then: 'redact', reason: 'P_PII' },
    { id: 'args', on: 'tool_call', detect: 'pii', then: 'redact', reason: 'P_ARGS', editArgs: true },
    { id: 'why', on: 'tool_call', when: 'tool.args.why == "fraud"', then: 'block', reason: 'P_WHY' },
    { id: 'key', on: 'output', detect: 'secret', then: 'block', reason: 'P_KEY' },
  ],
} as unknown as PolicyDocument;

/** Letters that no name of a field, rule or reason is made of, so that what is found of them was in the content. */
const LETTERS = Array.from('äöüßñçжщюзаведіλμπωあいうえ漢字🙂');
const words = fc
  .array(fc.constantFrom(...LETTERS), { minLength: RUN, maxLength: 24 })
  .map((letters) => letters.join(''));
const text = fc.oneof(
  words,
  fc
    .tuple(words, fc.constantFrom('bob@acme.example', '4111 1111 1111 1111', 'AKIAIOSFODNN7EXAMPLE'))
    .map((parts) => parts.join(' ')),
);
/** Keys that read as names, which would stand in addresses if keys could. */
const key = fc.stringMatching(/^Zq[a-z]{8,16}$/);
const args = fc.dictionary(fc.oneof(key, words), fc.oneof(text, fc.dictionary(key, text, { maxKeys: 2 })), {
  maxKeys: 3,
});

/** Every run of letters of the content, so that a part of it is found as well. */
function runs(content: string): string[] {
  return Array.from({ length: Math.max(0, content.length - RUN + 1) }, (_, at) => content.slice(at, at + RUN));
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    Array.isArray(value) ? stringsIn(member) : [name, ...stringsIn(member)],
  );
}

/** Of all that may be found. */
const typesIn = (records: readonly AuditRecord[]): string =>
  records
    .flatMap((record) => (record.kind === 'policy' ? (record.material?.detectors ?? []) : []))
    .flatMap(({ types }) => types)
    .join(' ');

/** What is made of a log for others, and what a person is shown. */
async function exported(log: string): Promise<string> {
  let said = '';
  const add = (text: string): void => void (said += `${text}\n`);
  const io: Io = { out: add, note: add, style: (_style, text) => text, progress: add };
  for (const format of ['jsonl', 'csv', 'ocsf']) {
    expect(await run(['export', log, `${log}.${format}`, '--format', format], io)).toBe(0);
    said += readFileSync(`${log}.${format}`, 'utf8');
  }
  for (const command of ['tail', 'report', 'replay']) await run([command, log], io);
  const reader = readLog(log);
  const stopped = [...reader.records()].filter(({ record }) => record.kind === 'decision').slice(0, 20);
  reader.close();
  for (const { record } of stopped) expect(await run(['explain', record.auditId, '--log', log], io)).toBe(0);
  expect(said).toContain('matched');
  return said;
}

it.each([
  ['by default', POLICY],
  ['with texts captured', { ...POLICY, audit: { content: 'captured' } }],
] as const)(
  `A2: no record and no failure has ${RUN} letters in a row of what was governed, %s (${CASES} cases)`,
  { timeout: 300_000 },
  async (how, policy) => {
    const file = join(folder, `${how.replaceAll(' ', '-')}.db`);
    const audit = await openLog({ file });
    const failures: string[] = [];
    const governor = requireGovernor(
      await createGovernor({
        policy,
        contentKey: '07'.repeat(32),
        audit,
        onEvent: (event) => (event.kind === 'failure' ? void failures.push(event.message) : undefined),
      }),
      'the test',
    );
    const governed: string[] = [];
    await fc.assert(
      fc.asyncProperty(text, args, async (content, callArgs) => {
        const interaction = governor.interaction({ tenant: 't' });
        await governor.decide(interaction.event({ stage: 'input', content }));
        await governor.decide(interaction.event({ stage: 'tool_result', content }));
        await governor.decide(interaction.event({ stage: 'input', content: content.repeat(30) }));
        const call = interaction.event({ stage: 'tool_call', resource: { tool: 'pay' }, args: callArgs });
        const decision = await governor.decide(call);
        await governor.refuse(call, 'EDIT_NOT_APPLICABLE', decision);
        const gate = await governor.openGate(interaction.event({ stage: 'output' }));
        for (const part of [content, content]) gate.write('text', '', part);
        await gate.end();
        governed.push(content, ...stringsIn(callArgs));
      }),
      { numRuns: CASES },
    );
    await governor.close();
    // All that is on disk: records, what they are searched by, and the write-ahead log; and all that leaves it.
    const written = readFileSync(file).toString('utf8') + failures.join('\n') + (await exported(file));
    expect(written).toContain('"kind":"decision"');
    const found = governed.flatMap(runs).filter((run) => written.includes(run));
    // The types of findings are names of the policy's, and not content.
    expect(found).toEqual([]);
    expect(governed.length).toBeGreaterThan(CASES);
  },
);

it(`A2: nor of the ${CORPUS.length} texts of the corpus, with every pack looking`, { timeout: 300_000 }, async () => {
  const audit = createMemorySink(4 * CORPUS.length + 10);
  const use = ['pii', 'secrets', 'injection', 'hidden', 'exfiltration', 'harmful'];
  const rules = [
    {
      id: 'all',
      on: ['input', 'output'],
      detect: ['pii', 'secret', 'injection', 'hidden'],
      then: 'redact',
      reason: 'P_ALL',
    },
  ];
  const policy = { policy: 'p', version: 1, detectors: use.map((pack) => ({ use: pack })), rules };
  const governor = await createGovernor({ policy: policy as unknown as PolicyDocument, audit });
  const decide = async (content: string): Promise<string> => {
    const before = audit.records().length;
    for (const stage of ['input', 'output'] as const)
      await governor.decide(governor.interaction({ tenant: 't' }).event({ stage, content }));
    return JSON.stringify(audit.records().slice(before));
  };
  // Letters that stand in every record are no content, nor are the names of types: `pii.passport`.
  const frame = typesIn(audit.records()) + (await decide('mail bob@acme.example, key AKIAIOSFODNN7EXAMPLE'));
  const found: string[] = [];
  for (const content of CORPUS) {
    const written = await decide(content);
    found.push(...runs(content).filter((part) => written.includes(part) && !frame.includes(part)));
  }
  await governor.close();
  expect(found).toEqual([]);
});

it('and a record that had some would be found', () => {
  const written = JSON.stringify({ path: 'args.Zqabcdefghij' });
  expect(runs('Zqabcdefghij').some((run) => written.includes(run))).toBe(true);
});
