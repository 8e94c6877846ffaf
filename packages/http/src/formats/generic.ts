import { segmentsOfJson, type Json } from '@flyball/core/adapter';

import { DATA_BLOCK, isKey, notice, type EventText, type StreamFormat } from './format.ts';

/** Fields that usually continue a text from event to event, where the application names none. */
const DELTAS: readonly string[] = [
  ...['delta', 'text', 'content', 'token', 'message', 'response', 'output', 'answer', 'chunk'],
  ...['message.content', 'delta.content', 'delta.text'],
];

/**
 * Streams of no known protocol. `select` names the fields whose text continues from event to event, as paths inside the
 * event's data (`result.token`); every other text is judged too, event by event.
 */
export function generic(select: readonly string[] = DELTAS): StreamFormat {
  const continued = new Set(select.map((path) => `data.${path}`));
  const names = new Set<string>();
  return {
    read: (data) => ({ texts: genericTexts(data, continued, names), ends: [], quiet: false }),
    left: () => undefined,
    // A name of its own: clients treat `error` as a lost connection and ask again, which is wrong after a block.
    ending: (problem) => [{ event: 'governance', data: JSON.stringify(notice(problem)), final: true }],
  };
}

/** Member names kept to be judged only once in a stream. */
const MAX_NAMES = 1_000;

function genericTexts(data: unknown, continued: ReadonlySet<string>, names: Set<string>): EventText[] {
  const lines: EventText[] = [];
  const texts: EventText[] = [];
  for (const { path, text } of segmentsOfJson(data as Json, 'data')) {
    if (text === '') continue;
    if (continued.has(path)) {
      texts.push({ channel: 'text', block: path, text, path });
      continue;
    }
    if (isKey(path)) {
      // The names of members are the same in every event.
      if (names.has(text)) continue;
      if (names.size < MAX_NAMES) names.add(text);
    }
    lines.push({ channel: 'text', block: DATA_BLOCK, text, path, line: true });
  }
  // What continues a text comes last: when it stops the stream, the rest of its event has been judged.
  return [...lines, ...texts];
}
