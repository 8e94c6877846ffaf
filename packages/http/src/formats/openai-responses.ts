import type { Channel, BlockPlace } from '@flyball/core/adapter';

import { EMPTY, isObject, notice, protocolTexts, type EventData, type StreamFormat } from './format.ts';

const str = (value: unknown): string => (typeof value === 'string' ? value : '');
const num = (value: unknown): string => (typeof value === 'number' ? `.${value}` : '');

/** Kinds of streamed text by the middle of the event's type: `response.<middle>.delta`. */
const STREAMS: ReadonlyMap<string, Channel> = new Map([
  ['output_text', 'text'],
  ['refusal', 'text'],
  ['audio_transcript', 'text'],
  ['reasoning_text', 'reasoning'],
  ['reasoning_summary_text', 'reasoning'],
  ['function_call_arguments', 'tool_input'],
  ['mcp_call_arguments', 'tool_input'],
  ['custom_tool_call_input', 'tool_input'],
  ['code_interpreter_call_code', 'tool_input'],
]);
const OPENERS: ReadonlySet<string> = new Set([
  'response.created',
  'response.queued',
  'response.in_progress',
  'response.output_item.added',
  'response.content_part.added',
  'response.reasoning_summary_part.added',
]);
const DELTA: ReadonlySet<string> = new Set(['data.delta']);

/** Events of the OpenAI responses protocol. */
export function openaiResponses(): StreamFormat {
  let response: EventData = {};
  let sequence = 0;

  return {
    read(data) {
      const type = str(data['type']);
      if (!type.startsWith('response.')) return undefined;
      const [, middle = '', last] = type.split('.');
      const channel = STREAMS.get(middle);
      const place: BlockPlace = {
        channel: channel ?? 'text',
        block: str(data['item_id']) + num(data['content_index']) + num(data['summary_index']) + `.${middle}`,
      };
      if (channel !== undefined && last === 'delta') {
        const text = str(data['delta']);
        const more = isPlain(data) ? [] : protocolTexts(data, DELTA);
        const texts = text === '' ? more : [{ ...place, text, path: 'data.delta' }, ...more];
        return { texts, ends: [], quiet: texts.length === 0 };
      }
      // Endings repeat the whole text: it is judged again, because it leaves again.
      const texts = protocolTexts(data, EMPTY);
      const ends = channel !== undefined && last === 'done' ? [place] : [];
      return { texts, ends, quiet: texts.length === 0 && OPENERS.has(type) };
    },

    left(data) {
      if (isObject(data['response'])) response = data['response'];
      if (typeof data['sequence_number'] === 'number') sequence = data['sequence_number'];
    },

    ending(problem) {
      const type = 'response.incomplete';
      const data = {
        type,
        sequence_number: sequence + 1,
        response: { ...response, status: 'incomplete', incomplete_details: { reason: 'content_filter' } },
        governance: notice(problem),
      };
      return [{ event: type, data: JSON.stringify(data) }];
    },
  };
}

const PLAIN: ReadonlySet<string> = new Set([
  ...['type', 'sequence_number', 'item_id', 'output_index', 'content_index', 'summary_index', 'delta', 'obfuscation'],
  // Repeats the delta and leaves with it.
  'logprobs',
]);

function isPlain(data: EventData): boolean {
  for (const key in data) if (!PLAIN.has(key)) return false;
  return true;
}
