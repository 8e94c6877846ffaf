import type { Governor } from '@flyball/core';
import { InMemoryCache } from '@langchain/core/caches';
import { AIMessage, HumanMessage, type BaseMessage } from '@langchain/core/messages';
import { RunnableLambda, RunnableSequence, type Runnable } from '@langchain/core/runnables';
import { initChatModel } from 'langchain';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { governChatModel, GovernanceBlockedError } from '../src/index.ts';
import { ADA, BLOCKING, governed, MASK, REDACTING, said, SECRET } from './harness.ts';
import { ScriptedModel } from './scripted-model.ts';
import { chatOpenAI } from './wire/providers.ts';

const LEAK = { texts: ['It is TOP', 'SECRET, and more.'] };
const FINE = { texts: ['All is well.'] };

interface Made {
  readonly model: Runnable;
  readonly asked: () => number;
}

const options = (governor: Governor, more: object = {}) => ({ governor, subject: ADA, ...more });

/** Everything that a caller sees of a runnable, by each way of calling it. */
async function seen(runnable: Runnable): Promise<string> {
  const values: unknown[] = [];
  const ways = [
    async () => values.push(await runnable.invoke('hello')),
    async () => values.push(...(await runnable.batch(['hello', 'hello']))),
    async () => {
      for await (const chunk of await runnable.stream('hello')) values.push(chunk);
    },
    async () => {
      for await (const event of runnable.streamEvents('hello', { version: 'v2' })) values.push(event);
    },
  ];
  for (const way of ways) await way().catch((error: unknown) => values.push(error));
  return said([values]);
}

const WRAPPED: { readonly [name: string]: (governor: Governor) => Made } = {
  'a model with bound tools': (governor) => {
    const { model, wire } = chatOpenAI([LEAK]);
    const tools = [{ type: 'function', function: { name: 'send', parameters: { type: 'object' } } }] as const;
    return {
      model: governChatModel(model, options(governor)).bindTools(tools as never),
      asked: () => wire.requests.length,
    };
  },
  'a model with a configuration': (governor) => {
    const { model, wire } = chatOpenAI([LEAK]);
    return {
      model: governChatModel(model, options(governor)).withConfig({ tags: ['x'] }),
      asked: () => wire.requests.length,
    };
  },
  'a retry': (governor) => {
    const { model, wire } = chatOpenAI([LEAK]);
    return {
      model: governChatModel(model, options(governor)).withRetry({ stopAfterAttempt: 3 }),
      asked: () => wire.requests.length,
    };
  },
  'fallbacks that are governed as one': (governor) => {
    const { model, wire } = chatOpenAI([LEAK]);
    const other = chatOpenAI([LEAK]);
    const both = model.withFallbacks([other.model]);
    return {
      model: governChatModel(both, options(governor)),
      asked: () => wire.requests.length + other.wire.requests.length,
    };
  },
  'a sequence': (governor) => {
    const { model, wire } = chatOpenAI([LEAK]);
    const chain = RunnableSequence.from([RunnableLambda.from((text: string) => [new HumanMessage(text)]), model]);
    return { model: governChatModel(chain as never, options(governor)), asked: () => wire.requests.length };
  },
  'a model that is governed twice': (governor) => {
    const { model, wire } = chatOpenAI([LEAK]);
    return {
      model: governChatModel(governChatModel(model, options(governor)), options(governor)),
      asked: () => wire.requests.length,
    };
  },
};

describe('a governed model stays governed', () => {
  it.each(Object.entries(WRAPPED))('inside %s', async (_name, make) => {
    const governor = await governed(BLOCKING);
    const { model, asked } = make(governor);
    const text = await seen(model);
    expect(text).not.toContain(SECRET);
    expect(text).toContain('content_filter');
    // Five prompts, each asked once.
    expect(asked()).toBe(5);
    await governor.close();
  });

  it('and where a stop is an error, nothing asks again and nobody else is asked', async () => {
    const governor = await governed(BLOCKING);
    const error = { exitBehavior: 'error' } as const;
    const first = chatOpenAI([LEAK]);
    const second = chatOpenAI([FINE]);
    const retried = governChatModel(first.model.withRetry({ stopAfterAttempt: 3 }), options(governor, error));
    const failed: unknown = await retried.invoke('hello').catch((thrown: unknown) => thrown);
    expect(GovernanceBlockedError.find(failed)?.denial.reason).toBe('P_WORD');
    expect(first.wire.requests).toHaveLength(1);
    const both = governChatModel(first.model.withFallbacks([second.model]), options(governor, error));
    for (const call of [() => both.invoke('hello'), () => both.batch(['hello'])]) {
      const stopped: unknown = await call().catch((thrown: unknown) => thrown);
      expect(GovernanceBlockedError.find(stopped)).toBeDefined();
    }
    expect(second.wire.requests).toHaveLength(0);
    await governor.close();
  });

  it.each<[string, (model: ScriptedModel) => ScriptedModel]>([
    ['itself', (model) => model],
    ['with a configuration', (model) => model.withConfig({ tags: ['x'] }) as never],
    ['with bound tools', (model) => model.bindTools([{ name: 'send', schema: {} } as never]) as never],
    ['before a parser', (model) => model.pipe(RunnableLambda.from((answer: unknown) => answer)) as never],
  ])('and heeds a stop in a retry or fallbacks that are put around it later: %s', async (_name, made) => {
    const governor = await governed(BLOCKING);
    const said = (...answers: readonly string[]): ScriptedModel =>
      new ScriptedModel(answers.map((text) => [{ kind: 'text', text }]));
    const first = said(`It is ${SECRET}`, 'All is well.');
    const second = said('All is well.');
    const model = made(governChatModel(first, options(governor, { exitBehavior: 'error' })));
    for (const one of [model.withRetry({ stopAfterAttempt: 3 }), model.withFallbacks([second])]) {
      first.backstage.asked.length = 0;
      const failed: unknown = await one.invoke('hello').catch((thrown: unknown) => thrown);
      expect(GovernanceBlockedError.find(failed)?.denial.reason).toBe('P_WORD');
      expect([first.backstage.asked.length, second.backstage.asked.length]).toEqual([1, 0]);
    }
    await governor.close();
  });

  it('while a fallback answers for a model that fails', async () => {
    const governor = await governed(BLOCKING);
    const failing = new ScriptedModel([[{ kind: 'fail', message: 'overloaded' }]]);
    const { model } = chatOpenAI([FINE]);
    const both = governChatModel(failing.withFallbacks([model]), options(governor));
    expect((await both.invoke('hello')).text).toBe('All is well.');
    await governor.close();
  });

  it.each(['fixed', 'configurable'])('when it is made by `initChatModel`, %s', async (how) => {
    const governor = await governed(BLOCKING);
    const { wire } = chatOpenAI([LEAK]);
    const fields = { apiKey: 'k', maxRetries: 0, configuration: { fetch: wire.fetch } };
    const made =
      how === 'fixed'
        ? await initChatModel('openai:gpt-x', fields)
        : await initChatModel(undefined, {
            ...fields,
            modelProvider: 'openai',
            configurableFields: ['model'],
          } as never);
    const model = governChatModel(made, options(governor));
    const config = how === 'fixed' ? {} : { configurable: { model: 'gpt-x' } };
    const values: unknown[] = [await model.invoke('hello', config)];
    for await (const chunk of await model.stream('hello', config)) values.push(chunk);
    for await (const event of model.streamEvents('hello', { ...config, version: 'v2' })) values.push(event);
    for await (const event of model.streamEvents('hello', config as never) as AsyncIterable<unknown>)
      values.push(event);
    values.push(await model.bindTools([]).invoke('hello', config));
    expect(said(values)).not.toContain(SECRET);
    expect(said(values)).toContain('content_filter');
    await governor.close();
  });
});

describe('structured output', () => {
  const schema = z.object({ answer: z.string() });
  const METHODS = ['jsonSchema', 'jsonMode', 'functionCalling'] as const;

  it.each(METHODS)('by %s is decided on decoded, and a stop is an error that says so', async (method) => {
    const governor = await governed(BLOCKING);
    // The phrase is written with an escape: as text it is not there.
    const json = '{"answer":"\\u0054OPSECRET"}';
    const call = { name: 'extract', args: json };
    const { model } = chatOpenAI([
      method === 'functionCalling' ? { calls: [call] } : { texts: [json.slice(0, 9), json.slice(9)] },
    ]);
    const structured = governChatModel(model, options(governor)).withStructuredOutput(schema, {
      method,
      name: 'extract',
    });
    const failed: unknown = await structured.invoke('hello').catch((error: unknown) => error);
    expect(GovernanceBlockedError.find(failed)?.denial.reason).toBe('P_WORD');
    const streamed: unknown[] = [];
    const stopped: unknown = await (async () => {
      for await (const part of await structured.stream('hello')) streamed.push(part);
    })().catch((error: unknown) => error);
    expect(GovernanceBlockedError.find(stopped)).toBeDefined();
    expect(said(streamed)).not.toContain('OPSECRET');
    await governor.close();
  });

  it.each(METHODS)('by %s is masked in its values where the policy redacts', async (method) => {
    const governor = await governed(REDACTING);
    const json = '{"answer":"It is \\u0054OPSECRET."}';
    const call = { name: 'extract', args: json };
    const { model } = chatOpenAI([
      method === 'functionCalling' ? { calls: [call] } : { texts: [json.slice(0, 9), json.slice(9)] },
    ]);
    const structured = governChatModel(model, options(governor)).withStructuredOutput(schema, {
      method,
      name: 'extract',
    });
    expect(await structured.invoke('hello')).toEqual({ answer: `It is ${MASK}.` });
    await governor.close();
  });

  it('that cannot be parsed is not quoted by the error', async () => {
    const governor = await governed(BLOCKING);
    const { model } = chatOpenAI([{ texts: [`It is ${SECRET}, and no JSON.`] }]);
    const structured = governChatModel(model, options(governor)).withStructuredOutput(schema, {
      method: 'jsonSchema',
      name: 'x',
    });
    const failed = (await structured.invoke('hello').catch((error: unknown) => error)) as Error;
    expect(failed).toBeInstanceOf(Error);
    expect(said([failed, failed.message, String(failed.stack)])).not.toContain(SECRET);
    await governor.close();
  });
});

describe('a cache', () => {
  it('does not answer past governance, and keeps no refusals', async () => {
    const governor = await governed(BLOCKING);
    const cache = new InMemoryCache();
    const bare = chatOpenAI([LEAK], { cache });
    await bare.model.invoke('hello');
    const { model, wire } = chatOpenAI([LEAK], { cache });
    const answer = governChatModel(model, options(governor)).invoke('hello');
    expect(said([await answer])).not.toContain(SECRET);
    expect(wire.requests).toHaveLength(0);
    const refused = await governChatModel(model, options(governor)).invoke('another prompt');
    expect(refused.response_metadata['finish_reason']).toBe('content_filter');
    await governChatModel(model, options(governor)).invoke('another prompt');
    expect(wire.requests).toHaveLength(2);
    await governor.close();
  });
});

describe('a prompt', () => {
  it('is masked in every kind of message before the model reads it, and the caller’s messages stay as they are', async () => {
    const governor = await governed(REDACTING);
    const { model, wire } = chatOpenAI([FINE]);
    const messages: BaseMessage[] = [
      new HumanMessage({
        content: [
          { type: 'text', text: 'It is TOP' },
          { type: 'text', text: 'SECRET.' },
        ],
      }),
      new AIMessage({
        content: '',
        tool_calls: [{ id: 'c1', name: 'send', args: { text: SECRET }, type: 'tool_call' }],
      }),
    ];
    const before = JSON.stringify(messages);
    await governChatModel(model, options(governor)).invoke(messages);
    expect(said([wire.requests[0]?.body])).not.toContain(SECRET);
    expect(JSON.stringify(wire.requests[0]?.body)).toContain(MASK);
    expect(JSON.stringify(messages)).toBe(before);
    await governor.close();
  });

  it('may hold pictures: their bytes are not read', async () => {
    const governor = await governed(BLOCKING);
    const { model, wire } = chatOpenAI([FINE]);
    // Base64 letters that would be the phrase.
    const url = `data:image/png;base64,${'A'.repeat(60)}${SECRET}${'A'.repeat(60)}`;
    const picture = new HumanMessage({ content: [{ type: 'image_url', image_url: { url } }] });
    expect((await governChatModel(model, options(governor)).invoke([picture])).text).toBe('All is well.');
    const text = btoa(`A file that says ${SECRET}, and a little more than that.`);
    const file = new HumanMessage({
      content: [{ type: 'file', mime_type: 'text/plain', data: text, source_type: 'base64' }],
    });
    const refused = await governChatModel(model, options(governor)).invoke([file]);
    expect(refused.response_metadata['finish_reason']).toBe('content_filter');
    expect(wire.requests).toHaveLength(1);
    await governor.close();
  });

  it('that offers tools of the provider is refused where rules name tools (T5)', async () => {
    const governor = await governed(BLOCKING);
    const { model, wire } = chatOpenAI([FINE]);
    const bound = governChatModel(model, options(governor)).bindTools([{ type: 'web_search_preview' } as never]);
    const answer = (await bound.invoke('hello')) as BaseMessage;
    expect((answer.response_metadata['flyball'] as { reason: string }).reason).toBe('PROVIDER_TOOLS');
    expect(wire.requests).toHaveLength(0);
    await governor.close();
  });
});

describe('a stop', () => {
  it('aborts the provider’s request in the middle', async () => {
    const governor = await governed(BLOCKING);
    const texts = ['It is TOP', 'SECRET', ...Array.from({ length: 40 }, () => ' more')];
    const { model, wire } = chatOpenAI([{ texts }]);
    for await (const _ of await governChatModel(model, options(governor)).stream('hello'));
    expect([wire.aborted, wire.sent < 10]).toEqual([true, true]);
    await governor.close();
  });

  it('comes when a caller gives up, and the request is aborted', async () => {
    const governor = await governed(BLOCKING);
    const { model, wire } = chatOpenAI([{ texts: Array.from({ length: 40 }, () => ' more') }]);
    const leave = new AbortController();
    const failed: unknown = await (async () => {
      for await (const _ of await governChatModel(model, options(governor)).stream('hello', { signal: leave.signal }))
        leave.abort(new Error('left'));
    })().catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(Error);
    expect(wire.aborted).toBe(true);
    expect(governor.status().openGates).toBe(0);
    await governor.close();
  });
});
