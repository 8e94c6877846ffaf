// Does what a page tells its reader to do: saves the files that it shows, runs its commands, and compares what they
// print.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { parseMarkdown } from './markdown.ts';

const execute = promisify(execFile);
/** Commands of a page that do not end: npm installs, tests. */
const COMMAND_MS = 240_000;

/**
 * One thing a reader does. A block ```` ```sh try ```` is run, ```` ```sh try=server ```` keeps running, `save=` is a
 * file.
 */
export type Step =
  | { readonly kind: 'save'; readonly file: string; readonly text: string; readonly line: number }
  | { readonly kind: 'run'; readonly commands: string; readonly output: string | undefined; readonly line: number }
  | { readonly kind: 'serve'; readonly command: string; readonly output: string; readonly line: number }
  | { readonly kind: 'expect'; readonly output: string; readonly line: number };

/** The steps of a page, in its order. Files that are shown before the folder exists are saved all the same. */
export function stepsOf(page: string): readonly Step[] {
  const { blocks } = parseMarkdown(page);
  return blocks.flatMap(({ language, info, text, line }, index): Step[] => {
    const next = blocks[index + 1];
    const output = next?.info.includes('output') === true ? next.text : undefined;
    const file = info.find((word) => word.startsWith('save='))?.slice(5);
    if (file !== undefined) return [{ kind: 'save', file, text, line }];
    if (info.includes('try=server')) return [{ kind: 'serve', command: text.trim(), output: output ?? '', line }];
    if (info.includes('try')) return [{ kind: 'run', commands: text, output, line }];
    return language === 'text' && info.includes('server') ? [{ kind: 'expect', output: text, line }] : [];
  });
}

export interface PlayOptions {
  readonly folder: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Commands that are not run here, such as those that install. */
  readonly skip?: (command: string) => boolean;
  readonly onStep?: (what: string) => void;
}

/** Plays the steps in a folder. Throws where a command fails or prints something else than the page says. */
export async function playPage(
  steps: readonly Step[],
  { folder, env = process.env, skip = () => false, onStep = () => {} }: PlayOptions,
): Promise<void> {
  // A reader has port 3000; a machine that runs tests may not.
  const port = String(await freePort());
  const local = (text: string): string => text.replaceAll('3000', port);
  let server: Served | undefined;
  try {
    for (const step of steps) {
      if (step.kind === 'save') {
        mkdirSync(dirname(join(folder, step.file)), { recursive: true });
        writeFileSync(join(folder, step.file), local(step.text));
      } else if (step.kind === 'run') {
        const commands = step.commands.split('\n').filter((command) => !skip(command));
        const script = local(`set -e\n${commands.join('\n')}`);
        const { stdout } = await execute('bash', ['-c', script], { cwd: folder, env, timeout: COMMAND_MS }).catch(
          (error: { readonly stdout?: string; readonly stderr?: string; readonly message: string }) => {
            throw new Error(`line ${step.line}: ${error.message}\n${error.stdout ?? ''}${error.stderr ?? ''}`);
          },
        );
        if (step.output !== undefined) compare(step.line, local(step.output), stdout);
      } else if (step.kind === 'serve') {
        await server?.end();
        server = serve(local(step.command), folder, env);
        await server.prints(local(step.output), step.line);
      } else await server?.prints(local(step.output), step.line);
      onStep(`line ${step.line}: ${step.kind === 'save' ? `saved ${step.file}` : step.kind}`);
    }
  } finally {
    await server?.end();
  }
}

/** `…` on a page stands for anything within its line. */
function matcher(said: string): RegExp {
  const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(said.trimEnd().split('…').map(literal).join('[^\\n]*'));
}

function compare(line: number, said: string, printed: string): void {
  const whole = new RegExp(`^${matcher(said).source}$`);
  if (!whole.test(printed.trimEnd()))
    throw new Error(`line ${line}: the page says\n${said}\nand it prints\n${printed}`);
}

interface Served {
  /** Resolves when it has printed this since what was asked for last. */
  prints(said: string, line: number): Promise<void>;
  end(): Promise<void>;
}

function serve(command: string, folder: string, env: NodeJS.ProcessEnv): Served {
  const [file = '', ...args] = command.split(' ');
  const child: ChildProcess = spawn(file === 'node' ? process.execPath : file, args, { cwd: folder, env });
  let printed = '';
  child.stdout?.on('data', (text) => (printed += String(text)));
  child.stderr?.on('data', (text) => (printed += String(text)));
  return {
    async prints(said, line) {
      const wanted = matcher(said);
      const deadline = Date.now() + 60_000;
      while (!wanted.test(printed)) {
        if (child.exitCode !== null || Date.now() > deadline)
          throw new Error(`line ${line}: the server does not print\n${said}\nbut\n${printed}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      printed = printed.slice(printed.search(wanted) + (wanted.exec(printed)?.[0].length ?? 0));
    },
    async end() {
      if (child.exitCode !== null) return;
      const closed = once(child, 'close');
      child.kill('SIGKILL');
      await closed;
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
