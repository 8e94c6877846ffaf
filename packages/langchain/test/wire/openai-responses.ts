// OpenAI Responses: server tools, annotations, and a last event that repeats the whole answer.
import { sse, type Data, type Reply } from './fetch.ts';

export function openaiResponses(texts: readonly string[], stream: boolean): Reply {
  const output = outputOf(texts);
  return stream ? { sse: sse(streamOf(texts, output), true) } : { json: responseOf(output) };
}

const ANNOTATION = {
  type: 'url_citation',
  url: 'https://x/M-ANNURL',
  title: 'M-ANNTITLE',
  start_index: 0,
  end_index: 1,
};

function outputOf(texts: readonly string[]): Data[] {
  const logprobs = [{ token: 'M-LP', logprob: -1, bytes: [], top_logprobs: [] }];
  return [
    { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'M-RSUM' }], encrypted_content: 'M-RENC' },
    { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'M-WSQUERY' } },
    {
      ...{ type: 'code_interpreter_call', id: 'ci_1', status: 'completed', container_id: 'c' },
      ...{ code: 'print("M-CICODE")', outputs: [{ type: 'logs', logs: 'M-CILOGS' }] },
    },
    { type: 'mcp_call', id: 'mcp_1', server_label: 's', name: 't', arguments: '{"a":"M-MCPARGS"}', output: 'M-MCPOUT' },
    {
      type: 'image_generation_call',
      id: 'ig_1',
      status: 'completed',
      result: 'TS1JR0I2NA==',
      revised_prompt: 'M-IGPROMPT',
    },
    {
      ...{ type: 'message', id: 'msg_1', role: 'assistant', status: 'completed' },
      content: [{ type: 'output_text', text: texts.join(''), logprobs, annotations: [ANNOTATION] }],
    },
    {
      type: 'function_call',
      id: 'fc_1',
      call_id: 'call_1',
      name: 'send',
      arguments: '{"to":"M-FCARGS"}',
      status: 'completed',
    },
  ];
}

const responseOf = (output: readonly Data[], status = 'completed'): Data => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  status,
  model: 'gpt-x',
  output,
  parallel_tool_calls: true,
  metadata: {},
  instructions: null,
  text: { format: { type: 'text' } },
  tools: [],
  usage: {
    input_tokens: 3,
    output_tokens: 4,
    total_tokens: 7,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens_details: { reasoning_tokens: 0 },
  },
});

function streamOf(texts: readonly string[], output: readonly Data[]): Data[] {
  const events: Data[] = [];
  const say = (type: string, more: Data): void =>
    void events.push({ type: `response.${type}`, sequence_number: events.length, ...more });
  const item = (index: number): Data => output[index]!;
  say('created', { response: responseOf([], 'in_progress') });
  say('output_item.added', { output_index: 0, item: { ...item(0), summary: [] } });
  const summary = { item_id: 'rs_1', output_index: 0, summary_index: 0 };
  say('reasoning_summary_part.added', { ...summary, part: { type: 'summary_text', text: '' } });
  say('reasoning_summary_text.delta', { ...summary, delta: 'M-RSUM' });
  say('reasoning_summary_text.done', { ...summary, text: 'M-RSUM' });
  say('output_item.done', { output_index: 0, item: item(0) });
  for (const index of [1, 2, 3, 4]) {
    const place = { item_id: item(index)['id'], output_index: index };
    say('output_item.added', { output_index: index, item: item(index) });
    if (index === 2) say('code_interpreter_call_code.delta', { ...place, delta: 'print("M-CICODE")' });
    if (index === 3) say('mcp_call_arguments.delta', { ...place, delta: '{"a":"M-MCPARGS"}' });
    if (index === 4)
      say('image_generation_call.partial_image', {
        ...place,
        partial_image_index: 0,
        partial_image_b64: 'TS1JR1BBUlQ=',
      });
    say('output_item.done', { output_index: index, item: item(index) });
  }
  const part = { item_id: 'msg_1', output_index: 5, content_index: 0 };
  const [said] = item(5)['content'] as readonly Data[];
  say('output_item.added', { output_index: 5, item: { ...item(5), content: [] } });
  say('content_part.added', { ...part, part: { type: 'output_text', text: '', annotations: [] } });
  for (const text of texts)
    say('output_text.delta', { ...part, delta: text, logprobs: [{ token: text, logprob: -1, top_logprobs: [] }] });
  say('output_text.annotation.added', { ...part, annotation_index: 0, annotation: ANNOTATION });
  say('output_text.done', { ...part, text: texts.join('') });
  say('content_part.done', { ...part, part: said });
  say('output_item.done', { output_index: 5, item: item(5) });
  const call = { item_id: 'fc_1', output_index: 6 };
  say('output_item.added', { output_index: 6, item: { ...item(6), arguments: '' } });
  say('function_call_arguments.delta', { ...call, delta: '{"to":"M-FCARGS"}' });
  say('function_call_arguments.done', { ...call, arguments: '{"to":"M-FCARGS"}' });
  say('output_item.done', { output_index: 6, item: item(6) });
  say('completed', { response: responseOf(output) });
  return events;
}
