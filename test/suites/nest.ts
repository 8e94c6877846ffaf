// `npm run suites -- <folder>`, for a checkout of Nest in it: the integration tests of Nest, bare and governed.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Outcomes } from './compare.ts';
import type { SuiteMode } from './policies.ts';

/** Those that speak over HTTP or a socket and need no broker. */
const SUITES = [
  ...['nest-application', 'send-files', 'hello-world', 'cors', 'versioning', 'scopes', 'hooks', 'websockets'],
  ...['graceful-shutdown', 'query-method', 'lazy-modules', 'auto-mock', 'module-utils', 'testing-module-override'],
].join(',');

const SUITE_MS = 15 * 60_000;

export const isNest = (folder: string): boolean =>
  existsSync(join(folder, 'integration')) && existsSync(join(folder, 'node_modules', 'supertest'));

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

/** How each test ended, by its file and title. `only` names suites, in place of all of them. */
export async function runNest(folder: string, mode: SuiteMode | undefined, only: string = SUITES): Promise<Outcomes> {
  const scratch = mkdtempSync(join(tmpdir(), 'flyball-nest-'));
  const report = join(scratch, 'report.json');
  const args = [
    join(import.meta.dirname, '../../node_modules/vitest/vitest.mjs'),
    ...['run', '--config', join(import.meta.dirname, 'nest-config.ts')],
    ...['--reporter', 'json', '--outputFile', report],
  ];
  const env = { ...process.env, FLYBALL_NEST: folder, FLYBALL_NEST_SUITES: only };
  try {
    const problems = await new Promise<string>((done, failed) => {
      const child = spawn(process.execPath, args, {
        cwd: folder,
        env: { ...env, ...(mode !== undefined && { FLYBALL_SUITE_MODE: mode }) },
        stdio: ['ignore', 'ignore', 'pipe'],
        timeout: SUITE_MS,
      });
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
      child.once('error', failed);
      child.once('close', () => done(said));
    });
    if (!existsSync(report)) throw new Error(`the suite in ${folder} gave no report:\n${problems.slice(-2000)}`);
    return outcomesOf(JSON.parse(readFileSync(report, 'utf8')) as Report, folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function outcomesOf({ testResults }: Report, folder: string): Outcomes {
  const outcomes = new Map<string, string>();
  for (const { name, message, assertionResults } of testResults) {
    const file = name.slice(folder.length + 1);
    if (assertionResults.length === 0) outcomes.set(file, `fails: ${String(message).split('\n')[0]}`);
    for (const { fullName, status, failureMessages = [] } of assertionResults) {
      // Some suites use a title twice.
      let title = `${file} ${fullName}`;
      for (let n = 2; outcomes.has(title); n++) title = `${file} ${fullName} (${n})`;
      const failure = `fails: ${String(failureMessages[0]).split('\n')[0]}`;
      outcomes.set(title, status === 'passed' ? 'passes' : status === 'failed' ? failure : 'is skipped');
    }
  }
  return outcomes;
}
