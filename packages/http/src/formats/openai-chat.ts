import { isObject, notice, wire, type EventData, type StreamFormat } from './format.ts';
import { Shape } from './shape.ts';

const CHUNK = new Shape({
  continued: {
    'choices[index].delta.content': 'text',
    'choices[index].delta.content[*].text': ['text', 'choices.delta.content'],
    'choices[index].delta.content[*].thinking[*].text': ['reasoning', 'choices.delta.reasoning'],
    'choices[index].delta.refusal': 'text',
    'choices[index].delta.reasoning_content': 'reasoning',
    'choices[index].delta.reasoning': 'reasoning',
    // Completions carry their text in the choice itself.
    'choices[index].text': 'text',
    // Log probabilities spell the text again, token by token.
    'choices[index].logprobs.content[*].token': ['text', 'choices.logprobs'],
    'choices[index].logprobs.refusal[*].token': ['text', 'choices.logprobs'],
  },
  input: [
    'choices[index].delta.function_call.arguments',
    'choices[index].delta.tool_calls[index].function.arguments',
    'choices[index].delta.tool_calls[index].custom.input',
  ],
  apart: ['object', 'model', 'service_tier', 'usage.**', 'choices[*].delta.tool_calls[*].type'],
  exempt: [
    ...['id', 'created', 'system_fingerprint', 'obfuscation', 'choices[*].index', 'choices[*].finish_reason'],
    ...['choices[*].delta.tool_calls[*].index', 'choices[*].delta.tool_calls[*].id', 'choices[*].delta.role'],
    'choices[*].logprobs.content[*].bytes[*]',
    'choices[*].logprobs.content[*].logprob',
    'choices[*].logprobs.content[*].top_logprobs[*].bytes[*]',
    'choices[*].logprobs.content[*].top_logprobs[*].logprob',
  ],
  names: ['top_logprobs', 'bytes'],
  repeats: ['choices[*].logprobs'],
});

/** Members of a delta that say nothing while they are empty. */
const SILENT: ReadonlySet<string> = new Set(['role', 'content', 'refusal']);

/** Chunks of an OpenAI chat completion, and of the many servers that speak the same (Mistral, vLLM, Azure). */
export function openaiChat(): StreamFormat {
  const unfinished = new Set<number>();
  let header: EventData | undefined;

  return {
    read({ data }) {
      if (!isObject(data)) return undefined;
      const choices = choicesOf(data);
      if (choices === undefined) return undefined;
      const ends = choices.flatMap((choice, at) => (isFinished(choice) ? [`[${indexOf(choice, at)}]`] : []));
      return { shape: CHUNK, ends, quiet: choices.length > 0 && choices.every(isSilent) };
    },

    left({ data }) {
      header = data as EventData;
      for (const [at, choice] of (choicesOf(header) ?? []).entries()) {
        if (isFinished(choice)) unfinished.delete(indexOf(choice, at));
        else unfinished.add(indexOf(choice, at));
      }
    },

    ending(problem) {
      const { usage: _usage, choices: _choices, ...fields } = header ?? { object: 'chat.completion.chunk' };
      const indices = unfinished.size > 0 ? [...unfinished].sort((a, b) => a - b) : [0];
      const choices = indices.map((index) => ({ index, delta: {}, finish_reason: 'content_filter' }));
      return [wire({ ...fields, choices, governance: notice(problem) }), { data: '[DONE]' }];
    },
  };
}

function choicesOf({ choices, object }: EventData): readonly EventData[] | undefined {
  if (!Array.isArray(choices) || (choices.length === 0 && object !== 'chat.completion.chunk')) return undefined;
  return choices.every((choice) => isObject(choice) && ('delta' in choice || 'text' in choice))
    ? (choices as readonly EventData[])
    : undefined;
}

const indexOf = (choice: EventData, at: number): number => (typeof choice['index'] === 'number' ? choice['index'] : at);

const isFinished = ({ finish_reason: reason }: EventData): boolean => reason !== null && reason !== undefined;

function isSilent(choice: EventData): boolean {
  const { delta, text } = choice;
  if (isFinished(choice) || text !== undefined || !isObject(delta)) return false;
  for (const name in delta) {
    const value = delta[name];
    if (!SILENT.has(name) || (name !== 'role' && value !== '' && value !== null)) return false;
  }
  return true;
}
