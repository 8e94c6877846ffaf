import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { EXIT, NotRun, type Answer, type Io } from '../io.ts';
import { readTestFile } from '../policy-test/format.ts';
import { junit, tap } from '../policy-test/reports.ts';
import { runTest, type Coverage, type TestResult } from '../policy-test/run-test.ts';

export interface TestOptions {
  readonly reporter: 'default' | 'junit' | 'tap';
  /** Runs only tests whose name has this in it. */
  readonly name?: string;
  /** Per cent of the rules that must have matched in some test. */
  readonly minCoverage?: number;
}

export interface FileResult {
  readonly file: string;
  readonly results: readonly TestResult[];
  readonly rules: {
    readonly all: readonly string[];
    readonly decided: readonly string[];
    readonly matched: readonly string[];
  };
}

/** Do the policies decide as their test files say? */
export async function test(
  paths: readonly string[],
  { reporter, name, minCoverage }: TestOptions,
  io: Io,
): Promise<Answer> {
  const files = paths.flatMap(testFilesIn);
  if (files.length === 0) throw new NotRun('no test file was found: they are called `<policy>.test.yaml`');
  const found: FileResult[] = [];
  for (const file of files) found.push(await runFile(file, name));
  const results = found.flatMap((one) => one.results);
  if (results.length === 0) throw new NotRun(`no test has \`${name ?? ''}\` in its name`);
  const failed = results.filter(({ differences }) => differences.length > 0).length;
  const thin = minCoverage === undefined ? [] : found.filter(({ rules }) => percentOf(rules) < minCoverage);
  const lines =
    reporter === 'junit'
      ? junit(found)
      : reporter === 'tap'
        ? tap(found)
        : [...found.flatMap((one) => linesOf(one, io)), '', `${results.length - failed} passed, ${failed} failed`];
  for (const { file, rules } of thin)
    io.note(`${file}: ${percentOf(rules).toFixed(0)} % of the rules matched in some test, below ${minCoverage} %`);
  const exit = failed > 0 || thin.length > 0 ? EXIT.no : EXIT.yes;
  return { exit, lines, json: { passed: results.length - failed, failed, files: found } };
}

async function runFile(path: string, name: string | undefined): Promise<FileResult> {
  const file = readTestFile(path);
  const coverage: Coverage = { decided: new Set(), matched: new Set() };
  const results: TestResult[] = [];
  for (const one of file.tests)
    if (name === undefined || one.name.includes(name)) results.push(await runTest(one, file, coverage));
  const policy = parse(readFileSync(resolve(dirname(path), file.policy), 'utf8')) as {
    readonly rules?: readonly { readonly id: string }[];
  };
  const all = (policy.rules ?? []).map(({ id }) => id);
  const met = (ids: ReadonlySet<string>): string[] => all.filter((id) => ids.has(id));
  return { file: path, results, rules: { all, decided: met(coverage.decided), matched: met(coverage.matched) } };
}

const percentOf = ({ all, matched }: FileResult['rules']): number =>
  all.length === 0 ? 100 : (matched.length / all.length) * 100;

function linesOf({ file, results, rules }: FileResult, io: Io): string[] {
  const never = rules.all.filter((id) => !rules.matched.includes(id));
  return [
    file,
    ...results.flatMap(({ name, differences }) =>
      differences.length === 0
        ? [`  ${io.style('green', '✓')} ${name}`]
        : [`  ${io.style('red', '✗')} ${name}`, ...differences.map((line) => `      ${line}`)],
    ),
    `  rules: ${rules.matched.length} of ${rules.all.length} matched, ${rules.decided.length} decided${never.length === 0 ? '' : `; never: ${never.join(', ')}`}`,
  ];
}

function testFilesIn(path: string): string[] {
  if (!existsSync(path)) throw new NotRun(`there is no file \`${path}\``);
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.test\.ya?ml$/.test(entry.name))
    .map(({ name }) => join(path, name))
    .sort();
}
