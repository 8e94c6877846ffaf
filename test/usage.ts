import { parseArgs, type ParseArgsConfig } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<O extends Options> = ReturnType<typeof parseArgs<{ options: O; allowPositionals: true }>>;

/**
 * Reads the words behind a command of this repository. Help that is asked for is printed and ends with 0; a word that
 * the command does not know is said with the usage, and ends with 2: nothing is begun.
 */
export function readWords<const O extends Options>(
  usage: readonly string[],
  options: O,
  { most = 0 }: { /** Words that are no options. */ readonly most?: number } = {},
  args: readonly string[] = process.argv.slice(2),
): Parsed<O> {
  if (args.includes('--help') || args.includes('-h')) {
    console.log(usage.join('\n'));
    process.exit(0);
  }
  try {
    const parsed = parseArgs({ args: [...args], options, allowPositionals: true });
    const unknown = parsed.positionals[most];
    if (unknown !== undefined) throw new Error(`unknown word '${unknown}'`);
    return parsed;
  } catch (error) {
    console.error([(error as Error).message, ...usage].join('\n'));
    return process.exit(2);
  }
}
