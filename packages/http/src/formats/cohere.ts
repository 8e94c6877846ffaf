import { isObject, str, wire, type EventData, type StreamFormat } from './format.ts';
import { Shape } from './shape.ts';

const EVENT = new Shape({
  continued: {
    'delta.message.content.text': 'text',
    'delta.message.content.thinking': 'reasoning',
    'delta.message.tool_plan': 'text',
  },
  input: ['delta.message.tool_calls.function.arguments'],
  exempt: ['id', 'type', 'index', 'delta.message.tool_calls.id'],
  identity: ['index'],
});
const TYPES: ReadonlySet<string> = new Set([
  ...['message-start', 'message-end', 'content-start', 'content-delta', 'content-end', 'tool-plan-delta'],
  ...['tool-call-start', 'tool-call-delta', 'tool-call-end', 'citation-start', 'citation-end'],
]);

/** Events of Cohere's chat, version 2. */
export function cohere(): StreamFormat {
  const open = new Set<unknown>();
  let id: string | undefined;
  return {
    read({ data }) {
      if (!isObject(data)) return undefined;
      const type = str(data['type']);
      if (!TYPES.has(type) || !(isObject(data['delta']) || type.endsWith('-end'))) return undefined;
      const ends = type === 'tool-call-end' || type === 'content-end' ? [`[${indexOf(data)}]`] : [];
      return { shape: EVENT, ends, quiet: type === 'message-start' };
    },
    left({ data }) {
      if (!isObject(data)) return;
      if (typeof data['id'] === 'string') ({ id } = data as { id: string });
      if (data['type'] === 'content-start') open.add(data['index']);
      else if (data['type'] === 'content-end') open.delete(data['index']);
    },
    ending({ detail }) {
      const ends = [...open].map((index) => ({ type: 'content-end', index }));
      const delta = { finish_reason: 'ERROR', error: detail };
      const end = { type: 'message-end', ...(id !== undefined && { id }), delta };
      return [...ends, end].map((event) => wire(event, event.type));
    },
  };
}

function indexOf({ index }: EventData): string {
  return typeof index === 'number' ? `${index}` : '';
}
