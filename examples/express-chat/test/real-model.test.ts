import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createGovernor } from '@flyball/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { decisionFeed } from '../src/decision-feed.ts';
import { judgedPolicies, localJudge } from '../src/judged.ts';
import { modelFromEnvironment } from '../src/model.ts';
import { API_KEY } from '../src/secrets.ts';
import { chatApp, listen } from '../src/server.ts';
import { standAt } from '../src/stand.ts';
import { POLICY_FILE } from './harness.ts';

describe('modelFromEnvironment', () => {
  it('names no model without a key or an address', async () => {
    expect(await modelFromEnvironment({})).toBeUndefined();
    expect(await modelFromEnvironment({ OPENAI_API_KEY: '', OPENAI_BASE_URL: '' })).toBeUndefined();
  });

  it('takes the provider with a key', async () => {
    expect(await modelFromEnvironment({ OPENAI_API_KEY: 'x' })).toMatchObject({ provider: 'openai.responses' });
  });

  it('governs whatever answers at OPENAI_BASE_URL like the local model', async () => {
    const model = await modelFromEnvironment({ OPENAI_BASE_URL: await leakyProvider(), OPENAI_MODEL: 'some-model' });
    if (model === undefined) throw new Error('no model');
    const feed = decisionFeed();
    const governor = await createGovernor({
      policy: [{ file: POLICY_FILE }, ...judgedPolicies()],
      detectors: [localJudge()],
      onDecision: feed.record,
    });
    const server = await listen(chatApp({ governor, model, feed, policyFile: POLICY_FILE }), 0);
    onTestFinished(async () => {
      await server.close();
      await governor.close();
    });
    const answer = await standAt(server.origin).visitor()('Hello');
    expect(answer).toMatchObject({ status: 200, text: 'Sure: ', finishReason: 'content-filter' });
    expect(answer.everything.join('\n')).not.toContain('sk-proj');
  });
});

/** Speaks just enough of OpenAI's chat completions to leak a key over two chunks. */
async function leakyProvider(): Promise<string> {
  const chunk = (delta: object, finish: string | null = null): string =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 0, model: 'some-model', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  const provider = createServer((_req, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write(chunk({ role: 'assistant', content: 'Sure: ' }));
    res.write(chunk({ content: API_KEY.slice(0, 20) }));
    res.end(`${chunk({ content: API_KEY.slice(20) })}${chunk({}, 'stop')}data: [DONE]\n\n`);
  }).listen(0, '127.0.0.1');
  await once(provider, 'listening');
  onTestFinished(() => void provider.close());
  return `http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1`;
}
