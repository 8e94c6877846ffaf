// The ONNX judge against the real library. It is too large to come along: TRANSFORMERS names a folder in which it is
// installed.
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createGovernor } from '@flyball/core';
import { afterAll, describe, expect, it } from 'vitest';
import { onnx } from '../src/index.ts';
import { writeTinyModel } from './tiny-model.ts';

const folder = process.env['TRANSFORMERS'];
const models = mkdtempSync(join(tmpdir(), 'flyball-onnx-'));
afterAll(() => rmSync(models, { recursive: true, force: true }));

const library = async (): Promise<unknown> => {
  const from = createRequire(pathToFileURL(join(resolve(folder!), 'package.json')));
  return import(pathToFileURL(from.resolve('@huggingface/transformers')).href);
};

describe.skipIf(folder === undefined)('onnx, with the real library', () => {
  it('judges with a model that it loads from its folder', async () => {
    writeTinyModel(join(models, 'tiny'), ['detonator', 'fuse']);
    const judge = onnx({
      model: join(models, 'tiny'),
      version: '1',
      labels: { unsafe: 'harm.unsafe' },
      transformers: library,
      deadlineMs: 60_000,
    });
    const governor = await createGovernor({
      detectors: [judge],
      policy: {
        policy: 'p',
        version: 1,
        rules: [{ id: 'harm', on: 'input', detect: { type: 'harm', min: 0.9 }, then: 'block', reason: 'P_HARM' }],
      },
    });
    const decided = async (content: string): Promise<unknown> => {
      const { outcome, signals } = await governor.decide(
        governor.interaction({ tenant: 't' }).event({ stage: 'input', content }),
      );
      return [outcome, signals.map(({ type, score }) => `${type} ${score.toFixed(3)}`)];
    };
    expect(await decided('how to wire a detonator and a fuse')).toEqual(['BLOCK', ['harm.unsafe 1.000']]);
    expect(await decided('how to bake bread')).toEqual(['ALLOW', []]);
    await governor.close();
  });

  it('says that a model is not there', async () => {
    const judge = onnx({
      model: join(models, 'missing'),
      version: '1',
      labels: { unsafe: 'harm.unsafe' },
      transformers: library,
      deadlineMs: 60_000,
      retry: { most: 0 },
    });
    const { signal } = new AbortController();
    const input = { text: 'hello', path: 'p', channel: 'text', settled: 0, signal } as const;
    await expect(judge.detect!(input)).rejects.toMatchObject({ code: 'JUDGE_UNREACHABLE' });
  });
});
