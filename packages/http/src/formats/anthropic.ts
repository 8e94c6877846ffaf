import type { Channel, BlockPlace } from '@flyball/core/adapter';

import { isObject, NOTHING, notice, protocolTexts, QUIET, type EventReading, type StreamFormat } from './format.ts';

const TYPES: ReadonlySet<unknown> = new Set([
  ...['message_start', 'content_block_start', 'content_block_delta', 'content_block_stop'],
  ...['message_delta', 'message_stop', 'ping'],
]);

/** Deltas of a content block: the field that carries the text, and what kind of text it is. */
const DELTAS: ReadonlyMap<unknown, readonly [field: string, channel: Channel]> = new Map<
  unknown,
  readonly [string, Channel]
>([
  ['text_delta', ['text', 'text']],
  ['thinking_delta', ['thinking', 'reasoning']],
  ['input_json_delta', ['partial_json', 'tool_input']],
]);

/** Events of the Anthropic messages protocol. */
export function anthropic(): StreamFormat {
  /** Kind of text of each content block that has begun. */
  const begun = new Map<number, BlockPlace>();
  const open = new Set<number>();

  return {
    read(data) {
      const { type, delta } = data;
      if (!TYPES.has(type)) return undefined;
      const index = typeof data['index'] === 'number' ? data['index'] : 0;
      if (type === 'content_block_delta' && isObject(delta)) {
        const known = DELTAS.get(delta['type']);
        if (known === undefined) return delta['type'] === 'signature_delta' ? NOTHING : texts();
        const [field, channel] = known;
        const text = delta[field];
        if (typeof text !== 'string' || text === '') return QUIET;
        const place = { channel, block: String(index) };
        begun.set(index, place);
        return { texts: [{ ...place, text, path: `data.delta.${field}` }], ends: [], quiet: false };
      }
      if (type === 'content_block_stop') {
        const place = begun.get(index);
        return { texts: [], ends: place === undefined ? [] : [place], quiet: false };
      }
      return texts();

      function texts(): EventReading {
        const found = protocolTexts(data);
        const opener = type === 'message_start' || type === 'content_block_start' || type === 'ping';
        return { texts: found, ends: [], quiet: opener && found.length === 0 };
      }
    },

    left(data) {
      const index = data['index'] as number;
      if (data['type'] === 'content_block_start') open.add(index);
      else if (data['type'] === 'content_block_stop') open.delete(index);
    },

    ending(problem) {
      const events = [
        ...[...open].map((index) => ({ type: 'content_block_stop', index })),
        {
          type: 'message_delta',
          delta: { stop_reason: 'refusal', stop_sequence: null },
          usage: { output_tokens: 0 },
          governance: notice(problem),
        },
        { type: 'message_stop' },
      ];
      return events.map((event) => ({ event: event.type, data: JSON.stringify(event) }));
    },
  };
}
