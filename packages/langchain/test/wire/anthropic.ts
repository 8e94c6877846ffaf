// Anthropic Messages: thinking, server tools, citations.
import { sse, type Data, type Reply } from './fetch.ts';

export function anthropic(texts: readonly string[], stream: boolean): Reply {
  const blocks = blocksOf(texts);
  if (stream) return { sse: sse(streamOf(texts, blocks), true) };
  const usage = { input_tokens: 3, output_tokens: 4 };
  const stop = { stop_reason: 'tool_use', stop_sequence: 'M-STOPSEQ' };
  return { json: { id: 'm1', type: 'message', role: 'assistant', model: 'claude-x', content: blocks, ...stop, usage } };
}

const CITATION = {
  type: 'web_search_result_location',
  cited_text: 'M-CITED',
  url: 'https://x/M-CITURL',
  title: 'M-CITTITLE',
  encrypted_index: 'M-CITENC',
};

function blocksOf(texts: readonly string[]): Data[] {
  const result = {
    type: 'web_search_result',
    url: 'https://x/M-WSURL',
    title: 'M-WSTITLE',
    encrypted_content: 'M-WSENC',
    page_age: null,
  };
  return [
    { type: 'thinking', thinking: 'M-THINK', signature: 'M-SIG' },
    { type: 'redacted_thinking', data: 'M-REDACTED' },
    { type: 'server_tool_use', id: 'st_1', name: 'web_search', input: { query: 'M-STQUERY' } },
    { type: 'web_search_tool_result', tool_use_id: 'st_1', content: [result] },
    { type: 'text', text: texts.join(''), citations: [CITATION] },
    { type: 'tool_use', id: 'tu_1', name: 'send', input: { to: 'M-TUARGS' } },
  ];
}

function streamOf(texts: readonly string[], blocks: readonly Data[]): Data[] {
  const message = {
    ...{ id: 'm1', type: 'message', role: 'assistant', model: 'claude-x', content: [] },
    ...{ stop_reason: null, stop_sequence: null, usage: { input_tokens: 3, output_tokens: 0 } },
  };
  const events: Data[] = [{ type: 'message_start', message }];
  const block = (index: number, start: Data, ...deltas: readonly Data[]): void => {
    events.push({ type: 'content_block_start', index, content_block: start });
    for (const delta of deltas) events.push({ type: 'content_block_delta', index, delta });
    events.push({ type: 'content_block_stop', index });
  };
  const input = (text: string): Data => ({ type: 'input_json_delta', partial_json: text });
  block(
    0,
    { type: 'thinking', thinking: '', signature: '' },
    { type: 'thinking_delta', thinking: 'M-THINK' },
    { type: 'signature_delta', signature: 'M-SIG' },
  );
  block(1, blocks[1]!);
  block(2, { ...blocks[2], input: {} }, input('{"query":"M-STQ'), input('UERY"}'));
  block(3, blocks[3]!);
  block(4, { type: 'text', text: '', citations: [] }, ...texts.map((text) => ({ type: 'text_delta', text })), {
    type: 'citations_delta',
    citation: CITATION,
  });
  block(5, { ...blocks[5], input: {} }, input('{"to":"M-TU'), input('ARGS"}'));
  events.push(
    {
      type: 'message_delta',
      delta: { stop_reason: 'tool_use', stop_sequence: 'M-STOPSEQ' },
      usage: { output_tokens: 4 },
    },
    { type: 'message_stop' },
  );
  return events;
}
