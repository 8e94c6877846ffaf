// `npm run suites -- <folder>`, for a checkout of Nest in it: the integration tests of Nest and its sample
// applications, bare and governed.
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Outcomes } from './compare.ts';
import type { SuiteMode } from './policies.ts';

/**
 * Those that need no database. Of `microservices`, tests whose broker does not answer fail bare as well, and so say
 * nothing. Suites that a major of Nest does not have yet are left out.
 */
const SUITES = [
  ...['nest-application', 'send-files', 'hello-world', 'cors', 'versioning', 'scopes', 'hooks', 'websockets'],
  ...['graceful-shutdown', 'query-method', 'lazy-modules', 'auto-mock', 'module-utils', 'testing-module-override'],
  ...['microservices', 'injector', 'inspector', 'discovery', 'repl'],
].join(',');

/**
 * Samples that speak over HTTP and need no database, no queue and no build of their own. Without 17-mvc-fastify, whose
 * platform looks for engines of templates beside itself, and 23-graphql-code-first, whose tools bring a second copy of
 * `graphql`.
 */
const SAMPLES = [
  ...['01-cats-app', '10-fastify', '15-mvc', '19-auth-jwt', '20-cache', '21-serializer'],
  ...['24-serve-static', '25-dynamic-modules', '27-scheduling', '28-sse', '29-file-upload'],
  ...['30-event-emitter', '33-graphql-mercurius', '35-use-esm-package-after-node22'],
];

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

/**
 * The published packages of Nest that the tests of a checkout run against: those of its own major, 11 or 12. The tests
 * of Nest 10 are those of 11, but for what changed.
 */
function publishedFor(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, 'packages/core/package.json'), 'utf8')) as Manifest;
  const ours = join(import.meta.dirname, '../../packages/nestjs');
  return join(ours, /^1[01]\./.test(version) ? 'test/nest-11/node_modules' : 'node_modules');
}

interface Manifest {
  readonly version: string;
}

/** How each test ended, by its file and title. `only` names suites, in place of all of them. */
export async function runNest(folder: string, mode: SuiteMode | undefined, only: string = SUITES): Promise<Outcomes> {
  const scratch = mkdtempSync(join(tmpdir(), 'flyball-nest-'));
  const report = join(scratch, 'report.json');
  const answers = join(scratch, 'answers.json');
  const wanted = only.split(',');
  const samples = SAMPLES.filter(
    (name) => existsSync(join(folder, 'sample', name)) && (only === SUITES || wanted.includes(name)),
  );
  const published = publishedFor(folder);
  shareNest(folder, published);
  const args = [
    join(import.meta.dirname, '../../node_modules/vitest/vitest.mjs'),
    ...['run', '--config', join(import.meta.dirname, 'nest-config.ts')],
    ...['--reporter', 'json', '--outputFile', report],
  ];
  const env = {
    ...process.env,
    // As the samples name their own settings.
    NODE_ENV: 'development',
    ...{
      FLYBALL_NEST: folder,
      FLYBALL_NEST_PACKAGES: published,
      FLYBALL_NEST_SUITES: only,
      FLYBALL_SAMPLES: samples.join(','),
      FLYBALL_ANSWERS: answers,
    },
  };
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
    const outcomes = outcomesOf(JSON.parse(readFileSync(report, 'utf8')) as Report, folder);
    if (!existsSync(answers)) return outcomes;
    const told = Object.entries(JSON.parse(readFileSync(answers, 'utf8')) as Record<string, string>);
    return new Map([...outcomes, ...told]);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * Modules of Nest that are installed in the checkout find the Nest that its tests run against: two copies of it would
 * not know each other's classes.
 */
function shareNest(folder: string, ours: string): void {
  const shared = readdirSync(join(ours, '@nestjs')).map((name) => `@nestjs/${name}`);
  mkdirSync(join(folder, 'node_modules/@nestjs'), { recursive: true });
  for (const name of [...shared, 'rxjs', 'reflect-metadata', 'graphql', 'mercurius']) {
    const link = join(folder, 'node_modules', name);
    if (!existsSync(link)) symlinkSync(realpathSync(join(ours, name)), link);
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
