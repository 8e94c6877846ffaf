// Tools that the provider runs, in a stream: nobody here could run their calls, so the answer does not wait for its end
// because of them.
import { describe, expect, it } from 'vitest';
import { governChatModel } from '../src/index.ts';
import { ADA, BLOCKING, governed, said } from './harness.ts';
import { anthropic } from './wire/anthropic.ts';
import { wire } from './wire/fetch.ts';
import { ChatAnthropic } from '@langchain/anthropic';
import type { PolicyDocument } from '@flyball/core';

const streamed = async (policy: PolicyDocument, texts: readonly string[]): Promise<readonly object[]> => {
  const endpoint = wire(() => anthropic(texts, true));
  const model = new ChatAnthropic({
    model: 'claude-x',
    apiKey: 'k',
    maxRetries: 0,
    clientOptions: { fetch: endpoint.fetch },
  });
  const governor = await governed(policy);
  const chunks: object[] = [];
  for await (const chunk of await governChatModel(model, { governor, subject: ADA }).stream('hello'))
    chunks.push(chunk);
  await governor.close();
  return chunks;
};

const NOTHING_OF: PolicyDocument = { ...BLOCKING, detectors: [{ id: 'words', patterns: ['M-STQUERY'] }] };

describe('a search of the provider', () => {
  it('does not hold back the text behind it: what stands before a block has left', async () => {
    const text = said(await streamed(BLOCKING, ['We call it TOP', 'SECRET']));
    expect([text.includes('M-STQ'), text.includes('We call it '), text.includes('TOP')]).toEqual([true, true, false]);
  });

  it('ends the answer where its arguments are blocked, and none of them is shown', async () => {
    const text = said(await streamed(NOTHING_OF, ['All is well.']));
    expect([text.includes('M-STQ'), text.includes('All is well.'), text.includes('content_filter')]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('does not let a call of ours leave before its message ends', async () => {
    const policy: PolicyDocument = { ...BLOCKING, detectors: [{ id: 'words', patterns: ['M-TUARGS'] }] };
    const text = said(await streamed(policy, ['All is well.']));
    expect([text.includes('All is well.'), text.includes('M-TU')]).toEqual([true, false]);
  });
});
