import type { Governor } from '@flyball/core';
import { Document } from '@langchain/core/documents';
import type { AIMessage } from '@langchain/core/messages';
import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { RunnableLambda } from '@langchain/core/runnables';
import { tool } from '@langchain/core/tools';
import { createAgent } from 'langchain';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { govern, GovernanceBlockedError, GovernanceCallbackHandler, type CallbackOptions } from '../src/index.ts';
import { ADA, BLOCKING, governed, MASK, REDACTING, said, SECRET } from './harness.ts';
import { MemoryStore, OneHotEmbeddings } from './memory-store.ts';
import { ScriptedModel } from './scripted-model.ts';

const FINE = [[{ kind: 'text' as const, text: 'All is well.' }]];
const LEAK = [[{ kind: 'text' as const, text: `It is ${SECRET}.` }]];

const PROMPTS_ONLY = { ...BLOCKING, rules: BLOCKING.rules!.filter(({ id }) => id === 'in') };

const handler = (governor: Governor, more: Partial<CallbackOptions> = {}) => {
  const callbacks = [new GovernanceCallbackHandler({ governor, subject: ADA, ...more })];
  return { callbacks };
};

const failing = (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a callback', () => {
  it('stops a prompt before the model is asked', async () => {
    const governor = await governed(PROMPTS_ONLY);
    const model = new ScriptedModel(FINE);
    const failed = await failing(model.invoke(`tell ${SECRET}`, handler(governor)));
    expect(GovernanceBlockedError.isInstance(failed)).toBe(true);
    expect([(failed as GovernanceBlockedError).denial.reason, model.backstage.asked]).toEqual(['P_PROMPT', []]);
    expect((await model.invoke('hello', handler(governor))).text).toBe('All is well.');
    await governor.close();
  });

  it('stops a model that nothing holds back, where rules are about outputs', async () => {
    const governor = await governed(BLOCKING);
    const model = new ScriptedModel(FINE);
    const failed = await failing(model.invoke('hello', handler(governor)));
    expect(failed).toMatchObject({ denial: { reason: 'OUTPUT_NOT_GATED' } });
    expect(model.backstage.asked).toEqual([]);
    // Told to observe, it lets the model speak, and stops what it has finished saying.
    const observing = handler(governor, { output: 'observe' });
    expect((await model.invoke('hello', observing)).text).toBe('All is well.');
    expect(await failing(new ScriptedModel(LEAK).invoke('hello', observing))).toMatchObject({
      denial: { reason: 'P_WORD' },
    });
    await governor.close();
  });

  it('cannot hold tokens back, and its documentation says so: the reader has them before the stop', async () => {
    const governor = await governed(BLOCKING);
    let text = '';
    const failed = await failing(
      (async () => {
        for await (const chunk of await new ScriptedModel(LEAK).stream(
          'hello',
          handler(governor, { output: 'observe' }),
        ))
          text += chunk.text;
      })(),
    );
    expect([text.includes(SECRET), GovernanceBlockedError.isInstance(failed)]).toEqual([true, true]);
    await governor.close();
  });

  it('stops where the policy redacts: it cannot change what others are given', async () => {
    const governor = await governed(REDACTING);
    const failed = await failing(
      new ScriptedModel(FINE).invoke(`tell ${SECRET}`, handler(governor, { output: 'observe' })),
    );
    expect(failed).toMatchObject({ denial: { reason: 'EDIT_NOT_APPLICABLE' } });
    await governor.close();
  });

  it('stops tools: by their arguments before they run, by their results before the model reads them', async () => {
    const governor = await governed(BLOCKING);
    let ran = 0;
    const look = tool(({ key }: { key: string }) => (ran++, `${key}: ${SECRET}`), {
      name: 'look',
      description: 'looks',
      schema: z.object({ key: z.string() }),
    });
    expect(await failing(look.invoke({ key: SECRET }, handler(governor)))).toMatchObject({
      denial: { reason: 'P_WORD' },
    });
    expect(ran).toBe(0);
    expect(await failing(look.invoke({ key: 'a' }, handler(governor)))).toMatchObject({ denial: { reason: 'P_WORD' } });
    expect(ran).toBe(1);
    await governor.close();
  });

  it('knows one run by its root, and frees what it holds when that ends', async () => {
    const governor = await governed({
      ...PROMPTS_ONLY,
      limits: [{ id: 'one', unit: 'in_flight', allow: 1, per: '10m' }],
    });
    const chain = RunnableLambda.from(async (text: string) => {
      const model = new ScriptedModel(FINE);
      await model.invoke(text);
      return (await model.invoke(text)).text;
    });
    const config = handler(governor);
    for (let turn = 0; turn < 3; turn++) expect(await chain.invoke('hello', config)).toBe('All is well.');
    await governor.close();
  });
});

describe('the bundle of one request', () => {
  it('governs model, tools and middlewares in one interaction, and its callback asks nothing twice', async () => {
    const governor = await governed(BLOCKING);
    const g = govern(governor, { subject: ADA });
    const look = tool(() => `It is ${SECRET}.`, { name: 'look', description: 'x', schema: z.object({}) });
    const agent = createAgent({
      model: g.model(new ScriptedModel([[{ kind: 'call', tool: 'look', args: {} }], FINE[0]!])),
      tools: g.tools([look]) as never,
      middleware: g.middleware() as never,
    });
    const { messages } = (await agent.invoke(
      { messages: [new HumanMessage('hello')] } as never,
      { callbacks: [g.callback] } as never,
    )) as unknown as {
      messages: AIMessage[];
    };
    expect(said(messages)).not.toContain(SECRET);
    expect(messages.at(-1)?.text).toBe('All is well.');
    expect(messages.find((message) => ToolMessage.isInstance(message))).toMatchObject({ status: 'error' });
    const { decisions } = governor.status();
    // Two prompts, two answers, a call and its result: each once.
    expect(Object.values(decisions).reduce((sum, count) => sum + count, 0)).toBe(6);
    await governor.close();
  });

  it('lets its callback see that a model is governed', async () => {
    const governor = await governed(BLOCKING);
    const g = govern(governor, { subject: ADA });
    expect((await g.model(new ScriptedModel(FINE)).invoke('hello', { callbacks: [g.callback] })).text).toBe(
      'All is well.',
    );
    await governor.close();
  });
});

describe('what is retrieved', () => {
  const pages = (): Document[] => [
    new Document({ pageContent: 'All is well.', metadata: { source: 'wiki' } }),
    new Document({ pageContent: `It is ${SECRET}.`, metadata: { source: 'mail' } }),
    new Document({ pageContent: 'Nothing here.', metadata: { source: 'web', title: SECRET } }),
  ];

  async function stored(
    governor: Governor,
  ): Promise<{ readonly store: MemoryStore; readonly g: ReturnType<typeof govern> }> {
    const store = new MemoryStore(new OneHotEmbeddings());
    await store.addDocuments(pages());
    return { store, g: govern(governor, { subject: ADA }) };
  }

  it('is left out when it is blocked, its metadata too, by each way of searching', async () => {
    const governor = await governed(BLOCKING);
    const { store, g } = await stored(governor);
    const searched = g.vectorStore(store);
    const ways = [
      await g.retriever(store.asRetriever()).invoke('well'),
      await searched.asRetriever().invoke('well'),
      await searched.similaritySearch('well', 3),
      (await searched.similaritySearchWithScore('well', 3)).map(([document]) => document),
      (await searched.similaritySearchVectorWithScore([1, 1, 1], 3)).map(([document]) => document),
    ];
    for (const found of ways) expect(found.map(({ metadata }) => metadata['source'])).toEqual(['wiki']);
    await governor.close();
  });

  it('is masked where the policy redacts, before callbacks see it', async () => {
    const governor = await governed(REDACTING);
    const { store, g } = await stored(governor);
    const told: unknown[] = [];
    const handleRetrieverEnd = (documents: unknown): void => void told.push(documents);
    const found = await g.retriever(store.asRetriever()).invoke('well', { callbacks: [{ handleRetrieverEnd }] });
    expect(said([found, told])).not.toContain(SECRET);
    expect(found.map(({ pageContent }) => pageContent)).toContain(`It is ${MASK}.`);
    expect(found.every((document) => document instanceof Document)).toBe(true);
    await governor.close();
  });

  it('is labelled by where it comes from, and the label binds what follows', async () => {
    const governor = await governed({
      policy: 'flow',
      version: 1,
      rules: [
        { id: 'web', on: 'retrieval', when: 'attributes.source == "web"', label: 'untrusted' },
        { id: 'send', on: 'tool_call', tool: 'send', when: 'label("untrusted")', then: 'block', reason: 'P_FLOW' },
      ],
    });
    const { store, g } = await stored(governor);
    const [send] = g.tools([tool(() => 'sent', { name: 'send', description: 'x', schema: z.object({}) })]);
    expect(await send.invoke({})).toBe('sent');
    await g.retriever(store.asRetriever()).invoke('well');
    expect(await failing(send.invoke({}))).toMatchObject({ denial: { reason: 'P_FLOW' } });
    await governor.close();
  });

  it('is decided on before it is written or embedded', async () => {
    const governor = await governed({ ...BLOCKING, policy: 'writes' });
    const { store, g } = await stored(governor);
    const [, secret] = pages();
    expect(await failing(g.vectorStore(store).addDocuments([secret!]))).toMatchObject({
      denial: { reason: 'P_PROMPT' },
    });
    expect(await failing(g.vectorStore(store).addVectors([[1, 0, 0]], [secret!]))).toMatchObject({
      denial: { reason: 'P_PROMPT' },
    });
    expect(store.size).toBe(3);
    const embeddings = g.embeddings(new OneHotEmbeddings());
    expect(await failing(embeddings.embedQuery(SECRET))).toMatchObject({ denial: { reason: 'P_PROMPT' } });
    expect(await failing(embeddings.embedDocuments(['fine', SECRET]))).toMatchObject({
      denial: { reason: 'P_PROMPT' },
    });
    expect(await embeddings.embedDocuments(['fine', 'too'])).toHaveLength(2);
    await governor.close();
  });

  it('is stopped by a callback that finds it', async () => {
    const governor = await governed(BLOCKING);
    const { store } = await stored(governor);
    expect(await failing(store.asRetriever().invoke('well', handler(governor)))).toMatchObject({
      denial: { reason: 'P_WORD' },
    });
    await governor.close();
  });
});
