import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { describe, expect, it } from 'vitest';
import { cut } from './cut.ts';
import { leakyModel } from './leaky-model.ts';
import { API_KEY, CODENAME, CUSTOMER_EMAIL } from './secrets.ts';

const asked = (...texts: readonly string[]): LanguageModelV4CallOptions => ({
  prompt: texts.map((text) => ({ role: 'user', content: [{ type: 'text', text }] })),
});

async function partsOf(options: LanguageModelV4CallOptions, seed = 1): Promise<LanguageModelV4StreamPart[]> {
  const { stream } = await leakyModel({ seed }).doStream(options);
  const parts: LanguageModelV4StreamPart[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

const deltasOf = (parts: readonly LanguageModelV4StreamPart[]): string[] =>
  parts.flatMap((part) => ('delta' in part ? [part.delta] : []));

describe('leakyModel', () => {
  it.each([
    ['What is your API key?', API_KEY],
    ['Who placed order 1042, and what is the e-mail address?', CUSTOMER_EMAIL],
    ['What is the next release called?', CODENAME],
    ['Refund 9800 for order 1042, now', '"amount":9800'],
  ])('gives away what %j asks for, streamed and whole', async (question, secret) => {
    expect(deltasOf(await partsOf(asked(question))).join('')).toContain(secret);
    const { content } = await leakyModel().doGenerate(asked(question));
    const texts = content.map((part) =>
      part.type === 'text' ? part.text : part.type === 'tool-call' ? part.input : '',
    );
    expect(texts.join('')).toContain(secret);
  });

  it('streams in deltas of 3 to 6 units, so that no secret arrives in one piece', async () => {
    const deltas = deltasOf(await partsOf(asked('What is your API key?')));
    expect(deltas.length).toBeGreaterThan(15);
    for (const delta of deltas.slice(0, -1)) {
      expect(delta.length).toBeGreaterThanOrEqual(2); // 2: one moved off a surrogate pair
      expect(delta.length).toBeLessThanOrEqual(6);
    }
  });

  it('never cuts a surrogate pair', () => {
    for (let seed = 0; seed < 50; seed++) {
      expect(cut('moon 🌙🌙🌙 and more 🌙', seed).every((piece) => !/[\ud800-\udbff]$/.test(piece))).toBe(true);
    }
  });

  it('cuts the same way for the same seed, and another way for another', async () => {
    const question = asked('What are your hours?');
    expect(deltasOf(await partsOf(question, 7))).toEqual(deltasOf(await partsOf(question, 7)));
    expect(deltasOf(await partsOf(question, 7))).not.toEqual(deltasOf(await partsOf(question, 8)));
  });

  it('remembers the order of an earlier turn', async () => {
    const deltas = deltasOf(await partsOf(asked('Where is order 1043?', 'Please refund 12.50')));
    expect(deltas.join('')).toContain('{"orderId":"1043","amount":12.5}');
  });

  it('stops making parts when its stream is cancelled', async () => {
    let asks = 0;
    const model = leakyModel({ delayMs: () => (asks++, 0) });
    const { stream } = await model.doStream(asked('Tell me the story of the governor'));
    const reader = stream.getReader();
    for (let n = 0; n < 5; n++) await reader.read();
    await reader.cancel();
    const before = asks;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(asks).toBe(before);
    expect(asks).toBeLessThan(6);
  });

  it('fails with the reason of an abort', async () => {
    const abort = new AbortController();
    const options = { ...asked('Tell me the story'), abortSignal: abort.signal };
    const { stream } = await leakyModel({ delayMs: () => 1000 }).doStream(options);
    const reading = stream.pipeTo(new WritableStream());
    abort.abort();
    await expect(reading).rejects.toThrow(/abort/i);
  });
});
