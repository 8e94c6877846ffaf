import { Command, CommanderError, Option } from 'commander';
import type { BacktestCommandOptions } from './commands/backtest.ts';
import type { CheckOptions } from './commands/check.ts';
import type { CompileOptions } from './commands/compile.ts';
import type { ExplainOptions } from './commands/explain.ts';
import type { ExportOptions } from './commands/export.ts';
import type { ReplayOptions } from './commands/replay.ts';
import type { ReportCommandOptions } from './commands/report.ts';
import type { ByOptions, ScopeOptions } from './commands/retention.ts';
import type { TailOptions } from './commands/tail.ts';
import type { TestOptions } from './commands/test.ts';
import type { VerifyOptions } from './commands/verify.ts';
import { EXIT, messageOf, NotRun, print, type Answer, type Exit, type Io } from './io.ts';
import { numberAbove, percent, whole } from './numbers.ts';
import { shownLines } from './shown.ts';
import { checkTogether, refuseTwice } from './together.ts';
import { unreadable } from './unreadable.ts';

const SUBJECT_KEYS = 'the keys of subjects, where records are sealed for them';
const CODES = 'Exit codes: 0 yes, 1 no, 2 not run, 3 cannot say, 130 interrupted.';

/** Runs `flyball` with these arguments; answers the exit code. Each command is loaded when it is asked for. */
export async function run(args: readonly string[], io: Io): Promise<Exit> {
  let exit: Exit = EXIT.yes;
  const program = new Command('flyball')
    .description('Check and test policies, explain and verify what was decided.')
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text.trimEnd()), writeErr: (text) => io.note(text.trimEnd()) })
    .addHelpText('after', `\n${CODES}`);
  const answers = (command: Command, work: (...given: never[]) => Answer | Promise<Answer>): void => {
    command.option('--json', 'one JSON object instead of text').action(async (...given: unknown[]) => {
      const answer = await orUnreadable(async () => work(...(given as never[])));
      exit = print(io, answer, command.opts<{ readonly json?: boolean }>().json === true);
    });
  };

  answers(
    program
      .command('check <policy...>')
      .description('does each policy load? Every problem with its place and what to do')
      .addOption(
        new Option('--format <form>', 'form of the answer').choices(['default', 'github', 'sarif']).default('default'),
      )
      .addHelpText('after', '\nExample: flyball check support.yaml'),
    async (files: readonly string[], options: CheckOptions) =>
      (await import('./commands/check.ts')).check(files, options),
  );
  answers(
    program
      .command('test [path...]')
      .description('run policy test files (`<policy>.test.yaml`), or all of a folder')
      .option('-t, --name <text>', 'only tests with this in their name')
      .addOption(
        new Option('--reporter <name>', 'form of the answer').choices(['default', 'junit', 'tap']).default('default'),
      )
      .option('--min-coverage <percent>', 'fail if fewer of the rules matched in some test', percent)
      .option('-w, --watch', 'again whenever a policy or a test changes')
      .addHelpText('after', '\nExample: flyball test policies/ --reporter junit > report.xml'),
    async (paths: readonly string[], options: TestOptions & { readonly watch?: boolean }) => {
      const { test } = await import('./commands/test.ts');
      const all = paths.length === 0 ? ['.'] : paths;
      if (options.watch !== true) return test(all, options, io);
      return (await import('./watch.ts')).again(all, async () => test(all, options, io), io);
    },
  );
  answers(
    program
      .command('compile <policy>')
      .description('compile a policy into a module that runs without the compiler: for edge functions and browsers')
      .option('-o, --out <file>', 'the module: `.js` or `.ts`; default: beside the policy')
      .addHelpText('after', '\nExample: flyball compile support.yaml --out src/support.compiled.ts'),
    async (file: string, options: CompileOptions) => (await import('./commands/compile.ts')).compile(file, options),
  );
  answers(
    program
      .command('diff <before> <after>')
      .description('what changes in meaning between two policies, with events that tell them apart')
      .addHelpText('after', '\nExample: flyball diff support.yaml next.yaml'),
    async (before: string, after: string) => (await import('./commands/diff.ts')).diff(before, after),
  );
  answers(
    program
      .command('explain <what>')
      .description('why was this decided? An audit id, out of its record alone, or an event in a JSON file')
      .option('--log <file>', 'the log of the audit id; may be repeated for the processes of a service', collect, [])
      .option('--policy <file>', 'the policy that decides the event')
      .option('--content-key <file>', 'the key of captured texts, which are shown')
      .option('--subject-keys <file>', SUBJECT_KEYS)
      .addHelpText(
        'after',
        '\nExamples: flyball explain aud_01m8fsz1rterq9ghdvqnwmtaqv --log flyball.db\n          flyball explain event.json --policy support.yaml',
      ),
    async (what: string, options: ExplainOptions) => (await import('./commands/explain.ts')).explain(what, options),
  );
  answers(
    program
      .command('verify <log>')
      .description('is a log, or an export of one, what its checkpoints were signed for?')
      .option('--checkpoints <file>', 'a copy of the checkpoints that was kept elsewhere')
      .option('--key <vkey>', 'the key of the log, as you were given it')
      .option('--max-tail <records>', 'exit 3 if more came after the newest checkpoint', whole)
      .option('--witness <vkey>', 'exit 1 if this witness has cosigned no checkpoint; may be repeated', collect, [])
      .addHelpText('after', '\nExample: flyball verify flyball.db --checkpoints /mnt/elsewhere/checkpoints'),
    async (path: string, options: VerifyOptions) => (await import('./commands/verify.ts')).verify(path, options, io),
  );
  answers(
    program
      .command('replay <log...>')
      .description('make every recorded decision again, and compare byte for byte')
      .option('--subject-keys <file>', SUBJECT_KEYS)
      .addHelpText('after', '\nExample: flyball replay flyball.db'),
    async (paths: readonly string[], options: ReplayOptions) =>
      (await import('./commands/replay.ts')).replay(paths, options, io),
  );
  answers(
    program
      .command('backtest <log...>')
      .description('what would another policy have said of the recorded traffic?')
      .requiredOption('--policy <file>', 'the other policy')
      .option('--since <time>', 'only from then on: 7d, 12h or 2026-11-01')
      .option('--fail-on <threshold>', 'exit 1 above it, such as newly-stopped>0.1%; may be repeated', collect, [])
      .option('--ignore-unknown', 'leave what cannot be known out of the thresholds')
      .option('--content-key <file>', 'the key of captured texts, which are read again where records do not say enough')
      .option('--subject-keys <file>', SUBJECT_KEYS)
      .option('--summary <file>', 'add the answer to a file as Markdown, such as $GITHUB_STEP_SUMMARY')
      .addHelpText('after', "\nExample: flyball backtest flyball.db --policy next.yaml --fail-on 'newly-stopped>0.1%'"),
    async (paths: readonly string[], options: BacktestCommandOptions) =>
      (await import('./commands/backtest.ts')).backtest(paths, options, io),
  );
  answers(
    program
      .command('report <log...>')
      .description('what did the policies do, and what would they have done in shadow?')
      .option('--since <time>', 'only from then on: 7d, 12h or 2026-11-01')
      .option('--until <time>', 'only before then')
      .option('--tenant <tenant>', 'only decisions of this tenant')
      .option('--shadow', 'only what ran in shadow')
      .option('--subject-keys <file>', SUBJECT_KEYS)
      .addHelpText('after', '\nExample: flyball report flyball.db --shadow --since 30d'),
    async (paths: readonly string[], options: ReportCommandOptions) =>
      (await import('./commands/report.ts')).report(paths, options, io),
  );
  answers(
    program
      .command('export <log> <target>')
      .description('write a log for others: a folder that anyone can verify, or a file')
      .addOption(
        new Option('--format <form>', 'entries, tiles and scitt are folders')
          .choices(['entries', 'tiles', 'scitt', 'jsonl', 'csv', 'ocsf'])
          .default('entries'),
      )
      .option('--since <time>', 'only from then on: 7d, 12h or 2026-11-01; not with entries')
      .option('--also <log>', 'and of this process of the same service; may be repeated; not with entries', collect, [])
      .option('--signing-key <file>', 'with scitt: the key of the log, where it is not beside it')
      .option('--subject-keys <file>', SUBJECT_KEYS)
      .option('--proof <auditId>', 'one record with the proof that it is in the log, as `<name>.tlog-proof`')
      .addHelpText('after', '\nExample: flyball export flyball.db evidence-2026-11'),
    async (path: string, target: string, options: ExportOptions) =>
      (await import('./commands/export.ts')).exportLog(path, target, options, io),
  );
  program
    .command('tail <log...>')
    .description('the newest records, one on each line')
    .option('-f, --follow', 'and those that come')
    .option('-n, --lines <count>', 'how many of those that are there', whole, 10)
    .option('--tenant <tenant>', 'only decisions of this tenant')
    .addOption(
      new Option('--outcome <outcome>', 'only these decisions').choices(['ALLOW', 'BLOCK', 'COOLDOWN', 'NO_OP']),
    )
    .option('--rule <id>', 'only decisions in which this rule matched')
    .option('--subject-keys <file>', SUBJECT_KEYS)
    .option('--json', 'the records themselves, one on each line')
    .addHelpText('after', '\nExample: flyball tail flyball.db --follow --outcome BLOCK')
    .action(async (paths: readonly string[], options: TailOptions) => {
      const { tail } = await import('./commands/tail.ts');
      const answer = await orUnreadable(async () => tail(paths, options, io));
      if (answer !== undefined) exit = print(io, answer, options.json === true);
    });
  const who = (command: Command): Command =>
    command
      .requiredOption('--who <name>', 'who does it, for the record')
      .requiredOption('--why <reason>', 'why, for the record');
  answers(
    who(
      program
        .command('shred <log>')
        .description("take one subject's records away for good")
        .requiredOption('--tenant <tenant>', 'whose')
        .option('--user <user>', 'only of this user')
        .option('--subject-keys <file>', SUBJECT_KEYS),
    ).addHelpText('after', "\nExample: flyball shred flyball.db --tenant acme --user ada --who dpo --why 'request 12'"),
    async (file: string, options: ScopeOptions & { readonly tenant: string }) =>
      (await import('./commands/retention.ts')).shred(file, options),
  );
  answers(
    who(
      program
        .command('expire <log>')
        .description('take records away that are old')
        .option('--days <days>', 'older than so many days', numberAbove, 183),
    ).addHelpText('after', '\nExample: flyball expire flyball.db --days 183 --who cron --why retention'),
    async (file: string, options: ByOptions & { readonly days: number }) =>
      (await import('./commands/retention.ts')).expire(file, options),
  );
  answers(
    who(
      program
        .command('hold <log>')
        .description('set a legal hold: what it covers is neither shredded nor expired')
        .option('--tenant <tenant>', 'only of this tenant; without it, everything')
        .option('--user <user>', 'only of this user')
        .option('--subject-keys <file>', SUBJECT_KEYS)
        .option('--release', 'lift the hold of exactly this scope'),
    ).addHelpText('after', "\nExample: flyball hold flyball.db --tenant acme --who legal --why 'case 7'"),
    async (file: string, options: ScopeOptions & { readonly release?: boolean }) =>
      (await import('./commands/retention.ts')).hold(file, options),
  );
  answers(
    program
      .command('keys <log>')
      .description('the key to verify a log with, and where its secret is')
      .addHelpText('after', '\nExample: flyball keys flyball.db'),
    async (file: string) => (await import('./commands/keys.ts')).keys(file),
  );

  answers(
    program
      .command('completion <shell>')
      .description('a script that completes commands and options: bash, zsh or fish')
      .addHelpText('after', '\nExample: flyball completion bash >> ~/.bashrc'),
    async (shell: string) => (await import('./completion.ts')).completion(shell, program),
  );

  program.hook('preAction', (_program, command) => checkTogether(command));
  for (const command of program.commands) refuseTwice(command, (parse) => parse === collect);

  try {
    await program.parseAsync(args, { from: 'user' });
    return exit;
  } catch (error) {
    io.progress('');
    // Help that was asked for is an answer; all else of the parser is a mistake in the call.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.yes : EXIT.notRun;
    io.note(shownLines(`flyball: ${sentenceOf(error)}`));
    return EXIT.notRun;
  }
}

/** A record that nobody can read is an answer, in every command that reads. */
async function orUnreadable<T>(work: () => Promise<T>): Promise<T | Answer> {
  try {
    return await work();
  } catch (error) {
    const answer = unreadable(error);
    if (answer === undefined) throw error;
    return answer;
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof NotRun) return error.message;
  // Opened, and broken further on: a page that was overwritten, a disk that fails.
  if ((error as { readonly code?: unknown } | undefined)?.code === 'ERR_SQLITE_ERROR')
    return `the file is damaged or cannot be read to its end: ${messageOf(error)}; use a copy, or an export, of before`;
  return `unexpected failure: ${messageOf(error)}`;
}

const collect = (text: string, before: readonly string[]): readonly string[] => [...before, text];
