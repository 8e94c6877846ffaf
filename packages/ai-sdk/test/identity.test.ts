import { setAmbientInteraction } from '@flyball/core/adapter';
import { createGovernor, type PolicyDocument } from '@flyball/core';
import { createProviderRegistry, customProvider, generateText, wrapProvider } from 'ai';
import { MockEmbeddingModelV4 } from 'ai/test';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import {
  govern,
  governanceMiddleware,
  governApproval,
  governEmbeddingModel,
  governImageModel,
  governModel,
  governRerankingModel,
  governSpeechModel,
  governTools,
  governTranscriptionModel,
} from '../src/index.ts';
import { governorWith, PAYLOADS, rule, subject } from './harness.ts';
import { scriptedModel, text } from './models.ts';

afterEach(() => setAmbientInteraction(() => undefined));

const fine = () => scriptedModel(text('1', 'fine'));
const rules = [rule('output', 'block')];
const OTHER_MODELS = {
  governEmbeddingModel,
  governImageModel,
  governRerankingModel,
  governSpeechModel,
  governTranscriptionModel,
};

test('an explicit subject, or a function that finds it', async () => {
  const governor = await governorWith(rules);
  for (const who of [subject, () => subject]) {
    const result = await generateText({
      model: governModel({ model: fine(), governor, subject: who }),
      prompt: 'hello',
    });
    expect(result.text).toBe('fine');
  }
});

test('a function chooses the policy of a call; one that chooses none that is loaded stops it', async () => {
  const policy = (name: string, then: 'block' | 'allow'): PolicyDocument => ({
    policy: name,
    version: 1,
    default: 'block',
    rules: [{ id: `${name}-all`, on: ['input', 'output'], then, reason: 'P_ALL' }],
  });
  const governor = await createGovernor({ policy: [policy('closed', 'block'), policy('open', 'allow')] });
  const says = async (choice: () => string): Promise<string> => {
    const model = governModel({ model: fine(), governor, subject, policy: choice });
    return (await generateText({ model, prompt: 'hello' })).text;
  };
  expect(await says(() => 'open')).toBe('fine');
  expect(await says(() => 'closed')).not.toContain('fine');
  expect(await says(() => 'nobody')).not.toContain('fine');
  expect(
    await says(() => {
      throw new Error('x');
    }),
  ).not.toContain('fine');
});

test('an interaction is kept through all calls', async () => {
  const governor = await governorWith(rules);
  const interaction = governor.interaction(subject);
  const { model } = govern(governor, { model: fine(), interaction });
  await generateText({ model, prompt: 'hello' });
  await generateText({ model, prompt: 'hello' });
  expect(interaction.decisions).toHaveLength(4);
  expect(new Set(interaction.decisions.map(({ interactionId }) => interactionId))).toEqual(new Set([interaction.id]));
});

test('the interaction of the surrounding request, where an HTTP adapter keeps one', async () => {
  const governor = await governorWith(rules);
  const interaction = governor.interaction(subject);
  setAmbientInteraction(() => interaction);
  await generateText({ model: governModel({ model: fine(), governor }), prompt: 'hello' });
  expect(interaction.decisions).toHaveLength(2);
});

test('without any of them, an error that says how', async () => {
  const governor = await governorWith(rules);
  const model = governModel({ model: fine(), governor });
  await expect(generateText({ model, prompt: 'hello' })).rejects.toThrow(/give `subject` or `interaction`/);
  const governed = govern(governor, { model: fine() });
  await expect(generateText({ ...governed, prompt: 'hello' })).rejects.toThrow(/give `subject` or `interaction`/);
});

test('a resolver that finds nobody is decided on as the policy says', async () => {
  const fails = (): never => {
    throw new Error('no session');
  };
  for (const [onError, reason] of [
    ['block', 'content-filter'],
    ['no_op', 'stop'],
  ] as const) {
    const governor = await governorWith([rule('input', 'block')], { onError });
    for (const who of [fails, () => undefined]) {
      const result = await generateText({
        model: governModel({ model: fine(), governor, subject: who }),
        prompt: 'hello',
      });
      expect(result.finishReason).toBe(reason);
    }
  }
});

test('a developer is told once why calls are stopped, with what failed; readers are not', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  onTestFinished(() => warn.mockRestore());
  const cause = new TypeError('no session');
  const nobody = (): never => {
    throw cause;
  };
  const model = governModel({ model: fine(), governor: await governorWith(rules), subject: nobody });
  for (let call = 0; call < 2; call++) {
    const { text: said } = await generateText({ model, prompt: 'hello' });
    expect(said).toBe('This could not be checked, so it was stopped. Please try again later.');
  }
  expect(warn.mock.calls).toEqual([[expect.stringMatching(/^flyball: .*subject .* failed \(MISSING\)/), cause]]);
});

test('a policy that is not loaded is refused where the model is governed, not at its first call', async () => {
  const governor = await governorWith(rules);
  const options = { governor, subject, policy: 'nowhere' };
  const said = 'no policy `nowhere` is loaded; the governor has `test`';
  expect(() => governModel({ ...options, model: fine() })).toThrow(`\`governModel\`: ${said}`);
  expect(() => govern(governor, { model: fine(), subject, policy: 'nowhere' })).toThrow(`\`govern\`: ${said}`);
  expect(() => governTools({}, options)).toThrow(`\`governTools\`: ${said}`);
  expect(() => governApproval(options)).toThrow(`\`governApproval\`: ${said}`);
  expect(() => governanceMiddleware(options)).toThrow(`\`governanceMiddleware\`: ${said}`);
  expect(() => governEmbeddingModel({ ...options, model: new MockEmbeddingModelV4() })).toThrow(
    `\`governEmbeddingModel\`: ${said}`,
  );
});

test('a policy that is gone when a call is made stops the call', async () => {
  const governor = await governorWith(rules);
  const interaction = governor.interaction(subject, { policy: 'nowhere' });
  const result = await generateText({ model: governModel({ model: fine(), governor, interaction }), prompt: 'hello' });
  expect(result.finalStep.providerMetadata).toMatchObject({ flyball: { reason: 'POLICY_UNKNOWN' } });
});

test('every way in refuses an option it does not have, and names the nearest one it has', async () => {
  const governor = await governorWith(rules);
  const misspelt = { governor, subject, onblock: 'stop' } as never;
  const unknown = 'has no option `onblock`';
  expect(() => governModel({ ...(misspelt as object), model: fine() } as never)).toThrow(`\`governModel\` ${unknown}`);
  expect(() => govern(governor, { model: fine(), onblock: 'stop' } as never)).toThrow(`\`govern\` ${unknown}`);
  expect(() => governTools({}, misspelt)).toThrow(`\`governTools\` ${unknown}`);
  expect(() => governApproval(misspelt)).toThrow(`\`governApproval\` ${unknown}`);
  expect(() => governanceMiddleware(misspelt)).toThrow(`\`governanceMiddleware\` ${unknown}`);
  expect(() => governModel({ governor, subject } as never)).toThrow('`governModel` needs `model`');
  expect(() => governTools({}, { governor, subject, onBlock: 'pause' } as never)).toThrow(
    '`governTools`: `onBlock` must be `continue` or `stop`',
  );
});

test.each(Object.entries(OTHER_MODELS))('%s takes no words: nobody would read them', async (name, governOther) => {
  const governor = await governorWith(rules);
  const options = { governor, subject, model: fine(), refusal: () => 'no' } as never;
  expect(() => governOther(options)).toThrow(`\`${name}\` has no option \`refusal\``);
});

test('places of an `in_flight` limit are free again when a call is over', async () => {
  const governor = await governorWith([], { limits: [{ id: 'one', unit: 'in_flight', allow: 1, per: '1m' }] });
  for (let call = 0; call < 3; call++) {
    const result = await generateText({ model: governModel({ model: fine(), governor, subject }), prompt: 'hello' });
    expect(result.text).toBe('fine');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
});

test('a whole provider, and a registry of them', async () => {
  const governor = await governorWith(rules);
  const leaky = customProvider({ languageModels: { leaky: scriptedModel(text('1', PAYLOADS.word)) } });
  const middleware = governanceMiddleware({ governor, subject });
  const wrapped = wrapProvider({ provider: leaky, languageModelMiddleware: middleware });
  const registry = createProviderRegistry({ acme: leaky }, { languageModelMiddleware: middleware });
  for (const model of [wrapped.languageModel('leaky'), registry.languageModel('acme:leaky')]) {
    expect((await generateText({ model, prompt: 'hello' })).text).toBe('This was stopped by policy.');
  }
});

test('a model named by its id is the default provider’s', async () => {
  const governor = await governorWith(rules);
  const globals = globalThis as { AI_SDK_DEFAULT_PROVIDER?: unknown };
  globals.AI_SDK_DEFAULT_PROVIDER = customProvider({
    languageModels: { leaky: scriptedModel(text('1', PAYLOADS.word)) },
  });
  try {
    const result = await generateText({ ...govern(governor, { model: 'leaky', subject }), prompt: 'hello' });
    expect(result.finishReason).toBe('content-filter');
  } finally {
    delete globals.AI_SDK_DEFAULT_PROVIDER;
  }
});

test('without a governor every way in says so at once', () => {
  for (const make of [
    () => govern(undefined as never, {} as never),
    () => governModel({} as never),
    () => governTools({}, undefined as never),
  ]) {
    expect(make).toThrow('needs a `governor`');
  }
});
