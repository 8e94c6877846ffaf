import { expect, test, vi } from 'vitest';
import { governModel } from '../src/index.ts';
import { governorWith, subject } from './harness.ts';
import { scriptedModel } from './models.ts';

// As version 6 does it: what it wraps is a model of the older specification.
vi.mock('ai', async (original) => ({
  ...(await original<object>()),
  wrapLanguageModel: ({ model }: { model: object }) => ({ ...model, specificationVersion: 'v3' }),
}));

test('another major of the SDK is refused when a model is governed, with the one to install', async () => {
  const governor = await governorWith([]);
  expect(() => governModel({ model: scriptedModel(), governor, subject })).toThrow(
    '`@flyball/ai-sdk` needs version 7 of `ai`; the installed one makes models of specification `v3`: install `ai@7`, which needs Node 22',
  );
});
