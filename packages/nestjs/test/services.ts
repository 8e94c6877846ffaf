import { spawn } from 'node:child_process';
import { accessSync } from 'node:fs';
import { connect, createServer } from 'node:net';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Where a service is looked for: what a variable of the environment says, else its usual port on loopback. */
export function addressOf(variable: string, usual: number): Address {
  const { hostname, port } = new URL(process.env[variable] ?? `tcp://127.0.0.1:${usual}`);
  return { host: hostname, port: Number(port || usual) };
}

/** True when somebody answers there. */
export async function answers(at: Address): Promise<boolean> {
  const socket = connect(at.port, at.host);
  return new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy());
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export interface Service {
  readonly at: Address;
  stop(): void;
}

/** What answers at an address, or else a server of its own, where one is installed; `undefined` where none is. */
export async function serviceAt(
  usual: Address,
  file: string,
  args: (port: number) => readonly string[],
): Promise<Service | undefined> {
  if (await answers(usual)) return { at: usual, stop: () => undefined };
  if (!isInstalled(file)) return undefined;
  const at = { host: '127.0.0.1', port: await freePort() };
  const child = spawn(file, args(at.port), { stdio: 'ignore' });
  for (let tries = 0; tries < 500 && !(await answers(at)); tries++) {
    if (child.exitCode !== null) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { at, stop: () => void child.kill() };
}

function isInstalled(file: string): boolean {
  try {
    accessSync(file);
    return true;
  } catch {
    return false;
  }
}

/**
 * A broker of Kafka: the one that is named, or the cluster of test that librdkafka has within, which `kcat` keeps
 * running. It speaks the protocol, and keeps records in memory.
 */
export async function kafkaBroker(file = '/usr/bin/kcat'): Promise<Service | undefined> {
  const named = process.env['KAFKA_URL'];
  if (named !== undefined) return { at: addressOf('KAFKA_URL', 9092), stop: () => undefined };
  if (!isInstalled(file)) return undefined;
  const args = ['-b', '127.0.0.1:1', '-X', 'test.mock.num.brokers=1', '-X', 'debug=mock', '-C', '-t', 'stays'];
  const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const port = await new Promise<string | undefined>((resolve) => {
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      if (said.length < 10_000) said += chunk.toString();
      const [, found] = /bootstrap\.servers=127\.0\.0\.1:(\d+)/.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => resolve(undefined));
  });
  const stop = (): void => void child.kill();
  return port === undefined ? undefined : { at: { host: '127.0.0.1', port: Number(port) }, stop };
}
