import { globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createJsonLinesSink, openLog, openSubjectKeys, readLog, teeSinks } from '@flyball/audit';
import { run, type Io } from '../../packages/cli/src/index.ts';
import { createGovernor, createMemorySink, type AuditRecord, type PolicyDocument } from '@flyball/core';
import { requireGovernor } from '@flyball/core/adapter';
import * as fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { CASES as TEXTS } from '../corpus/detectors/cases.ts';

const CASES = Number(process.env['CASES'] ?? 20);
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

/** Of all that may be found, as records write lists of them. */
const typesIn = (records: readonly AuditRecord[]): string =>
  JSON.stringify(
    records
      .flatMap((record) => (record.kind === 'policy' ? (record.material?.detectors ?? []) : []))
      .flatMap(({ types }) => types),
  );

/** All files of a folder, or one file, as text. */
function textOf(path: string): string {
  if (!statSync(path).isDirectory()) return readFileSync(path, 'utf8');
  const files = globSync('**/*', { cwd: path }).map((name) => join(path, name));
  return files.flatMap((file) => (statSync(file).isDirectory() ? [] : [readFileSync(file, 'utf8')])).join('\n');
}

/** What is made of a log for others, and what a person is shown; `keys` open what was sealed for its subject. */
async function exported(log: string, policy: string, keys: readonly string[]): Promise<string> {
  let said = '';
  const add = (text: string): void => void (said += `${text}\n`);
  const io: Io = { out: add, note: add, style: (_style, text) => text, progress: add };
  for (const format of ['jsonl', 'csv', 'ocsf', 'entries', 'tiles', 'scitt']) {
    const target = `${log}.${format}`;
    // The folder forms have records as they are in the log.
    const opened = ['jsonl', 'csv', 'ocsf'].includes(format) ? keys : [];
    expect(await run(['export', log, target, '--format', format, ...opened], io)).toBe(0);
    said += textOf(target);
  }
  for (const json of [[], ['--json']]) {
    for (const command of ['tail', 'report', 'replay']) await run([command, log, ...json, ...keys], io);
    await run(['verify', log, ...json], io);
    await run(['backtest', log, '--policy', policy, ...json, ...keys], io);
  }
  const reader = readLog(log);
  const ids = [...reader.records()].flatMap(({ record }) =>
    record.kind === 'decision' || (record.kind === 'sealed' && record.of === 'decision') ? [record.auditId] : [],
  );
  reader.close();
  const proof = `${log}.tlog-proof`;
  expect(await run(['export', log, proof, '--proof', ids[0]!], io)).toBe(0);
  said += textOf(proof);
  for (const id of ids.slice(0, 20)) expect(await run(['explain', id, '--log', log, ...keys], io)).toBe(0);
  expect(said).toContain('matched');
  return said;
}

const CAPTURED: PolicyDocument = { ...POLICY, audit: { content: 'captured' } };

it.each([
  ['by default', POLICY, false],
  ['with texts captured', CAPTURED, false],
  ['with records sealed for their subjects', POLICY, true],
  ['with texts captured and records sealed', CAPTURED, true],
] as const)(
  `A2: no record, export, failure or line has ${RUN} letters in a row of what was governed, %s (${CASES} cases)`,
  { timeout: 300_000 },
  async (how, policy, isSealed) => {
    const file = join(folder, `${how.replaceAll(' ', '-')}.db`);
    const keysFile = `${file}.subjects`;
    const subjectKeys = isSealed ? await openSubjectKeys({ file: keysFile }) : undefined;
    const warned: string[] = [];
    const settings = {
      onWarning: (message: string) => void warned.push(message),
      ...(subjectKeys !== undefined && { subjectKeys }),
    };
    const lines = `${file}.lines`;
    const audit = teeSinks(
      await openLog({ file, ...settings }),
      [createJsonLinesSink({ folder: lines, ...settings })],
      settings,
    );
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
    await subjectKeys?.close();
    const policyFile = join(folder, 'next.json');
    writeFileSync(policyFile, JSON.stringify({ ...POLICY, version: 2, rules: POLICY.rules!.slice(1) }));
    const out = await exported(file, policyFile, isSealed ? ['--subject-keys', keysFile] : []);
    // All that is on disk: records, what they are searched by, and the write-ahead log; and all that leaves it.
    const onDisk = textOf(file) + textOf(lines);
    expect(onDisk).toContain(isSealed ? '"kind":"sealed"' : '"kind":"decision"');
    // Opened with its keys, a sealed record says what any other says.
    expect(out).toContain('"kind":"decision"');
    const written = onDisk + out + [...failures, ...warned].join('\n');
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
