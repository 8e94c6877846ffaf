import { hasOnly, isObject, notice, str, wire, type EventData, type StreamFormat } from './format.ts';
import { Shape } from './shape.ts';

const BLOCK = new Shape({
  continued: {
    'delta.text': ['text', 'text'],
    'delta.thinking': ['reasoning', 'thinking'],
    'content_block.text': ['text', 'text'],
    'content_block.thinking': ['reasoning', 'thinking'],
  },
  input: ['delta.partial_json'],
  apart: ['delta.type', 'content_block.type', 'content_block.name', 'content_block.input.**'],
  exempt: [
    'type',
    'index',
    'delta.signature',
    'content_block.signature',
    'content_block.id',
    'content_block.tool_use_id',
  ],
  identity: ['index'],
});
const MESSAGE = new Shape({
  apart: ['message.**', 'usage.**', 'delta.stop_reason', 'delta.stop_sequence', 'error.**'],
  exempt: ['type', 'message.id', 'request_id'],
});

const BLOCK_EVENTS: ReadonlySet<string> = new Set(['content_block_start', 'content_block_delta', 'content_block_stop']);

/** Events of the Anthropic messages protocol. */
export function anthropic(): StreamFormat {
  const open = new Set<number>();
  let recognised = false;

  return {
    read({ data }) {
      if (!isObject(data)) return undefined;
      const type = str(data['type']);
      const isBlock = BLOCK_EVENTS.has(type) && typeof data['index'] === 'number';
      if (!isBlock && !isMessageEvent(type, data, recognised)) return undefined;
      recognised = true;
      if (!isBlock)
        return { shape: MESSAGE, quiet: type === 'message_start' || type === 'ping', ping: type === 'ping' };
      const ends = type === 'content_block_stop' ? [`[${String(data['index'])}]`] : [];
      return { shape: BLOCK, ends, quiet: type !== 'content_block_stop' && isSilent(data) };
    },

    left({ data }) {
      if (!isObject(data)) return;
      const index = data['index'] as number;
      if (data['type'] === 'content_block_start') open.add(index);
      else if (data['type'] === 'content_block_stop') open.delete(index);
    },

    ending(problem) {
      const delta = { stop_reason: 'refusal', stop_sequence: null };
      const events = [
        ...[...open].map((index) => ({ type: 'content_block_stop', index })),
        { type: 'message_delta', delta, usage: { output_tokens: 0 }, governance: notice(problem) },
        { type: 'message_stop' },
      ];
      return events.map((event) => wire(event, event.type));
    },
  };
}

function isMessageEvent(type: string, data: EventData, recognised: boolean): boolean {
  if (type === 'message_start') return isObject(data['message']);
  if (type === 'message_delta') return isObject(data['delta']);
  if (type === 'message_stop') return recognised || hasOnly(data, 'type');
  return type === 'ping' && recognised && hasOnly(data, 'type');
}

/** A block that begins empty, or a delta without text. */
function isSilent({ delta, content_block: block }: EventData): boolean {
  const told = isObject(delta) ? delta : block;
  if (!isObject(told)) return false;
  const { text, thinking, partial_json: json, input, type } = told;
  if (!['text', 'thinking', 'tool_use', 'text_delta', 'thinking_delta', 'input_json_delta'].includes(str(type)))
    return false;
  const isEmpty = input === undefined || (isObject(input) && Object.keys(input).length === 0);
  return isEmpty && [text, thinking, json].every((value) => value === undefined || value === '');
}
