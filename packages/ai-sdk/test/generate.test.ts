import { APICallError } from '@ai-sdk/provider';
import { generateText, isStepCount, jsonSchema, Output, streamText, tool, toUIMessageStream } from 'ai';
import * as sdk from 'ai';
import { describe, expect, test } from 'vitest';
import { govern, GovernanceBlockedError, governModel } from '../src/index.ts';
import { generate, governorWith, PAYLOADS, rule, subject } from './harness.ts';
import { collect, generated, scriptedModel, text, toolCall, USAGE } from './models.ts';

const word = PAYLOADS.word;

/** Deprecated, and in use. */
interface Objects {
  generateObject(call: object): Promise<{ readonly object: unknown }>;
  streamObject(call: object): { readonly partialObjectStream: AsyncIterable<unknown> };
}

describe('an answer that is not streamed', () => {
  test('is refused whole when it is stopped, with the usage the provider counted', async () => {
    const governor = await governorWith([rule('output', 'block')]);
    const result = await generateText({
      model: governModel({ model: scriptedModel(text('1', `It is ${word}.`)), governor, subject }),
      prompt: 'hello',
    });
    expect(result.text).toBe('This was stopped by policy.');
    expect(result.finishReason).toBe('content-filter');
    expect(result.usage.outputTokens).toBe(USAGE.outputTokens.total);
    expect(result.finalStep.providerMetadata).toMatchObject({ flyball: { outcome: 'BLOCK', reason: 'P_TEST' } });
  });

  test('E3: leaves no body of the provider’s behind', async () => {
    const model = scriptedModel();
    model.doGenerate = () =>
      Promise.resolve({
        ...generated([
          ...text('1', word),
          { type: 'finish', usage: USAGE, finishReason: { unified: 'stop', raw: 'stop' } },
        ]),
        response: { id: 'r1', body: { text: word } },
        request: { body: { prompt: word } },
        providerMetadata: { acme: { text: word } },
      });
    for (const effect of ['block', 'redact'] as const) {
      const result = await generateText({
        model: governModel({ model, governor: await governorWith([rule('output', effect)]), subject }),
        prompt: 'hello',
        include: { responseBody: true },
      });
      expect(
        JSON.stringify([result.content, result.finalStep.response, result.finalStep.providerMetadata]),
      ).not.toContain(word);
      expect(result.finalStep.response.id).toBe('r1');
    }
  });

  test('E3: metadata that repeats an edited answer is edited alike, or left out', async () => {
    for (const [providerMetadata, left] of [
      [{ acme: { text: `It is ${word}.`, n: 1 } }, { acme: { text: 'It is [WORD].', n: 1 } }],
      [{ acme: { [word]: 1 } }, undefined],
    ] as const) {
      const finish = {
        type: 'finish',
        usage: USAGE,
        finishReason: { unified: 'stop', raw: 'stop' },
        providerMetadata,
      } as const;
      const governor = await governorWith([rule('output', 'redact')]);
      const model = governModel({ model: scriptedModel([...text('1', word), finish]), governor, subject });
      const streamed = streamText({ model, prompt: 'hello' });
      expect(await streamed.text).toBe('[WORD]');
      expect((await streamed.finalStep).providerMetadata).toEqual(left);
    }
  });

  test('E1: is not asked for when the prompt is stopped', async () => {
    const model = scriptedModel(text('1', 'fine'));
    const seen = await generate(await governorWith([rule('input', 'block')]), model, { prompt: word });
    expect(model.prompts).toHaveLength(0);
    expect(seen.finishReason).toBe('content-filter');
  });
});

describe('where a refusal in words is impossible', () => {
  const schema = jsonSchema<{ note: string }>({ type: 'object' });
  const output = Output.object({ schema });
  const tools = { send: tool({ inputSchema: schema, execute: () => 'sent' }) };

  test('E5: declared JSON is answered with the branded error', async () => {
    const governor = await governorWith([rule('output', 'block')]);
    const model = scriptedModel(text('1', JSON.stringify({ note: word })));
    const failure = generateText({ ...govern(governor, { subject, model }), prompt: 'hello', output });
    await expect(failure).rejects.toSatisfy(GovernanceBlockedError.isInstance);
    expect(model.doGenerateCalls).toHaveLength(1);
  });

  test('E5: streamed JSON ends in the protocol, with an error that may be shown, and nothing of what was stopped is shown before', async () => {
    const errors: unknown[] = [];
    const governor = await governorWith([rule('output', 'block')]);
    const model = scriptedModel(text('1', '{"note":', `"${word}"}`));
    const result = streamText({
      ...govern(governor, { subject, model }),
      prompt: 'hello',
      output,
      onError: ({ error }) => void errors.push(error),
    });
    const ui = await collect(
      toUIMessageStream({
        stream: result.stream,
        onError: (error) => GovernanceBlockedError.find(error)?.message ?? 'An error occurred.',
      }) as AsyncIterable<{ readonly type: string }>,
    );
    const said = 'This was stopped by policy.';
    const shown = ui.filter(({ type }) => !/^(start|finish)-step$|^start$/.test(type)) as { readonly delta?: string }[];
    // The object up to the value that was stopped; its block is closed.
    expect(shown.flatMap(({ delta = '' }) => delta).join('')).toBe('{"note":"');
    expect(shown.slice(-3)).toEqual([
      { type: 'text-end', id: '1' },
      { type: 'error', errorText: said },
      { type: 'finish', finishReason: 'content-filter' },
    ]);
    expect(errors).toMatchObject([
      { code: 'FLYBALL_BLOCKED', message: said, status: 403, denial: { reason: 'P_TEST' } },
    ]);
    expect(String(errors[0])).toBe(said);
    expect(await result.finishReason).toBe('content-filter');
    await expect(result.output).rejects.toThrow();
  });

  test('E5: streamed JSON that is stopped is not asked for again by `streamRetries`', async () => {
    const governor = await governorWith([rule('output', 'block')]);
    const model = scriptedModel(text('1', JSON.stringify({ note: word })));
    const retrying = { streamRetries: 2, maxRetries: 2 };
    const result = streamText({
      ...govern(governor, { subject, model }),
      prompt: 'hello',
      output,
      onError: () => undefined,
      ...retrying,
    });
    await collect(result.stream).catch(() => undefined);
    expect(model.doStreamCalls).toHaveLength(1);
  });

  test('JSON is redacted in its string values, and stays JSON', async () => {
    const governor = await governorWith([rule('output', 'redact')]);
    const answer = `{"note":"mail \\u0061da@example.com","n":1}`;
    const whole = await generateText({
      ...govern(governor, { subject, model: scriptedModel(text('1', answer)) }),
      prompt: 'hello',
      output,
    });
    expect(whole.output).toEqual({ note: 'mail [EMAIL]', n: 1 });
    const streamed = streamText({
      ...govern(governor, { subject, model: scriptedModel(text('1', answer.slice(0, 9), answer.slice(9))) }),
      prompt: 'hello',
      output,
    });
    await collect(streamed.partialOutputStream);
    expect(await streamed.output).toEqual({ note: 'mail [EMAIL]', n: 1 });
  });

  test('values of JSON are texts of their own: no match runs from a name into its value', async () => {
    const governor = await governorWith([rule('output', 'redact')]);
    const model = scriptedModel(text('1', JSON.stringify({ email: PAYLOADS.email, next: 'bob' })));
    const result = await generateText({ ...govern(governor, { subject, model }), prompt: 'hello', output });
    expect(result.output).toEqual({ email: '[EMAIL]', next: 'bob' });
  });

  test('E5: objects asked for the old way are answered alike, whole or streamed', async () => {
    const governor = await governorWith([rule('output', 'block')]);
    const { generateObject, streamObject } = sdk as unknown as Objects;
    const ask = (note: string): object => ({
      ...govern(governor, { subject, model: scriptedModel(text('1', JSON.stringify({ note }))) }),
      schema,
      prompt: 'hello',
      onError: () => undefined,
    });
    expect((await generateObject(ask('fine'))).object).toEqual({ note: 'fine' });
    await expect(generateObject(ask(word))).rejects.toSatisfy(GovernanceBlockedError.isInstance);

    const partial: unknown[] = [];
    const failure: unknown = await collect(streamObject(ask(word)).partialObjectStream).then(
      (seen) => void partial.push(...seen),
      (error: unknown) => error,
    );
    expect(JSON.stringify(partial)).not.toContain('TOP');
    expect(failure instanceof Error ? failure.message : '').not.toContain(word);
    expect(await collect(streamObject(ask('fine')).partialObjectStream)).toEqual([{ note: 'fine' }]);
  });

  test('E2: JSON that would have to be edited in a key is stopped', async () => {
    const governor = await governorWith([rule('output', 'redact')]);
    const model = scriptedModel(text('1', JSON.stringify({ [word]: 1 })));
    await expect(
      generateText({ ...govern(governor, { subject, model }), prompt: 'hello', output }),
    ).rejects.toMatchObject({
      denial: { reason: 'EDIT_NOT_APPLICABLE' },
    });
  });

  test('E5: a forced tool call is answered with the branded error, for prompt and call alike', async () => {
    const governor = await governorWith([rule(['input', 'tool_call'], 'block')], { onBlock: 'stop' });
    for (const [prompt, args] of [
      [word, { note: 'fine' }],
      ['hello', { note: word }],
    ] as const) {
      for (const toolChoice of ['required', { type: 'tool', toolName: 'send' }] as const) {
        const model = scriptedModel(toolCall('c', 'send', args));
        const failure = generateText({ ...govern(governor, { subject, model, tools }), prompt, toolChoice });
        await expect(failure).rejects.toSatisfy(GovernanceBlockedError.isInstance);
      }
    }
  });

  for (const toolChoice of ['required', { type: 'tool', toolName: 'send' }] as const)
    for (const [what, asked, args] of [
      ['prompt', word, { note: 'fine' }],
      ['call', 'hello', { note: word }],
    ] as const)
      test(`E5: a stream that must call a tool (${JSON.stringify(toolChoice)}) ends in the protocol when its ${what} is stopped`, async () => {
        const errors: unknown[] = [];
        const governor = await governorWith([rule(['input', 'tool_call'], 'block')], { onBlock: 'stop' });
        const model = scriptedModel(toolCall('c', 'send', args));
        const retrying = { streamRetries: 2, maxRetries: 2 };
        const result = streamText({
          ...govern(governor, { subject, model, tools }),
          prompt: asked,
          toolChoice,
          stopWhen: isStepCount(5),
          onError: ({ error }) => void errors.push(error),
          ...retrying,
        });
        const ui = await collect(
          toUIMessageStream({
            stream: result.stream,
            onError: (error) => GovernanceBlockedError.find(error)?.message ?? 'An error occurred.',
          }) as AsyncIterable<{ readonly type: string }>,
        );
        const said = 'This was stopped by policy.';
        expect(ui.filter(({ type }) => !/^(start|finish)-step$|^start$/.test(type))).toEqual([
          { type: 'error', errorText: said },
          { type: 'finish', finishReason: 'interrupted' },
        ]);
        // The SDK tells of each of its attempts, of which its oldest version makes one; the model hears of none after
        // the first.
        const refusal = { code: 'FLYBALL_BLOCKED', message: said, denial: { reason: 'P_TEST' } };
        expect([1, 3]).toContain(errors.length);
        expect(errors).toMatchObject(errors.map(() => refusal));
        expect(await result.finishReason).toBe('interrupted');
        expect((await result.finalStep).providerMetadata).toMatchObject({ flyball: { reason: 'P_TEST' } });
        expect(model.doStreamCalls).toHaveLength(what === 'prompt' ? 0 : 1);
      });

  test('E5: COOLDOWN carries its time in the error', async () => {
    const governor = await governorWith([], { limits: [{ id: 'few', allow: 1, per: '10s' }] });
    const ask = (): Promise<unknown> =>
      generateText({
        ...govern(governor, { subject, model: scriptedModel(text('1', '{}')) }),
        prompt: 'hello',
        output,
      });
    await ask();
    const error = GovernanceBlockedError.find(await ask().catch((reason: unknown) => reason));
    expect(error).toMatchObject({ status: 429 });
    expect(error!.retryAfterMs).toBeGreaterThan(0);
  });
});

test('the provider’s own errors stay what they are', async () => {
  const failure = new APICallError({
    message: 'overloaded',
    url: 'https://example.org',
    requestBodyValues: {},
    statusCode: 400,
  });
  const model = scriptedModel();
  model.doGenerate = () => Promise.reject(failure);
  const governor = await governorWith([rule('output', 'block')]);
  await expect(
    generateText({ model: governModel({ model, governor, subject }), prompt: 'hello', maxRetries: 0 }),
  ).rejects.toBe(failure);
});
