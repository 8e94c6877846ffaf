// OpenAI Chat Completions. `M-…` stands in every field that carries words of the answer.
import { sse, type Call, type Data, type Reply } from './fetch.ts';

export interface ChatAnswer {
  readonly texts?: readonly string[];
  readonly reasoning?: string;
  readonly call?: Call;
  readonly calls?: readonly Call[];
  /** The id of the answer. */
  readonly id?: string;
}

const USAGE = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };

export function openaiChat(
  { texts = [], reasoning, call, calls = call === undefined ? [] : [call], id = 'cc1' }: ChatAnswer,
  stream: boolean,
): Reply {
  return stream
    ? { sse: sse(streamOf(texts, reasoning, calls, id)) }
    : { json: wholeOf(texts.join(''), reasoning, calls, id) };
}

const token = (text: string): Data => ({
  token: text,
  logprob: -0.1,
  bytes: [...new TextEncoder().encode(text)],
  top_logprobs: [{ token: `ALT-${text}`, logprob: -2, bytes: [] }],
});

const piece = (id: string, delta: Data, choice: Data = {}, more: Data = {}): Data => ({
  id,
  object: 'chat.completion.chunk',
  created: 1,
  model: 'gpt-x',
  system_fingerprint: 'fp',
  choices: [{ index: 0, delta, finish_reason: null, ...choice }],
  ...more,
});

function streamOf(
  texts: readonly string[],
  reasoning: string | undefined,
  calls: readonly Call[],
  id: string,
): (Data | string)[] {
  return [
    piece(id, { role: 'assistant', content: '' }),
    ...(reasoning === undefined ? [] : [piece(id, { reasoning_content: reasoning })]),
    ...texts.map((text) => piece(id, { content: text }, { logprobs: { content: [token(text)], refusal: null } })),
    ...calls.flatMap(({ name, args }, index) => [
      piece(id, {
        tool_calls: [{ index, id: `${id}-call-${index}`, type: 'function', function: { name, arguments: '' } }],
      }),
      ...(args.match(/[\s\S]{1,7}/g) ?? []).map((text) =>
        piece(id, { tool_calls: [{ index, function: { arguments: text } }] }),
      ),
    ]),
    piece(id, {}, { finish_reason: calls.length === 0 ? 'stop' : 'tool_calls' }),
    piece(id, {}, {}, { choices: [], usage: USAGE }),
    '[DONE]',
  ];
}

function wholeOf(text: string, reasoning: string | undefined, calls: readonly Call[], id: string): Data {
  const message = {
    role: 'assistant',
    content: text,
    refusal: null,
    ...(reasoning !== undefined && { reasoning_content: reasoning }),
    ...(calls.length > 0 && {
      tool_calls: calls.map(({ name, args }, index) => ({
        id: `${id}-call-${index}`,
        type: 'function',
        function: { name, arguments: args },
      })),
    }),
  };
  const choice = {
    index: 0,
    finish_reason: calls.length === 0 ? 'stop' : 'tool_calls',
    logprobs: { content: [token(text)], refusal: null },
    message,
  };
  return { id, object: 'chat.completion', created: 1, model: 'gpt-x', choices: [choice], usage: USAGE };
}
