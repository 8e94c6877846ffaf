// Child processes that behave as if they were this one: same terminal, same signals, same exit code.
import { spawn } from 'node:child_process';
import os from 'node:os';
import process from 'node:process';

/**
 * Runs a command and resolves to its exit code; a signal that ended it counts as 128 plus its number, as in shells.
 * Rejects only when the command cannot be started.
 */
export async function run(command, args, options) {
  const child = spawn(command, args, { stdio: 'inherit', ...options });
  // A terminal delivers Ctrl-C to the whole group: passing it on would make it two.
  const pass = (signal) => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, pass);
  try {
    return await exit(child);
  } finally {
    for (const signal of signals) process.removeListener(signal, pass);
  }
}

/** Runs this very Node, so that what else is on the PATH does not matter. */
export const runNode = (args, options) => run(process.execPath, args, options);

/** Runs a command and resolves to its exit code and everything it printed. */
export async function capture(command, args, options) {
  // Nobody sees it as it comes, and some tools colour what goes into a pipe.
  const env = { NO_COLOR: '1', ...process.env };
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env, ...options });
  const chunks = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk));
  const code = await exit(child);
  return { code, output: Buffer.concat(chunks).toString('utf8').trimEnd() };
}

function exit(child) {
  return new Promise((resolve, reject) => {
    child.once('error', (/** @type {Error} */ error) => reject(error));
    child.once('close', (code, signal) => resolve(signal === null ? code : 128 + os.constants.signals[signal]));
  });
}
