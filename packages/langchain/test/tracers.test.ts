// What tracers of LangChain record: of answers, tools and documents what was released; of prompts what was asked.
import { Document } from '@langchain/core/documents';
import { HumanMessage } from '@langchain/core/messages';
import { BaseRetriever } from '@langchain/core/retrievers';
import { tool } from '@langchain/core/tools';
import { LangChainTracer } from '@langchain/core/tracers/tracer_langchain';
import { createAgent } from 'langchain';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { governanceMiddleware, governChatModel, governRetriever, governTool } from '../src/index.ts';
import { ADA, BLOCKING, governed, MASK, REDACTING, said, SECRET } from './harness.ts';
import { ScriptedModel } from './scripted-model.ts';

process.env['LANGCHAIN_CALLBACKS_BACKGROUND'] = 'false';

/** LangSmith's own tracer, and what its client would send. */
function tracer(): { readonly callbacks: [LangChainTracer]; readonly sent: unknown[] } {
  const sent: unknown[] = [];
  const send = async (...run: unknown[]): Promise<void> => void sent.push(structuredClone(plain(run)));
  const client = { createRun: send, updateRun: send, awaitPendingTraceBatches: async () => undefined };
  return { callbacks: [new LangChainTracer({ client })], sent };
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? 'null');

const LEAK = [
  { kind: 'text' as const, text: 'It is TOP' },
  { kind: 'text' as const, text: 'SECRET, and more.' },
];
const FINE = [{ kind: 'text' as const, text: 'All is well.' }];

class Shelf extends BaseRetriever {
  lc_namespace: string[] = ['test'];
  override async _getRelevantDocuments(): Promise<Document[]> {
    return [new Document({ pageContent: `It is ${SECRET}.` }), new Document({ pageContent: 'A page.' })];
  }
}

const look = () => tool(() => `The page says ${SECRET}.`, { name: 'look', description: 'looks', schema: z.object({}) });

describe('LangSmith is told', () => {
  it.each(['stream', 'invoke'] as const)('of an answer what was released (%s)', async (way) => {
    for (const [policy, seen] of [
      [BLOCKING, 'content_filter'],
      [REDACTING, MASK],
    ] as const) {
      const governor = await governed(policy);
      const { callbacks, sent } = tracer();
      const model = governChatModel(new ScriptedModel([LEAK]), { governor, subject: ADA });
      if (way === 'invoke') await model.invoke('hello', { callbacks });
      else for await (const _ of await model.stream('hello', { callbacks }));
      expect(said(sent)).not.toContain(SECRET);
      expect(said(sent)).toContain(seen);
      await governor.close();
    }
  });

  it('of an agent, its tools and what they answer what was released', async () => {
    const governor = await governed(BLOCKING);
    const { callbacks, sent } = tracer();
    const agent = createAgent({
      model: new ScriptedModel([[{ kind: 'call', tool: 'look', args: {} }], LEAK]),
      tools: [look()],
      middleware: governanceMiddleware({ governor, subject: ADA }) as never,
    });
    await agent.invoke({ messages: [new HumanMessage('hello')] } as never, { callbacks } as never);
    expect(said(sent)).not.toContain(SECRET);
    expect(said(sent)).toContain('P_WORD');
    await governor.close();
  });

  it('of a tool and of documents what was released', async () => {
    const governor = await governed(BLOCKING);
    const { callbacks, sent } = tracer();
    const options = { governor, subject: ADA };
    const call = { type: 'tool_call', id: 'c', name: 'look', args: {} };
    await governTool(look(), options).invoke(call as never, { callbacks });
    await governRetriever(new Shelf(), options).invoke('hello', { callbacks });
    expect(said(sent)).not.toContain(SECRET);
    expect(said(sent)).toContain('A page.');
    await governor.close();
  });

  it('of all of it where nothing is governed: it would be told', async () => {
    const { callbacks, sent } = tracer();
    await new ScriptedModel([LEAK]).invoke('hello', { callbacks });
    await look().invoke({ type: 'tool_call', id: 'c', name: 'look', args: {} } as never, { callbacks });
    await new Shelf().invoke('hello', { callbacks });
    expect(said(sent).split(SECRET).length).toBeGreaterThan(3);
  });

  it('of a prompt what was asked, which the documentation says first', async () => {
    const governor = await governed(REDACTING);
    const { callbacks, sent } = tracer();
    const model = governChatModel(new ScriptedModel([FINE]), { governor, subject: ADA });
    await model.invoke(`It is ${SECRET}.`, { callbacks });
    expect(said(sent)).toContain(SECRET);
    await governor.close();
  });
});
