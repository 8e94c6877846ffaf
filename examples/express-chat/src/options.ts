import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

export interface StartOptions {
  /** What there is to say, where somebody asked for it: then nothing is started. */
  readonly help: string | undefined;
  /** Play the attacks, then end: 0 if every one was stopped as declared, else 1. */
  readonly once: boolean;
  /** Play the attacks at the start. */
  readonly play: boolean;
  /** 0 takes a free one. */
  readonly port: number;
  readonly policyFile: string;
  /** Where decisions are kept. */
  readonly logFile: string;
}

/** A start that cannot work, for a reason that whoever starts it can mend. The message is all there is to say. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

const USAGE = `npm start -- [options]

  --once           play the attacks and end: 0 if every one was stopped as declared, else 1
  --no-play        do not play the attacks at the start, and do not warm up
  --port <number>  listen there; without it PORT, else a free port. Loopback only
  --policy <file>  another policy. The page edits this file, and the next message is decided by the new version
  --log <file>     keep the decisions there
  --help           this

  OPENAI_API_KEY, or OPENAI_BASE_URL for a server that speaks the same protocol, names a real model (OPENAI_MODEL: which).`;

export function optionsFrom(args: readonly string[], env: NodeJS.ProcessEnv): StartOptions {
  const { help, once, 'no-play': noPlay, port, policy, log } = parse(args);
  return {
    help: help ? USAGE : undefined,
    once,
    play: once || !noPlay,
    port: portFrom(port ?? (env['PORT'] || '0')),
    policyFile: policy ?? shown(new URL('../policy.yaml', import.meta.url)),
    logFile: log ?? shown(new URL('../flyball.db', import.meta.url)),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        once: { type: 'boolean', default: false },
        'no-play': { type: 'boolean', default: false },
        port: { type: 'string' },
        policy: { type: 'string' },
        log: { type: 'string' },
      },
    }).values;
  } catch (cause) {
    throw new StartError(`${(cause as Error).message}\nusage: ${USAGE}`, { cause });
  }
}

function portFrom(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new StartError(`\`${text}\` is not a port: give a number from 0 to 65535, or none for a free one`);
}

/** Problems of the policy are reported under this name: short, and right for the folder the command was given in. */
function shown(file: URL): string {
  const path = fileURLToPath(file);
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}
