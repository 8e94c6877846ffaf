import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import { reasoning, text, toolCall, USAGE } from './models.ts';

// Streams in the shapes that providers of the SDK give them: what stands beside the text differs from one to the next.

const metadata = (
  provider: string,
  fields: Record<string, string>,
): { readonly [provider: string]: Record<string, string> } => ({
  [provider]: fields,
});

const opening: Part[] = [
  { type: 'stream-start', warnings: [] },
  { type: 'response-metadata', id: 'resp_1', modelId: 'model-2026', timestamp: new Date(0) },
];

const closing = (unified: 'stop' | 'tool-calls' | 'length', providerMetadata?: ReturnType<typeof metadata>): Part => ({
  type: 'finish',
  usage: USAGE,
  finishReason: { unified, raw: unified },
  ...(providerMetadata !== undefined && { providerMetadata }),
});

export const SHAPES: { readonly [name: string]: readonly Part[] } = {
  'plain text': [...opening, ...text('txt-0', 'Hel', 'lo, ', 'wor', 'ld.'), closing('stop')],
  'items with ids': [
    ...opening,
    { type: 'reasoning-start', id: 'rs_1:0', providerMetadata: metadata('openai', { itemId: 'rs_1' }) },
    {
      type: 'reasoning-delta',
      id: 'rs_1:0',
      delta: 'First, th',
      providerMetadata: metadata('openai', { itemId: 'rs_1' }),
    },
    {
      type: 'reasoning-delta',
      id: 'rs_1:0',
      delta: 'ink.',
      providerMetadata: metadata('openai', { itemId: 'rs_1' }),
    },
    { type: 'reasoning-end', id: 'rs_1:0', providerMetadata: metadata('openai', { itemId: 'rs_1', encrypted: 'x' }) },
    { type: 'text-start', id: 'msg_1', providerMetadata: metadata('openai', { itemId: 'msg_1' }) },
    { type: 'text-delta', id: 'msg_1', delta: 'Then ' },
    { type: 'text-delta', id: 'msg_1', delta: 'speak.' },
    { type: 'text-end', id: 'msg_1', providerMetadata: metadata('openai', { itemId: 'msg_1' }) },
    closing('stop', metadata('openai', { responseId: 'resp_1' })),
  ],
  'signed reasoning, then a call': [
    ...opening,
    ...reasoning('0', 'I need ', 'the order.').slice(0, -1),
    { type: 'reasoning-delta', id: '0', delta: '', providerMetadata: metadata('anthropic', { signature: 'sig' }) },
    { type: 'reasoning-end', id: '0' },
    ...text('1', 'I will ', 'look it up.'),
    ...toolCall('toolu_1', 'lookup', { order: 17 }),
    { type: 'ping' },
    closing('tool-calls', metadata('anthropic', { cache: 'none' })),
  ],
  'a search by the provider, with sources': [
    ...opening,
    { type: 'tool-input-start', id: 'srv_1', toolName: 'web_search', providerExecuted: true, dynamic: true },
    { type: 'tool-input-delta', id: 'srv_1', delta: '{"q":"flyball"}' },
    { type: 'tool-input-end', id: 'srv_1' },
    {
      type: 'tool-call',
      toolCallId: 'srv_1',
      toolName: 'web_search',
      input: '{"q":"flyball"}',
      providerExecuted: true,
      dynamic: true,
    },
    {
      type: 'tool-result',
      toolCallId: 'srv_1',
      toolName: 'web_search',
      result: { hits: ['a governor'] },
      dynamic: true,
    },
    { type: 'source', sourceType: 'url', id: 's1', url: 'https://example.org/', title: 'Governors' },
    ...text('0', 'It is ', 'a governor.').slice(0, -1),
    { type: 'source', sourceType: 'document', id: 's2', mediaType: 'text/plain', title: 'Notes' },
    {
      type: 'text-end',
      id: '0',
      citations: [
        {
          source: { type: 'source', sourceType: 'url', id: 's1', url: 'https://example.org/' },
          citedText: 'a governor',
        },
      ],
    },
    closing('stop'),
  ],
  'parallel calls without streamed input': [
    ...opening,
    {
      type: 'tool-call',
      toolCallId: 'c1',
      toolName: 'lookup',
      input: '{"order":1}',
      providerMetadata: metadata('google', { thoughtSignature: 's' }),
    },
    { type: 'tool-call', toolCallId: 'c2', toolName: 'lookup', input: '' },
    closing('tool-calls'),
  ],
  'files, custom parts and raw chunks': [
    ...opening,
    { type: 'raw', rawValue: { event: 'start' } },
    { type: 'custom', kind: 'acme.citation', providerMetadata: metadata('acme', { note: 'see page 2' }) },
    { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'iVBORw0KGgo=' } },
    { type: 'reasoning-file', mediaType: 'image/png', data: { type: 'data', data: new Uint8Array([1, 2, 3]) } },
    { type: 'raw', rawValue: { event: 'text', text: 'Done.' } },
    ...text('0', 'Done.'),
    closing('stop'),
  ],
  'two blocks at once': [
    ...opening,
    { type: 'text-start', id: 'a' },
    { type: 'text-start', id: 'b' },
    { type: 'text-delta', id: 'a', delta: 'left ' },
    { type: 'text-delta', id: 'b', delta: 'right ' },
    { type: 'text-delta', id: 'a', delta: 'hand.' },
    { type: 'text-end', id: 'a' },
    { type: 'text-delta', id: 'b', delta: 'hand.' },
    { type: 'text-end', id: 'b' },
    closing('stop'),
  ],
  'an error on the way': [
    ...opening,
    ...text('0', 'Half').slice(0, 2),
    { type: 'error', error: new Error('overloaded') },
    closing('length'),
  ],
  'nothing at all': [...opening, closing('stop')],
};
