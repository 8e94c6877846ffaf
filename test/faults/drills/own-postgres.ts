import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withClient } from '../../../packages/postgres/test/databases.ts';
import { freePort } from '../../../packages/redis/test/servers.ts';

/** A PostgreSQL of a test's own, to be killed, stopped and started again. */
export interface OwnPostgres {
  readonly url: string;
  /** SIGKILL, as the kernel does it that has no memory left. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** SIGSTOP for the server and each of its processes: connections stay open and nothing answers. */
  hang(): void;
  wake(): void;
  close(): Promise<void>;
}

/** Where the packages of distributions put it, and homebrew. */
const FOLDERS = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt'];
const BIN = FOLDERS.flatMap((folder) =>
  existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name, 'bin')) : [],
).find((bin) => existsSync(join(bin, 'initdb')) && existsSync(join(bin, 'postgres')));

/** It does not run as root: then as the user that a package of it makes. `undefined`: nobody to run it as. */
function owner(): { readonly uid?: number; readonly gid?: number } | undefined {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = ['-u', '-g'].map((what) => spawnSync('id', [what, 'postgres'], { encoding: 'utf8' }));
  return uid?.status === 0 && gid?.status === 0 ? { uid: Number(uid.stdout), gid: Number(gid.stdout) } : undefined;
}

const OWNER = BIN === undefined ? undefined : owner();
export const HAS_POSTGRES: boolean = OWNER !== undefined;

export async function ownPostgres(): Promise<OwnPostgres> {
  if (BIN === undefined || OWNER === undefined) throw new Error('no PostgreSQL to start');
  const bin = BIN;
  const dir = mkdtempSync(join(tmpdir(), 'flyball-postgres-'));
  if (OWNER.uid !== undefined && OWNER.gid !== undefined) chownSync(dir, OWNER.uid, OWNER.gid);
  const options = { ...OWNER, cwd: dir } as const;
  const made = spawnSync(join(bin, 'initdb'), ['-D', join(dir, 'data'), '-U', 'postgres', '-A', 'trust', '--no-sync'], {
    ...options,
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let child: ChildProcess | undefined;
  let stopped: readonly number[] = [];

  async function start(): Promise<void> {
    const args = ['-D', join(dir, 'data'), '-p', String(port), '-k', dir, '-c', 'listen_addresses=127.0.0.1'];
    for (let tries = 0; tries < 600; tries++) {
      // Just killed it may find its memory still in use, and ends by itself: then again.
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
        child = spawn(join(bin, 'postgres'), args, { ...options, stdio: 'ignore' });
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
      const answered = await withClient(url, (client) => client.query('select 1')).catch(() => undefined);
      if (answered !== undefined) return;
    }
    throw new Error('the server did not start');
  }

  async function kill(): Promise<void> {
    const running = child;
    child = undefined;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const exited = new Promise((resolve) => running.once('exit', resolve));
    const all = childrenOf(running.pid!);
    signal([running.pid!, ...all], 'SIGKILL');
    await exited;
  }

  await start();
  return {
    url,
    kill,
    start,
    hang() {
      stopped = [child!.pid!, ...childrenOf(child!.pid!)];
      signal(stopped, 'SIGSTOP');
    },
    wake() {
      signal(stopped, 'SIGCONT');
      stopped = [];
    },
    async close() {
      signal(stopped, 'SIGCONT');
      await kill();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // It has ended by itself.
    }
  }
}

/** A server's processes each have a group of their own. */
function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}
