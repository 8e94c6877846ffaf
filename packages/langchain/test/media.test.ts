// Pictures, sound and files: nobody reads them, so policies may refuse them, by their types and at each stage.
import type { PolicyDocument } from '@flyball/core';
import { AIMessage, HumanMessage, type BaseMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { governChatModel, governTool } from '../src/index.ts';
import { ADA, governed, MATCHLESS, said } from './harness.ts';
import { ScriptedModel } from './scripted-model.ts';
import { PROVIDERS, withGlobalFetch } from './wire/providers.ts';

const BYTES = 'iVBORw0KGgo'.repeat(8);
const FINE = [[{ kind: 'text' as const, text: 'fine' }]];
const picture = (mimeType: string) => ({ type: 'image', mimeType, data: BYTES });

const REFUSING: PolicyDocument = { ...MATCHLESS, policy: 'refusing', media: 'block' };
const NO_PNG = (on: 'input' | 'output' | 'tool_result'): PolicyDocument => ({
  policy: 'no-png',
  version: 1,
  rules: [
    {
      id: 'png',
      on,
      when: 'has(attributes.unread) && attributes.unread.exists(t, t == "image/png")',
      then: 'block',
      reason: 'P_PNG',
    },
  ],
});

const reasonOf = ({ response_metadata: metadata }: BaseMessage): unknown =>
  (metadata['flyball'] as { readonly reason?: string } | undefined)?.reason;

async function asked(policy: PolicyDocument, messages: readonly BaseMessage[]): Promise<unknown> {
  const governor = await governed(policy);
  const model = governChatModel(new ScriptedModel(FINE), { governor, subject: ADA });
  const answer = await model.invoke([...messages]);
  await governor.close();
  return reasonOf(answer);
}

describe('a picture', () => {
  const prompt = (mimeType: string): BaseMessage[] => [new HumanMessage({ content: [picture(mimeType)] as never })];

  it('in a prompt is refused where the policy refuses what nobody reads, and where a rule names its type', async () => {
    expect(await asked(REFUSING, prompt('image/png'))).toBe('MEDIA_NOT_READ');
    expect(await asked(REFUSING, [new HumanMessage('hello')])).toBeUndefined();
    expect(await asked(NO_PNG('input'), prompt('image/png'))).toBe('P_PNG');
    expect(await asked(NO_PNG('input'), prompt('image/webp'))).toBeUndefined();
    expect(await asked(MATCHLESS, prompt('image/png'))).toBeUndefined();
  });

  it('in a file of text is none: it is read', async () => {
    const file = {
      type: 'file',
      mimeType: 'text/plain',
      data: btoa('A file that says a few words, and nothing else.'),
    };
    expect(await asked(REFUSING, [new HumanMessage({ content: [file] as never })])).toBeUndefined();
  });

  it.each(['stream', 'invoke'] as const)('in an answer ends it, and its bytes are not seen (%s)', async (way) => {
    for (const policy of [REFUSING, NO_PNG('output')]) {
      const governor = await governed(policy);
      const { make } = PROVIDERS.find(({ name }) => name === 'ChatGoogle')!;
      const { model, wire } = make(['All is well.']);
      const governedModel = governChatModel(model, { governor, subject: ADA });
      const seen: BaseMessage[] = [];
      await withGlobalFetch(wire.fetch, async () => {
        if (way === 'invoke') seen.push(await governedModel.invoke('draw'));
        else for await (const chunk of await governedModel.stream('draw')) seen.push(chunk);
      });
      expect(seen.map(reasonOf).at(-1)).toBe(policy === REFUSING ? 'MEDIA_NOT_READ' : 'P_PNG');
      expect(said(seen)).not.toContain('inlineData');
      await governor.close();
    }
  });

  it('in what a tool answers is judged with the result', async () => {
    const governor = await governed(NO_PNG('tool_result'));
    const draw = tool(() => [[picture('image/png')], undefined], {
      name: 'draw',
      description: 'draws',
      schema: z.object({}),
      responseFormat: 'content_and_artifact',
    });
    const call = { type: 'tool_call', id: 'c', name: 'draw', args: {} };
    const result: unknown = await governTool(draw, { governor, subject: ADA }).invoke(call as never);
    expect([said([result]).includes(BYTES), said([result]).includes('P_PNG')]).toEqual([false, true]);
    await governor.close();
  });

  it('in an earlier answer is part of the prompt', async () => {
    const history = [new HumanMessage('draw'), new AIMessage({ content: [picture('image/png')] as never })];
    expect(await asked(REFUSING, [...history, new HumanMessage('and now?')])).toBe('MEDIA_NOT_READ');
  });
});
