import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { read } from '../repo/tree.ts';
import { installed } from './published.ts';

const execute = promisify(execFile);
const SLOW = 120_000;

/** What a chat on an edge has: personal data, own words and expressions, a condition, a limit and a cooldown. */
const POLICY = `policy: edge
version: 1
detectors:
  - { use: pii.email, except: [{ domain: acme.example }] }
  - use: pii.card
  - use: pii.iban
  - use: secret.github_token
  - { id: codename, phrases: [project falcon] }
  - { id: ticket, patterns: ['TCK-[0-9]{3}'] }
cooldowns:
  - { id: leaks, after: { strikes: 2, within: 10m }, for: 1m }
limits:
  - { id: prompts, allow: 100, per: 1h }
rules:
  - { id: mail, on: [input, output], detect: pii.email, then: redact, reason: P_MAIL }
  - { id: money, on: [input, output], detect: [pii.card, pii.iban], then: block, reason: P_MONEY, strike: { leaks: 1 } }
  - { id: words, on: input, detect: [codename, ticket], when: subject.tenant == "t", then: block, reason: P_WORDS }
  - { id: keys, on: output, detect: secret, then: block, reason: P_KEYS }
`;

/** What one part of a policy adds to a bundle. */
const only = (detector: string, detect: string): string => `policy: edge
version: 1
detectors: [${detector}]
rules: [{ id: one, on: [input, output], detect: ${detect}, then: block, reason: P_ONE }]
`;
const ONES: { readonly [name: string]: string } = {
  plain: only("{ id: ticket, patterns: ['TCK-[0-9]{3}'] }", 'ticket'),
  phrases: only('{ id: codename, phrases: [project falcon] }', 'codename'),
  pii: only('{ use: pii }', 'pii'),
  secrets: only('{ use: secrets }', 'secret'),
  injection: only('{ use: injection }', 'injection'),
};

const COMPILE = `
import { writeFile } from 'node:fs/promises';
import { precompilePolicy } from '@flyball/core';
for (const name of process.argv.slice(2))
  await writeFile(name + '.compiled.js', await precompilePolicy({ file: name + '.yaml' }));
`;

const SAY = `
const texts = ['hello', 'mail ann@shop.example and bob@acme.example', 'card 4111 1111 1111 1111', 'Project Fälcon, proj\\u0435ct falcon',
  'TCK-123', 'GB33BUKB20201555555555', 'ghp_16C7e42F292c6912E7710c838347Ae178B4a'];
export async function say(governor) {
  const lines = [];
  for (const stage of ['input', 'output']) for (const content of texts) {
    const event = governor.interaction({ tenant: 't', user: content }).event({ stage, content });
    const { outcome, reason, edits } = await governor.decide(event);
    lines.push([stage, outcome, reason, ...edits.map(({ start, end, mask }) => start + '-' + end + mask)].join(' '));
  }
  lines.push(governor.status().policies[0].behaviorVersion);
  await governor.close();
  console.log(lines.join('\\n'));
}
`;

const APP = `
import { createGovernor } from '@flyball/core/precompiled';
import policy from './policy.compiled.js';
import { say } from './say.js';
await say(await createGovernor({ policy }));
`;

const runs = (name: string): string => `
import { createGovernor } from '@flyball/core/precompiled';
import policy from './${name}.compiled.js';
export const governor = await createGovernor({ policy });
`;

const WHOLE = `
import { createGovernor } from '@flyball/core';
import { say } from './say.js';
await say(await createGovernor({ policy: { file: 'policy.yaml' } }));
`;

let app = '';
let said = '';
const node = async (...args: readonly string[]): Promise<string> =>
  (await execute(process.execPath, args, { cwd: app, timeout: SLOW })).stdout;

async function bundled(entry: string): Promise<esbuild.BuildResult<{ write: false; metafile: true }>> {
  return esbuild.build({
    entryPoints: [join(app, entry)],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    // `neutral`: an import of a module of Node would be an error.
    platform: 'neutral',
    conditions: ['module', 'browser'],
    mainFields: ['module', 'main'],
    metafile: true,
  });
}

/** Within the budget, and not so far below that the budget says nothing. */
function expectSize(what: string, code: Uint8Array): void {
  const sizes = { minified: Math.ceil(code.length / 1024), gzip: Math.ceil(gzipSync(code).length / 1024) };
  if (process.env['SIZES'] !== undefined) console.log(what, sizes);
  for (const kind of ['minified', 'gzip'] as const) {
    const budget = BUDGET.precompiled[what]![kind];
    expect(sizes[kind], `${what} ${kind}`).toBeLessThanOrEqual(budget);
    expect(sizes[kind], `${what} ${kind}`).toBeGreaterThan(budget * 0.9);
  }
}

beforeAll(async () => {
  app = installed('core', 'detectors');
  const files: Record<string, string> = {
    'policy.yaml': POLICY,
    'compile.js': COMPILE,
    'say.js': SAY,
    'app.js': APP,
    'whole.js': WHOLE,
  };
  for (const [name, text] of Object.entries(ONES)) {
    files[`${name}.yaml`] = text;
    files[`${name}.js`] = runs(name);
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(app, name), text);
  said = await node('whole.js');
  await node('compile.js', 'policy', ...Object.keys(ONES));
}, SLOW);
afterAll(() => void (app !== '' && process.env['KEEP'] === undefined && rmSync(app, { recursive: true, force: true })));

const BUDGET = JSON.parse(read('test/bundlers/size-budget.json')) as {
  readonly precompiled: { readonly [what: string]: { readonly minified: number; readonly gzip: number } };
};

describe('a policy that was compiled before it runs', { timeout: SLOW }, () => {
  it('D5: decides as one that is compiled at the start, under the same behaviour version', async () => {
    expect(said).toContain('input BLOCK P_WORDS');
    expect(said).toContain('output BLOCK P_KEYS');
    expect(said).toMatch(/^input ALLOW P_MAIL 5-21\[EMAIL\]$/m);
    expect(await node('app.js')).toBe(said);
  });

  it('is a small bundle with nothing of Node and none of the compilers', async () => {
    const { outputFiles, metafile } = await bundled('app.js');
    const [output] = Object.values(metafile.outputs);
    expect(output!.imports.filter(({ external }) => external)).toEqual([]);
    const inputs = Object.entries(output!.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
    expect(inputs.map(([file]) => file).filter((file) => /refa|zod|yaml|cel-js/.test(file))).toEqual([]);
    const code = outputFiles[0]!.contents;
    writeFileSync(join(app, 'bundled.js'), code);
    expect(await node('bundled.js')).toBe(said);
    expectSize('chat', code);
  });

  it.each(Object.keys(ONES))('is as large as its budget says, with %s', async (name) => {
    const { outputFiles } = await bundled(`${name}.js`);
    expectSize(name, outputFiles[0]!.contents);
  });

  it('leaves out recognisers that it does not use, with rolldown too', async () => {
    const build = await rolldown({
      input: join(app, 'app.js'),
      platform: 'neutral',
      resolve: { conditionNames: ['module', 'import', 'default'] },
    });
    const { output } = await build.generate({ format: 'esm', file: join(app, 'rolled.js'), codeSplitting: false });
    await build.close();
    expect(output[0].code).toContain('pii.email');
    expect(output[0].code).not.toContain('pii.national_id.pl_pesel');
    expect(output[0].code).not.toContain('secret.stripe');
  });

  it('says which versions do not fit', async () => {
    const text = readFileSync(join(app, 'policy.compiled.js'), 'utf8');
    const cases = [
      [/"?precompiled"?: \d+/, 'precompiled: 999', 'it is written in form 999, and this version of Flyball reads form'],
      [/"compiledWith":"\w+"/, '"compiledWith":"000"', 'it was compiled with the pack `pii` 000'],
      [/"pii\.email"/, '"pii.emil"', 'it would behave as bv1_'],
    ] as const;
    for (const [from, to, message] of cases) {
      const changed = text.replace(from, to);
      expect(changed).not.toBe(text);
      writeFileSync(join(app, 'policy.compiled.js'), changed);
      const failed = (await node('app.js').catch((error: unknown) => error)) as { readonly stderr: string };
      expect(failed.stderr).toContain('PRECOMPILED_MISMATCH');
      expect(failed.stderr).toContain(message);
      expect(failed.stderr).toContain('Run `flyball compile` again');
    }
    writeFileSync(join(app, 'policy.compiled.js'), text);
  });
});
