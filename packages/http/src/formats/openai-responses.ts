import { isObject, notice, str, wire, type EventData, type StreamFormat } from './format.ts';
import { Shape, type ShapeInit } from './shape.ts';

const IDS: readonly string[] = ['sequence_number', 'output_index', 'content_index', 'summary_index', 'item_id'];
const COMMON = {
  apart: ['type'],
  exempt: [...IDS, 'obfuscation'],
  identity: ['item_id', 'content_index', 'summary_index'],
} satisfies ShapeInit;
const LOGPROBS: ShapeInit = { repeats: ['logprobs'] };

/** Deltas by the middle of the event's type: `response.<middle>.delta`. */
const DELTAS: ReadonlyMap<string, Shape> = new Map([
  ['output_text', text('text', LOGPROBS)],
  ['refusal', text('text')],
  ['audio_transcript', text('text')],
  ['reasoning_text', text('reasoning')],
  ['reasoning_summary_text', text('reasoning')],
  ['function_call_arguments', input()],
  ['mcp_call_arguments', input()],
  ['custom_tool_call_input', input()],
  ['code_interpreter_call_code', input()],
]);

/**
 * Everything else: whole values, some of which repeat text that streamed. They are judged again, because they leave
 * again.
 */
const WHOLE = new Shape({
  apart: ['type', 'response.**', 'item.**', 'part.**', 'text', 'refusal', 'arguments', 'input', 'code', 'transcript'],
  exempt: [
    ...COMMON.exempt,
    ...['response.id', 'response.created_at', 'response.completed_at', 'response.previous_response_id'],
    ...['item.id', 'item.call_id', 'item.encrypted_content'],
    ...['response.output[*].id', 'response.output[*].call_id', 'response.output[*].encrypted_content'],
  ],
});

const OPENERS: ReadonlySet<string> = new Set([
  'response.created',
  'response.queued',
  'response.in_progress',
  'response.output_item.added',
  'response.content_part.added',
  'response.reasoning_summary_part.added',
]);

/** Text of one content part of a message that has left, until the part is done. */
interface OpenPart {
  readonly ids: EventData;
  text: string;
}

/** Events of the OpenAI responses protocol. */
export function openaiResponses(): StreamFormat {
  let response: EventData = {};
  let sequence = 0;
  const items = new Map<unknown, EventData>();
  const parts = new Map<string, OpenPart>();

  return {
    read({ data }) {
      if (!isObject(data)) return undefined;
      const type = str(data['type']);
      if (!type.startsWith('response.')) return undefined;
      const [, middle = '', last] = type.split('.');
      const delta = DELTAS.get(middle);
      if (delta === undefined) return { shape: WHOLE, quiet: OPENERS.has(type) && !hasText(data) };
      if (last === 'delta') return { shape: delta, quiet: data['delta'] === '', remembers: true };
      const ids = [data['item_id'], data['content_index'], data['summary_index']].map(
        (id) => `[${typeof id === 'number' ? id : str(id)}]`,
      );
      return { shape: WHOLE, ...(last === 'done' && { ends: [ids.join('')] }) };
    },

    left({ data }) {
      if (!isObject(data)) return;
      const { type, item_id, output_index, content_index, sequence_number, item } = data;
      if (isObject(data['response'])) response = data['response'];
      if (typeof sequence_number === 'number') sequence = sequence_number;
      const key = `${String(item_id)} ${String(content_index)}`;
      if (type === 'response.output_item.added' && isObject(item)) items.set(output_index, item);
      else if (type === 'response.output_item.done') items.delete(output_index);
      else if (type === 'response.output_text.done') parts.delete(key);
      else if (type === 'response.output_text.delta') {
        const part = parts.get(key) ?? { ids: { item_id, output_index, content_index }, text: '' };
        part.text += str(data['delta']);
        parts.set(key, part);
      }
    },

    ending(problem) {
      const events: EventData[] = [];
      for (const { ids, text } of parts.values()) {
        const part = { type: 'output_text', text, annotations: [] };
        events.push({ type: 'response.output_text.done', ...ids, text, logprobs: [] });
        events.push({ type: 'response.content_part.done', ...ids, part });
      }
      const output = Array.isArray(response['output']) ? [...(response['output'] as readonly unknown[])] : [];
      for (const [output_index, item] of items) {
        const texts = [...parts.values()].filter(({ ids }) => ids['output_index'] === output_index);
        const content = texts.map(({ text }) => ({ type: 'output_text', text, annotations: [] }));
        const done = { ...item, status: 'incomplete', ...(content.length > 0 && { content }) };
        events.push({ type: 'response.output_item.done', output_index, item: done });
        output.push(done);
      }
      events.push({
        type: 'response.incomplete',
        response: { ...response, status: 'incomplete', incomplete_details: { reason: 'content_filter' }, output },
        governance: notice(problem),
      });
      return events.map(({ type, ...rest }) => wire({ type, sequence_number: ++sequence, ...rest }, type as string));
    },
  };
}

function text(channel: 'text' | 'reasoning', more: ShapeInit = {}): Shape {
  return new Shape({ ...COMMON, continued: { delta: channel }, ...more });
}

function input(): Shape {
  return new Shape({ ...COMMON, input: ['delta'] });
}

/** An item or a part that is announced and already says something. */
function hasText({ item, part }: EventData): boolean {
  for (const value of [item, part]) {
    if (!isObject(value)) continue;
    const { content, text: said, arguments: given, code, input: asked, summary } = value;
    for (const found of [content, said, given, code, asked, summary]) {
      if (found !== undefined && found !== null && found !== '' && !(Array.isArray(found) && found.length === 0))
        return true;
    }
  }
  return false;
}
