import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { BacktestCommandOptions } from './commands/backtest.ts';
import type { TestOptions } from './commands/test.ts';
import type { VerifyOptions } from './commands/verify.ts';
import { EXIT, messageOf, NotRun, print, type Answer, type Exit, type Io } from './io.ts';

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
      const answer = await work(...(given as never[]));
      exit = print(io, answer, command.opts<{ readonly json?: boolean }>().json === true);
    });
  };

  answers(
    program
      .command('check <policy...>')
      .description('does each policy load? Every problem with its place and what to do')
      .addHelpText('after', '\nExample: flyball check support.yaml'),
    async (files: readonly string[]) => (await import('./commands/check.ts')).check(files),
  );
  answers(
    program
      .command('test [path...]')
      .description('run policy test files (`<policy>.test.yaml`), or all of a folder')
      .option('-t, --name <text>', 'only tests with this in their name')
      .addOption(
        new Option('--reporter <name>', 'form of the answer').choices(['default', 'junit', 'tap']).default('default'),
      )
      .option('--min-coverage <percent>', 'fail if fewer of the rules matched in some test', number)
      .addHelpText('after', '\nExample: flyball test policies/ --reporter junit > report.xml'),
    async (paths: readonly string[], options: TestOptions) =>
      (await import('./commands/test.ts')).test(paths.length === 0 ? ['.'] : paths, options, io),
  );
  answers(
    program
      .command('explain <auditId>')
      .description('why was this decided? In words, out of the record alone')
      .requiredOption('--log <file>', 'the log')
      .addHelpText('after', '\nExample: flyball explain aud_01m8fsz1rterq9ghdvqnwmtaqv --log flyball.db'),
    async (auditId: string, { log }: { readonly log: string }) =>
      (await import('./commands/explain.ts')).explain(log, auditId),
  );
  answers(
    program
      .command('verify <log>')
      .description('is a log, or an export of one, what its checkpoints were signed for?')
      .option('--checkpoints <file>', 'a copy of the checkpoints that was kept elsewhere')
      .option('--key <vkey>', 'the key of the log, as you were given it')
      .option('--max-tail <records>', 'exit 3 if more came after the newest checkpoint', number)
      .addHelpText('after', '\nExample: flyball verify flyball.db --checkpoints /mnt/elsewhere/checkpoints'),
    async (path: string, options: VerifyOptions) => (await import('./commands/verify.ts')).verify(path, options),
  );
  answers(
    program
      .command('replay <log>')
      .description('make every recorded decision again, and compare byte for byte')
      .addHelpText('after', '\nExample: flyball replay flyball.db'),
    async (file: string) => (await import('./commands/replay.ts')).replay(file, io),
  );
  answers(
    program
      .command('backtest <log>')
      .description('what would another policy have said of the recorded traffic?')
      .requiredOption('--policy <file>', 'the other policy')
      .option('--since <days>', 'only the newest, such as 7d')
      .option('--fail-on <threshold>', 'exit 1 above it, such as newly-stopped>0.1%; may be repeated', collect, [])
      .option('--ignore-unknown', 'leave what cannot be known out of the thresholds')
      .addHelpText('after', "\nExample: flyball backtest flyball.db --policy next.yaml --fail-on 'newly-stopped>0.1%'"),
    async (file: string, options: BacktestCommandOptions) =>
      (await import('./commands/backtest.ts')).backtest(file, options, io),
  );
  answers(
    program
      .command('export <log> <folder>')
      .description('write a log in the form that anyone can verify')
      .addHelpText('after', '\nExample: flyball export flyball.db evidence-2026-11'),
    async (file: string, folder: string) => (await import('./commands/export.ts')).exportLog(file, folder, io),
  );

  try {
    await program.parseAsync(args, { from: 'user' });
    return exit;
  } catch (error) {
    io.progress('');
    // Help that was asked for is an answer; all else of the parser is a mistake in the call.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.yes : EXIT.notRun;
    io.note(error instanceof NotRun ? `flyball: ${error.message}` : `flyball: unexpected failure: ${messageOf(error)}`);
    return EXIT.notRun;
  }
}

const collect = (text: string, before: readonly string[]): readonly string[] => [...before, text];

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0)) throw new InvalidArgumentError('give a number, 0 or more');
  return value;
}
