import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EdgeVM } from '@edge-runtime/vm';
import { expect, onTestFinished, test } from 'vitest';
import { ADAPTER_CASES } from '@flyball/testing';
import { bundleSuite } from './bundle.ts';
import type { CaseResult } from './suite.ts';

// Every case of the conformance suite, inside runtimes that are not Node.

const failed = (results: readonly CaseResult[]): readonly CaseResult[] =>
  results.filter(({ failure }) => failure !== undefined);

test('a bundler for edge runtimes finds no module that it could not resolve', async () => {
  const { warnings, code } = await bundleSuite();
  expect(warnings).toEqual([]);
  expect(code).not.toMatch(/\b(?:import|require)\(\s*["']node:/);
});

test('every case passes in the edge runtime, which lacks what Node has', async () => {
  const { code } = await bundleSuite();
  const vm = new EdgeVM();
  for (const missing of ['AbortSignal.any', 'process', 'setImmediate'])
    expect(vm.evaluate(`typeof ${missing}`)).toBe('undefined');
  vm.evaluate(code);
  // As text: objects of another realm are not equal to ours.
  const results = JSON.parse(
    await vm.evaluate<Promise<string>>('suite.runSuite().then(JSON.stringify)'),
  ) as readonly CaseResult[];
  expect(failed(results)).toEqual([]);
  expect(results.length).toBeGreaterThanOrEqual(ADAPTER_CASES.length);
}, 120_000);

test('a policy file is refused in words where there are no files', async () => {
  const vm = new EdgeVM();
  vm.evaluate((await bundleSuite()).code);
  expect(await vm.evaluate<Promise<string>>('suite.refusalOfFile()')).toBe(
    'POLICY_NOT_LOADED: this runtime has no files: give the policy as an object or as `{ yaml }`',
  );
});

/**
 * Not a dependency: 120 MB for one test. It runs where the command is (`npm i -g workerd`, or `WORKERD` names the
 * file).
 */
const WORKERD = process.env['WORKERD'] ?? 'workerd';
const hasWorkerd = spawnSync(WORKERD, ['--version']).status === 0;

test('every case passes in workerd', async (context) => {
  context.skip(!hasWorkerd, 'there is no workerd here');
  const results = await inWorkerd((await bundleSuite()).code);
  expect(failed(results)).toEqual([]);
  expect(results.length).toBeGreaterThanOrEqual(ADAPTER_CASES.length);
}, 120_000);

async function inWorkerd(code: string): Promise<readonly CaseResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'flyball-workerd-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  writeFileSync(join(folder, 'worker.js'), `${code}\n${ON_FETCH}`);
  writeFileSync(join(folder, 'config.capnp'), configOf(port));
  const workerd = spawn(WORKERD, ['serve', join(folder, 'config.capnp')], { stdio: 'inherit' });
  onTestFinished(() => ended(workerd));
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    if (answer !== undefined) return (await answer.json()) as readonly CaseResult[];
    if (workerd.exitCode !== null) throw new Error(`workerd ended with ${workerd.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const ON_FETCH = `addEventListener('fetch', (event) =>
  event.respondWith(suite.runSuite().then((results) => Response.json(results))))`;

const configOf = (port: number): string => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (serviceWorkerScript = embed "worker.js", compatibilityDate = "2026-06-01"))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
`;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { readonly port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill();
  await once(child, 'exit');
}
