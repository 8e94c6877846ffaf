import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createMemorySink } from '../../audit/memory-sink.ts';
import { createGovernor } from '../../governor.ts';
import type { Governor } from '../api.ts';
import type { PolicyChange } from './policies.ts';

const yaml = (version: number, reason: string, name = 'watched'): string => `
policy: ${name}
version: ${version}
detectors: [{ id: codename, phrases: [Project Nightjar] }]
rules: [{ id: r, on: [input, output], detect: codename, then: block, reason: ${reason} }]
`;

let folder: string;
let governor: Governor | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flyball-policy-'));
});

afterEach(async () => {
  await governor?.close();
  governor = undefined;
  await rm(folder, { recursive: true, force: true });
});

const ask = async (running: Governor, policy?: string): Promise<string> => {
  const interaction = running.interaction({ tenant: 't' }, policy === undefined ? {} : { policy });
  return (await running.decide(interaction.event({ stage: 'input', content: 'Project Nightjar?' }))).reason;
};

test('a watched file is reloaded, replaced files included; a running stream keeps the policy it opened with', async () => {
  const file = join(folder, 'policy.yaml');
  await writeFile(file, yaml(1, 'P_ONE'));
  const changes: PolicyChange[] = [];
  governor = await createGovernor({ policy: { file, watch: true }, onPolicy: (change) => changes.push(change) });
  expect(await ask(governor)).toBe('P_ONE');
  const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));

  await writeFile(`${file}.new`, yaml(2, 'P_TWO'));
  await rename(`${file}.new`, file);
  await vi.waitFor(async () => expect(await ask(governor!)).toBe('P_TWO'), { timeout: 5000 });
  expect(changes.map(({ change }) => change)).toEqual(['loaded', 'loaded']);

  gate.write('text', '1', 'Project Nightjar.');
  expect(gate.terminal).toMatchObject({ reason: 'P_ONE', policyVersion: '1' });
});

test('a version that does not load leaves the old one running and writes a record that says why', async () => {
  const file = join(folder, 'policy.yaml');
  await writeFile(file, yaml(1, 'P_ONE'));
  const audit = createMemorySink();
  governor = await createGovernor({ policy: { file, watch: true }, audit });
  // In one step: a file that is written in place may be read while it is empty.
  await writeFile(`${file}.new`, yaml(2, 'P_TWO').replace('then: block', 'then: blok'));
  await rename(`${file}.new`, file);
  await vi.waitFor(() => expect(audit.records().at(-1)).toMatchObject({ kind: 'policy', change: 'rejected' }), {
    timeout: 5000,
  });
  expect(JSON.stringify(audit.records().at(-1))).toContain('policy.yaml:5:');
  expect(JSON.stringify(audit.records().at(-1))).toContain('did you mean `block`?');
  expect(await ask(governor)).toBe('P_ONE');
});

test('a file that comes to hold another policy is refused, and nothing runs under the other name', async () => {
  const file = join(folder, 'policy.yaml');
  await writeFile(file, yaml(1, 'P_ONE'));
  const audit = createMemorySink();
  governor = await createGovernor({ policy: { file, watch: true }, audit });
  await writeFile(file, yaml(2, 'P_TWO', 'other'));
  await vi.waitFor(
    () =>
      expect(audit.records().at(-1)).toMatchObject({
        ...{ kind: 'policy', policyId: 'watched', change: 'rejected' },
        problems: ['the file now holds policy `other`, not `watched`'],
      }),
    { timeout: 5000 },
  );
  expect([await ask(governor), await ask(governor, 'other')]).toEqual(['P_ONE', 'POLICY_UNKNOWN']);
});

test('several policies run side by side under their names', async () => {
  governor = await createGovernor({
    policy: [{ yaml: yaml(1, 'P_ONE', 'first') }, { yaml: yaml(1, 'P_TWO', 'second') }],
  });
  expect([await ask(governor), await ask(governor, 'second'), await ask(governor, 'third')]).toEqual([
    'P_ONE',
    'P_TWO',
    'POLICY_UNKNOWN',
  ]);
  expect(governor.status().policies.map(({ id }) => id)).toEqual(['first', 'second']);
});

test('two policies of one name, no policy and a missing file are errors that say what to do', async () => {
  await expect(createGovernor({ policy: [{ yaml: yaml(1, 'P_ONE') }, { yaml: yaml(2, 'P_ONE') }] })).rejects.toThrow(
    'two policies are named `watched`',
  );
  await expect(createGovernor({ policy: 'policy.yaml' as never })).rejects.toThrow(
    "`policy` is the string `policy.yaml`: for a policy in a file write `policy: { file: 'policy.yaml' }`",
  );
  await expect(createGovernor({ policy: [] })).rejects.toMatchObject({ code: 'OPTIONS_INVALID' });
  await expect(createGovernor({ policy: { file: join(folder, 'none.yaml') } })).rejects.toThrow(
    'cannot read the policy file',
  );
});

test('D8: a pattern that cannot be governed exactly does not load, and its place is named', async () => {
  const text = `
policy: p
version: 1
detectors:
  - id: twice
    patterns: ['(a+)b\\1']
rules: [{ id: r, on: input, detect: twice, then: block, reason: P_TWICE }]
`;
  await expect(createGovernor({ policy: { yaml: text } })).rejects.toThrow(
    /^policy:6:16 `\(a\+\)b\\1` .* repeats what a group matched/,
  );
});

test('D8: an unknown detector does not load, with a suggestion', async () => {
  const text = `
policy: p
version: 1
detectors: [{ use: secretz }]
`;
  await expect(createGovernor({ policy: { yaml: text } })).rejects.toThrow(
    /policy:4:13 there is no detector `secretz`; did you mean `secrets`\?/,
  );
});

test('a start that fails leaves no watcher behind, and nothing of it is told', async () => {
  const file = join(folder, 'policy.yaml');
  await writeFile(file, yaml(1, 'P_ONE'));
  const changes: PolicyChange[] = [];
  const audit = createMemorySink();
  const started = createGovernor({
    policy: [{ file, watch: true }, { yaml: 'policy: no-version' }],
    audit,
    onPolicy: (change) => changes.push(change),
  });
  await expect(started).rejects.toMatchObject({ code: 'POLICY_INVALID' });
  await writeFile(file, yaml(2, 'P_TWO'));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(changes).toEqual([]);
  expect(audit.records()).toEqual([]);
});

test('what changes while the governor is being made is not missed', async () => {
  const file = join(folder, 'policy.yaml');
  await writeFile(file, yaml(1, 'P_ONE'));
  const made = createGovernor({ policy: { file, watch: true } });
  // Renamed into place: a file that is being written is empty for a moment.
  await writeFile(`${file}.new`, yaml(2, 'P_TWO'));
  await rename(`${file}.new`, file);
  const running = (governor = await made);
  await vi.waitFor(async () => expect(await ask(running)).toBe('P_TWO'), { timeout: 3000 });
});
