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
