// Every field in which a provider says something has a word of its own on the wire: whichever of them a policy stops,
// nobody reads it.
import type { PolicyDocument } from '@flyball/core';
import { describe, expect, it } from 'vitest';
import { governChatModel } from '../src/index.ts';
import { ADA, governed, said } from './harness.ts';
import { WAYS, type Way } from './ways.ts';
import { PROVIDERS, withGlobalFetch, type Provider } from './wire/providers.ts';

const TEXTS = ['All M-', 'TEXT is well', '. ', 'The end.'];
/**
 * As it stands in one string: what a reader joins is another matter. Log probabilities are the tokens of the text, and
 * stand for nothing else.
 */
const MARKER = /(?<=")[^"]*?M-(?!GLP)[A-Z\d]+/g;

const stopping = (word: string, then: 'block' | 'redact'): PolicyDocument => ({
  policy: 'marked',
  version: 1,
  detectors: [{ id: 'words', patterns: [word] }],
  rules: [
    {
      id: 'out',
      on: ['output', 'tool_call'],
      detect: 'words',
      then,
      reason: 'P_WORD',
      ...(then === 'redact' && { editArgs: true }),
    },
  ],
});

/** What a bare model shows of the words on its wire. */
async function markersOf({ make }: Provider, { run }: Way): Promise<ReadonlySet<string>> {
  const { model, wire } = make(TEXTS);
  const { values, told } = await withGlobalFetch(wire.fetch, () => run(model, 'hello'));
  const found = JSON.stringify([values, told]).matchAll(MARKER);
  return new Set([...found].map(([text]) => text.slice(text.indexOf('M-'))));
}

async function seen({ make }: Provider, { run }: Way, policy: PolicyDocument): Promise<string> {
  const { model, wire } = make(TEXTS);
  const governor = await governed(policy);
  const governedModel = governChatModel(model, { governor, subject: ADA });
  const { values, told, error } = await withGlobalFetch(wire.fetch, () => run(governedModel, 'hello'));
  await governor.close();
  return said([values, told, error]);
}

describe.each(PROVIDERS)('$name', (provider) => {
  it.each(WAYS)('by $name: whatever is stopped or masked is seen nowhere', async (way) => {
    const markers = await markersOf(provider, way);
    expect(markers.size).toBeGreaterThan(2);
    const leaked: string[] = [];
    for (const marker of markers)
      for (const then of ['block', 'redact'] as const)
        if ((await seen(provider, way, stopping(marker, then))).includes(marker)) leaked.push(`${marker} ${then}`);
    expect(leaked).toEqual([]);
  });
});
