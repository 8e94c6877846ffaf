import { describe, expect, it } from 'vitest';
import { mediaIn, unreadIn, withoutBytes } from '../src/index.ts';

const BASE64 = 'iVBORw0KGgo'.repeat(8);

describe('media that nobody reads', () => {
  it.each([
    ['a block of LangChain', { type: 'image', mimeType: 'image/png', data: BASE64 }, 'image/png'],
    ['its older shape', { type: 'image', source_type: 'base64', mime_type: 'image/png', data: BASE64 }, 'image/png'],
    ['a block of OpenAI', { type: 'image_url', image_url: { url: `data:image/png;base64,${BASE64}` } }, 'image/png'],
    ['an address', { type: 'image_url', image_url: { url: 'https://x.example/a.png' } }, 'image/*'],
    ['sound', { type: 'input_audio', input_audio: { data: BASE64, format: 'wav' } }, 'audio/*'],
    ['a file that is kept elsewhere', { type: 'file', file: { file_id: 'f_1' } }, 'application/octet-stream'],
    ['a block of Google', { inlineData: { mimeType: 'image/webp', data: BASE64 } }, 'image/webp'],
    ['one of Google that is kept elsewhere', { fileData: { mimeType: 'Video/MP4', fileUri: 'gs://x' } }, 'video/mp4'],
    [
      'a block of Anthropic',
      { type: 'image', source: { type: 'base64', media_type: 'image/gif', data: BASE64 } },
      'image/gif',
    ],
    [
      'a block of the AI SDK',
      { type: 'file', mediaType: 'application/pdf', data: { type: 'data', data: 'JVBE' } },
      'application/pdf',
    ],
    ['what a tool of MCP answers', { type: 'audio', mimeType: 'audio/wav', data: BASE64 }, 'audio/wav'],
  ])('%s is listed once, with its type', (_name, block, type) => {
    expect(mediaIn({ content: ['words', block] }, 'result').map((one) => one.type)).toEqual([type]);
    expect(mediaIn({ content: [block] }, 'result')[0]?.path).toMatch(/^result\.content\[0\]/);
  });

  it.each([
    ['text in a file', { type: 'file', mediaType: 'text/csv', data: btoa('a,b') }],
    ['a document of text', { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'A page.' } }],
    ['a document that was found', { type: 'document', source: 'web', id: 'd_1', title: 'A page' }],
    ['a file in a list', { type: 'file', name: 'a.png', size: 3 }],
    ['words', { type: 'text', text: 'A picture of data:image/png' }],
  ])('%s is none', (_name, block) => {
    expect(mediaIn({ content: [block] }, 'result')).toEqual([]);
  });

  it('is told to an event by its addresses and its types', () => {
    const unread = mediaIn(
      [
        { type: 'image', url: 'https://x' },
        { type: 'image', url: 'https://y' },
      ],
      'messages[0].parts',
    );
    expect(unreadIn(unread)).toEqual({
      media: ['messages[0].parts[0]', 'messages[0].parts[1]'],
      attributes: { unread: ['image/*'] },
    });
    expect(unreadIn([])).toEqual({});
  });

  it('loses its bytes, and keeps its words', () => {
    const value = { type: 'file', filename: 'a.png', mimeType: 'image/png', data: BASE64 };
    expect(withoutBytes(value)).toEqual({ type: 'file', filename: 'a.png', mimeType: 'image/png' });
  });
});
