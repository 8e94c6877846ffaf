import { generateText, jsonSchema, streamText, tool, type Telemetry } from 'ai';
import { describe, expect, test } from 'vitest';
import { govern } from '../src/index.ts';
import { collect, scriptedModel, text, toolCall } from './models.ts';
import { generate, governorWith, PAYLOADS, rule, stream, subject } from './harness.ts';

const { word } = PAYLOADS;
const prompt = `tell ${word} to Bob`;

interface Heard {
  readonly name: string;
  readonly event: object;
}

/** An integration of the usual shape, a class, that keeps every event it is handed. */
class Recorder {
  readonly heard: Heard[] = [];
  readonly inside: string[] = [];
  #depth = 0;

  get names(): readonly string[] {
    return this.heard.map(({ name }) => name);
  }

  get all(): string {
    return JSON.stringify(this.heard.map(({ event }) => event));
  }

  async executeLanguageModelCall<T>({ execute, ...event }: { execute: () => PromiseLike<T> }): Promise<T> {
    this.#note('executeLanguageModelCall', event);
    this.#depth++;
    try {
      return await execute();
    } finally {
      this.#depth--;
    }
  }

  async executeTool<T>({ execute, ...event }: { execute: () => PromiseLike<T> }): Promise<T> {
    this.#note('executeTool', event);
    return execute();
  }

  asked(): void {
    this.inside.push(`depth ${this.#depth}`);
  }

  #note(name: string, event: object): void {
    this.heard.push({ name, event });
  }

  static {
    for (const name of [
      ...['onStart', 'onStepStart', 'onLanguageModelCallStart', 'onLanguageModelCallEnd', 'onToolExecutionStart'],
      ...['onToolExecutionEnd', 'onStepEnd', 'onStepError', 'onEnd', 'onAbort', 'onError'],
    ])
      Object.defineProperty(Recorder.prototype, name, {
        value(this: Recorder, event: object) {
          this.#note(name, event);
        },
      });
  }
}

const telemetryOf = (recorder: Recorder): { readonly integrations: Telemetry } => ({
  integrations: recorder,
});
const send = tool({ inputSchema: jsonSchema({ type: 'object' }), execute: () => `sent ${word}` });

describe('integrations of telemetry', () => {
  for (const [way, run] of [
    ['generateText', generate],
    ['streamText', stream],
  ] as const) {
    test(`${way}: hear of a redacted prompt what the model gets, in each event`, async () => {
      const recorder = new Recorder();
      const model = scriptedModel(
        (options) => (recorder.asked(), [...toolCall('c', 'send', { note: `${options.prompt.length}` })]),
        text('1', 'done'),
      );
      const governor = await governorWith([rule(['input', 'tool_result'], 'redact')]);
      await run(governor, model, { prompt, tools: { send }, telemetry: telemetryOf(recorder) });

      expect(recorder.names).toEqual([
        ...['onStart', 'onStepStart', 'onLanguageModelCallStart', 'executeLanguageModelCall', 'onLanguageModelCallEnd'],
        ...['onToolExecutionStart', 'executeTool', 'onToolExecutionEnd', 'onStepEnd'],
        ...['onStepStart', 'onLanguageModelCallStart', 'executeLanguageModelCall', 'onLanguageModelCallEnd'],
        ...['onStepEnd', 'onEnd'],
      ]);
      expect(recorder.all).not.toContain(word);
      expect(recorder.all).not.toContain('[withheld]');
      const got = (model.prompts[0]!.prompt.at(-1)!.content as readonly { readonly text: string }[])[0]!.text;
      expect(got).toMatch(/^tell .+ to Bob$/);
      for (const { name, event } of recorder.heard.slice(0, 4))
        expect((event as { messages: unknown }).messages, name).toEqual([{ role: 'user', content: got }]);
      expect(recorder.inside).toEqual(['depth 1']);
    });

    test(`${way}: hear nothing of a prompt that was stopped`, async () => {
      const recorder = new Recorder();
      const governor = await governorWith([rule('input', 'block')]);
      await run(governor, scriptedModel(text('1', 'hi')), { prompt, telemetry: telemetryOf(recorder) });
      expect(recorder.names.slice(0, 3)).toEqual(['onStart', 'onStepStart', 'onLanguageModelCallStart']);
      expect(recorder.names).not.toContain('executeLanguageModelCall');
      expect(recorder.all).not.toContain(word);
      expect((recorder.heard[0]!.event as { messages: unknown }).messages).toEqual([
        { role: 'user', content: '[withheld]' },
      ]);
    });
  }

  for (const mode of ['off', 'shadow'] as const)
    test(`in ${mode} they hear what they hear without governance, when they hear it`, async () => {
      const bare = new Recorder();
      const heard = new Recorder();
      const governor = await governorWith([rule('input', 'block')], { mode });
      const options = { prompt, headers: { a: 'b' } };
      const model = scriptedModel(text('1', 'hi'));
      await generateText({ ...options, model, telemetry: telemetryOf(bare) });
      const telemetry = telemetryOf(heard);
      await generateText({ ...options, ...govern(governor, { subject, model, telemetry }) });
      expect(heard.names).toEqual(bare.names);
      expect((heard.heard[0]!.event as { messages: unknown }).messages).toEqual([{ role: 'user', content: prompt }]);
      expect(heard.heard[0]!.event).not.toHaveProperty('timestamp');
    });

  test('two calls at once hear each of their own', async () => {
    const recorder = new Recorder();
    const governor = await governorWith([rule('input', 'redact')]);
    const governed = govern(governor, {
      subject,
      model: scriptedModel(text('1', 'hi')),
      telemetry: telemetryOf(recorder),
    });
    const ask = async (question: string): Promise<void> =>
      void (await collect(streamText({ ...governed, prompt: question }).stream as never));
    await Promise.all([ask('first'), ask('second')]);
    expect(recorder.all).not.toContain('[withheld]');
    const started = recorder.heard.filter(({ name }) => name === 'onStart');
    expect(JSON.stringify(started)).toMatch(/first.*second|second.*first/);
  });

  test('an integration that throws, or never asks the model, does not fail the call', async () => {
    const governor = await governorWith([rule('input', 'redact')]);
    const broken: Telemetry = {
      onStart: () => {
        throw new Error('broken');
      },
      executeLanguageModelCall: () => Promise.reject(new Error('broken')),
    };
    const model = scriptedModel(text('1', 'hi'));
    const result = await generateText({
      ...govern(governor, { subject, model, telemetry: { integrations: broken } }),
      prompt,
    });
    expect(result.text).toBe('hi');
    expect(model.prompts).toHaveLength(1);
  });
});
