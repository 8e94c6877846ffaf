import type { Channel, BlockPlace } from '@flyball/core/adapter';

import {
  isObject,
  notice,
  protocolTexts,
  type EventData,
  type EventReading,
  type EventText,
  type StreamFormat,
} from './format.ts';

/** Fields of a choice's delta that continue a text, with what kind of text it is. */
const FIELDS: readonly (readonly [field: string, channel: Channel])[] = [
  ['content', 'text'],
  ['refusal', 'text'],
  ['reasoning_content', 'reasoning'],
  ['reasoning', 'reasoning'],
];
const KNOWN: ReadonlySet<string> = new Set([...FIELDS.map(([field]) => field), 'role', 'tool_calls', 'function_call']);

/** Chunks of an OpenAI chat completion, and of the many servers that speak the same. */
export function openaiChat(): StreamFormat {
  /** Blocks that have begun, by choice. */
  const begun = new Map<number, Map<string, BlockPlace>>();
  const unfinished = new Set<number>();
  let header: EventData | undefined;

  const place = (choice: number, channel: Channel, name: string): BlockPlace => {
    const block = `${choice}.${name}`;
    let blocks = begun.get(choice);
    if (blocks === undefined) begun.set(choice, (blocks = new Map<string, BlockPlace>()));
    let known = blocks.get(channel + block);
    if (known === undefined) blocks.set(channel + block, (known = { channel, block }));
    return known;
  };

  return {
    read(data) {
      const { choices } = data;
      if (!Array.isArray(choices) || (choices.length === 0 && data['object'] !== 'chat.completion.chunk'))
        return undefined;
      const texts: EventText[] = [];
      const ends: BlockPlace[] = [];
      let finished = false;
      for (const [at, choice] of (choices as readonly unknown[]).entries()) {
        if (!isObject(choice)) return undefined;
        const index = typeof choice['index'] === 'number' ? choice['index'] : at;
        readChoice(choice, `data.choices[${at}]`, (channel, name) => place(index, channel, name), texts);
        if (choice['finish_reason'] === null || choice['finish_reason'] === undefined) continue;
        finished = true;
        ends.push(...(begun.get(index)?.values() ?? []));
      }
      if (!isPlain(data)) texts.push(...remainder(data));
      return { texts, ends, quiet: texts.length === 0 && !finished && choices.length > 0 } satisfies EventReading;
    },

    left(data) {
      header = data;
      for (const [at, choice] of (data['choices'] as readonly EventData[]).entries()) {
        const index = typeof choice['index'] === 'number' ? choice['index'] : at;
        if (choice['finish_reason'] === null || choice['finish_reason'] === undefined) unfinished.add(index);
        else unfinished.delete(index);
      }
    },

    ending(problem) {
      const { usage: _usage, choices: _choices, ...fields } = header ?? { object: 'chat.completion.chunk' };
      const indices = unfinished.size > 0 ? [...unfinished].sort((a, b) => a - b) : [0];
      const choices = indices.map((index) => ({ index, delta: {}, finish_reason: 'content_filter' }));
      return [{ data: JSON.stringify({ ...fields, choices, governance: notice(problem) }) }, { data: '[DONE]' }];
    },
  };
}

function readChoice(
  choice: EventData,
  path: string,
  place: (channel: Channel, name: string) => BlockPlace,
  texts: EventText[],
): void {
  const add = (channel: Channel, name: string, text: unknown, at: string): void => {
    if (typeof text === 'string' && text !== '') texts.push({ ...place(channel, name), text, path: at });
  };
  // Completions carry their text in the choice itself.
  add('text', 'text', choice['text'], `${path}.text`);
  const delta = choice['delta'];
  if (!isObject(delta)) return;
  for (const [field, channel] of FIELDS) add(channel, field, delta[field], `${path}.delta.${field}`);
  const call = delta['function_call'];
  if (isObject(call)) add('tool_input', 'call', call['arguments'], `${path}.delta.function_call.arguments`);
  if (!Array.isArray(delta['tool_calls'])) return;
  for (const [at, tool] of (delta['tool_calls'] as readonly unknown[]).entries()) {
    if (!isObject(tool) || !isObject(tool['function'])) continue;
    const name = `call${typeof tool['index'] === 'number' ? tool['index'] : at}`;
    add('tool_input', name, tool['function']['arguments'], `${path}.delta.tool_calls[${at}].function.arguments`);
  }
}

const PLAIN_EVENT: ReadonlySet<string> = new Set([
  ...['id', 'object', 'created', 'model', 'choices', 'system_fingerprint', 'service_tier', 'usage', 'obfuscation'],
]);
const PLAIN_CHOICE: ReadonlySet<string> = new Set(['index', 'delta', 'finish_reason', 'logprobs', 'text']);

/** True for the events that nearly all are: no field besides those that are understood. */
function isPlain(data: EventData): boolean {
  for (const key in data) if (!PLAIN_EVENT.has(key)) return false;
  for (const choice of data['choices'] as readonly EventData[]) {
    for (const key in choice) if (!PLAIN_CHOICE.has(key)) return false;
    const delta = choice['delta'];
    if (isObject(delta)) for (const key in delta) if (!KNOWN.has(key)) return false;
  }
  return true;
}

/** Text in fields that are not understood. Log probabilities repeat the text of their own event and leave with it. */
function remainder(data: EventData): EventText[] {
  return protocolTexts(data).filter(({ path }) => {
    const known = /^data\.(?:choices\[\d+\]\.(?:text$|logprobs\.|delta\.(\w+))|usage\.)/.exec(path!);
    return known === null || (known[1] !== undefined && !KNOWN.has(known[1]));
  });
}
