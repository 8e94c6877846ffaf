import { generateText, jsonSchema, tool, type ModelMessage } from 'ai';
import { describe, expect, test } from 'vitest';
import { govern } from '../src/index.ts';
import { governorWith, PAYLOADS, rule, stream } from './harness.ts';
import { scriptedModel, text, toolCall } from './models.ts';

describe('a conversation in which a message was stopped', () => {
  const subject = { tenant: 'acme', user: 'ada', session: 's1' };
  const turns = (...messages: readonly ModelMessage[]): { readonly messages: ModelMessage[] } => ({
    messages: [...messages],
  });
  const user = (content: string): ModelMessage => ({ role: 'user', content });
  const asked = user(`say ${PAYLOADS.word}`);

  test('goes on: what was stopped is withheld from later prompts', async () => {
    const governor = await governorWith([rule('input', 'block')]);
    const model = scriptedModel(text('1', 'fine'));
    const ask = (...messages: readonly ModelMessage[]) =>
      generateText({ ...govern(governor, { subject, model }), ...turns(...messages) });
    expect((await ask(asked)).finishReason).toBe('content-filter');
    const refusal: ModelMessage = { role: 'assistant', content: 'This was stopped by policy.' };
    expect((await ask(asked, refusal, user('hello'))).text).toBe('fine');
    expect(model.prompts[0]!.prompt[0]).toMatchObject({ content: [{ type: 'text', text: '[withheld]' }] });
    // The same as a new message is stopped again, and what nobody stopped before stops.
    expect((await ask(asked, refusal, asked)).finishReason).toBe('content-filter');
    expect((await ask(user(`${PAYLOADS.word} too`), refusal, user('hello'))).finishReason).toBe('content-filter');
  });

  test('keeps its tool calls and their results in pairs', async () => {
    const governor = await governorWith([rule('input', 'block')]);
    const model = scriptedModel(text('1', 'fine'));
    const call: ModelMessage[] = [
      user('find it'),
      { role: 'assistant', content: [{ type: 'tool-call', toolCallId: 'c1', toolName: 'find', input: { q: 'it' } }] },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: 'c1',
            toolName: 'find',
            output: { type: 'json', value: { found: PAYLOADS.word, n: 1 } },
          },
        ],
      },
    ];
    const ask = (...messages: readonly ModelMessage[]) =>
      generateText({ ...govern(governor, { subject, model }), ...turns(...messages) });
    expect((await ask(...call)).finishReason).toBe('content-filter');
    expect((await ask(...call, { role: 'assistant', content: 'Stopped.' }, user('hello'))).text).toBe('fine');
    expect(model.prompts[0]!.prompt.slice(1, 3)).toMatchObject([
      { content: [{ type: 'tool-call', toolCallId: 'c1' }] },
      { content: [{ toolCallId: 'c1', output: { value: { found: '[withheld]', n: 1 } } }] },
    ]);
  });

  test('stops again where the policy says so', async () => {
    const governor = await governorWith([rule('input', 'block')], { history: 'block' });
    const ask = (...messages: readonly ModelMessage[]) =>
      generateText({
        ...govern(governor, { subject, model: scriptedModel(text('1', 'fine')) }),
        ...turns(...messages),
      });
    await ask(asked);
    expect((await ask(asked, user('hello'))).finishReason).toBe('content-filter');
  });
});

describe('media that nobody reads', () => {
  const png = { type: 'file' as const, mediaType: 'image/png', data: 'iVBORw0KGgo=' };
  const csv = { type: 'file' as const, mediaType: 'text/csv', data: btoa('a,b') };
  const picture: ModelMessage = { role: 'user', content: [png, { type: 'text', text: 'what is it?' }] };

  test.each([
    ['a picture', picture, 'MEDIA_NOT_READ'],
    ['text in a file', { role: 'user', content: [csv] }, undefined],
  ] as [string, ModelMessage, string | undefined][])(
    '%s in a prompt, under `media: block`',
    async (_what, message, reason) => {
      const governor = await governorWith([rule('input', 'block')], { media: 'block' });
      const result = await generateText({
        ...govern(governor, { subject: { tenant: 'acme' }, model: scriptedModel(text('1', 'fine')) }),
        messages: [message],
      });
      expect((result.finalStep.providerMetadata?.['flyball'] as { reason?: string } | undefined)?.reason).toBe(reason);
    },
  );

  test('pass and are counted where the policy does not say so', async () => {
    const governor = await governorWith([rule('input', 'block')]);
    const counted: unknown[] = [];
    governor.events.subscribe((event) => {
      if (event.kind === 'decision') counted.push(event.decision.coverage.media);
    });
    const { text: said } = await generateText({
      ...govern(governor, { subject: { tenant: 'acme' }, model: scriptedModel(text('1', 'fine')) }),
      messages: [picture],
    });
    expect([said, counted[0]]).toEqual(['fine', 1]);
  });

  test('in an answer, and in what a tool answers', async () => {
    const governor = await governorWith([rule(['input', 'output'], 'block')], { media: 'block' });
    const seen = await stream(
      governor,
      scriptedModel([{ type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'iVBORw0KGgo=' } }]),
    );
    expect([seen.finishReason, seen.all.includes('iVBOR')]).toEqual(['content-filter', false]);
    const result = await generateText({
      ...govern(governor, { subject: { tenant: 'acme' }, model: scriptedModel(text('1', 'fine')) }),
      messages: [
        { role: 'user', content: 'draw' },
        { role: 'assistant', content: [{ type: 'tool-call', toolCallId: 'c', toolName: 'draw', input: {} }] },
        {
          role: 'tool',
          content: [
            {
              type: 'tool-result',
              toolCallId: 'c',
              toolName: 'draw',
              output: {
                type: 'content',
                value: [{ type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'iVBORw0KGgo=' } }],
              },
            },
          ],
        },
      ],
    });
    expect(result.finalStep.providerMetadata).toMatchObject({ flyball: { reason: 'MEDIA_NOT_READ' } });
  });

  test.each([
    ['a picture', 'image/png', 'iVBORw0KGgo=', 'P_PICTURE'],
    ['a document', 'application/pdf', 'JVBERi0xLjQ=', undefined],
  ] as const)('%s is judged by its type where a rule names types', async (_what, mediaType, data, expected) => {
    const when = 'has(attributes.unread) && attributes.unread.exists(t, t.startsWith("image/"))';
    const governor = await governorWith([{ id: 'pictures', on: 'input', when, then: 'block', reason: 'P_PICTURE' }]);
    const result = await generateText({
      ...govern(governor, { subject: { tenant: 'acme' }, model: scriptedModel(text('1', 'fine')) }),
      messages: [{ role: 'user', content: [{ type: 'file', mediaType, data }] }],
    });
    const { reason } = (result.finalStep.providerMetadata?.['flyball'] ?? {}) as { readonly reason?: string };
    expect(reason).toBe(expected);
  });

  test.each([
    ['a picture', 'image/png', 'content-filter'],
    ['sound', 'audio/wav', 'stop'],
  ] as const)('%s in an answer is judged by a rule on answers, by its type', async (_what, mediaType, expected) => {
    const when = 'has(attributes.unread) && attributes.unread.exists(t, t.startsWith("image/"))';
    const governor = await governorWith([{ id: 'drawn', on: 'output', when, then: 'block', reason: 'P_DRAWN' }]);
    const drawn = { type: 'file', mediaType, data: { type: 'data', data: 'iVBORw0KGgo=' } } as const;
    const seen = await stream(governor, scriptedModel([drawn, ...text('1', 'Here.')]));
    expect([seen.finishReason, seen.all.includes('iVBOR')]).toEqual([expected, expected === 'stop']);
  });

  test('among what a tool of this process answers are judged with the result', async () => {
    const governor = await governorWith([rule('tool_result', 'block')], { media: 'block' });
    const picture = { content: [{ type: 'image', mimeType: 'image/png', data: 'iVBORw0KGgo'.repeat(8) }] };
    const seen = await stream(governor, scriptedModel(toolCall('c1', 'draw', {}), text('1', 'Done.')), {
      tools: { draw: tool({ inputSchema: jsonSchema({ type: 'object' }), execute: () => picture }) },
    });
    expect([seen.all.includes('iVBORw0KGgo'), seen.all.includes('MEDIA_NOT_READ')]).toEqual([false, true]);
  });
});
