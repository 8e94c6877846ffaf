import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { nodeServer } from '../src/node-http.ts';
import { operations } from '../src/operations.ts';
import { listen, openGovernor } from './harness.ts';

async function open(ask: () => AsyncIterable<string>) {
  const governor = await openGovernor();
  const server = nodeServer(governor, ask);
  const origin = await listen(server);
  const { probes, end } = operations(governor, server);
  const health = await listen(createServer(probes));
  const post = (): Promise<Response> =>
    fetch(`${origin}/chat`, { method: 'POST', body: JSON.stringify({ prompt: 'Hello' }) });
  return { governor, post, end, probe: (path: string) => fetch(health + path) };
}

describe('the end of a process', () => {
  it('is told to the load balancer first, and cuts no answer that ends in time', async () => {
    let goOn = (): void => {};
    const { post, end, probe } = await open(async function* () {
      yield 'It begins. ';
      await new Promise<void>((resolve) => (goOn = resolve));
      yield 'It ends.';
    });
    expect((await probe('/ready')).status).toBe(200);
    const answer = await post();

    const ended = end({ noticeMs: 50, answersMs: 20_000 });
    expect((await probe('/ready')).status).toBe(503);
    expect((await probe('/live')).status).toBe(200);
    goOn();
    expect(await answer.text()).toBe('It begins. It ends.');
    await ended;
    await expect(post()).rejects.toThrow('fetch failed');
  });

  it('cuts what still runs after that', async () => {
    const { post, end, governor } = await open(async function* () {
      yield 'It begins. ';
      await new Promise(() => {});
    });
    const answer = await post();
    expect(governor.status().openGates).toBe(1);
    await end({ noticeMs: 0, answersMs: 50 });
    expect(governor.status().openGates).toBe(0);
    await answer.text().catch(() => {});
  });

  it('says what it knows of the store', async () => {
    const { probe } = await open(async function* () {});
    expect(await (await probe('/ready')).json()).toMatchObject({ ending: false, store: { connected: true } });
  });
});
