// A server of a test's own, for what nobody may do to one that others use: kill it, freeze it, fail over.
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withClient } from './databases.ts';

export interface OwnServer {
  readonly url: string;
  start(): Promise<void>;
  /** As if the machine had been switched off: no process of it is left, and nothing was written in a hurry. */
  kill(): Promise<void>;
  /** All of its processes stand still; connections stay open. */
  freeze(): void;
  thaw(): void;
  /** A copy that follows, and that a commit waits for. */
  standby(): Promise<OwnServer & { promote(): Promise<void> }>;
  remove(): Promise<void>;
}

/** Where the programs of a server are; absent where there are none. */
function programs(): string | undefined {
  const all = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql') : [];
  const folders = [process.env['PG_BIN'], ...all.map((version) => `/usr/lib/postgresql/${version}/bin`)];
  return folders.find((folder) => folder !== undefined && existsSync(join(folder, 'initdb')));
}

/** A server refuses to run as root, so there it runs as `postgres`. */
function runner(): { readonly uid?: number; readonly gid?: number } | undefined {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return uid?.status === 0 && gid?.status === 0 ? { uid: Number(uid.stdout), gid: Number(gid.stdout) } : undefined;
}

const BIN = programs();
const AS = runner();
export const canOwnServer: boolean = process.platform === 'linux' && BIN !== undefined && AS !== undefined;

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'flyball-server-'));
  if (AS?.uid !== undefined) chownSync(folder, AS.uid, AS.gid!);
  return join(folder, 'data');
}

const run = (program: string, ...args: readonly string[]): unknown =>
  execFileSync(join(BIN!, program), args, { ...AS, stdio: 'ignore', cwd: '/' });

export async function ownServer(): Promise<OwnServer> {
  const data = newFolder();
  run('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync');
  const server = await serverIn(data, []);
  await server.start();
  return server;
}

async function serverIn(data: string, settings: readonly string[]): Promise<OwnServer> {
  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let child: ChildProcess | undefined;
  const copies: OwnServer[] = [];

  async function start(): Promise<void> {
    const given = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', ...settings];
    for (;;) {
      const started = spawn(join(BIN!, 'postgres'), ['-D', data, ...given.flatMap((one) => ['-c', one])], {
        ...AS,
        stdio: 'ignore',
        cwd: '/',
      });
      child = started;
      const ended = new Promise<'ended'>((resolve) => started.once('exit', () => resolve('ended')));
      // After a kill the memory of the old one may not be free yet: then it ends at once, and is started again.
      if ((await Promise.race([ended, answers(url, started)])) === 'answers') return;
      await pause(100);
    }
  }

  async function kill(): Promise<void> {
    const { pid } = child!;
    const gone = new Promise((resolve) => child!.once('exit', resolve));
    for (const one of [pid!, ...childrenOf(pid!)]) signal(one, 'SIGKILL');
    await gone;
  }

  return {
    url,
    start,
    kill,
    freeze: () => [child!.pid!, ...childrenOf(child!.pid!)].forEach((pid) => signal(pid, 'SIGSTOP')),
    thaw: () => [...childrenOf(child!.pid!), child!.pid!].forEach((pid) => signal(pid, 'SIGCONT')),
    async standby() {
      const copy = newFolder();
      run('pg_basebackup', '-D', copy, '-R', '-X', 'stream', '-c', 'fast', '-d', url);
      const follower = await serverIn(copy, ['synchronous_standby_names=']);
      copies.push(follower);
      await follower.start();
      await withClient(url, async (client) => {
        await client.query(`alter system set synchronous_standby_names = '*'`);
        await client.query('select pg_reload_conf()');
        for (;;) {
          const { rows } = await client.query<{ sync_state: string }>('select sync_state from pg_stat_replication');
          if (rows[0]?.sync_state === 'sync') return;
          await pause(50);
        }
      });
      return Object.assign(follower, {
        promote: () => withClient(follower.url, async (client) => void (await client.query('select pg_promote()'))),
      });
    },
    async remove() {
      for (const copy of copies) await copy.remove();
      if (child !== undefined && child.exitCode === null && child.signalCode === null) await kill();
      rmSync(join(data, '..'), { recursive: true, force: true });
    },
  };
}

async function answers(url: string, started: ChildProcess): Promise<'answers' | 'ended'> {
  while (started.exitCode === null && started.signalCode === null) {
    const is = await withClient(url, (client) => client.query('select 1')).then(
      () => true,
      () => false,
    );
    if (is) return 'answers';
    await pause(100);
  }
  return 'ended';
}

function childrenOf(pid: number): readonly number[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
  return stdout.trim() === '' ? [] : stdout.trim().split('\n').map(Number);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It had ended.
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

export const pause = async (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
