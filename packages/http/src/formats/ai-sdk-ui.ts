import type { Channel } from '@flyball/core/adapter';

import {
  contentTexts,
  NOTHING,
  notice,
  protocolTexts,
  QUIET,
  type EventData,
  type EventReading,
  type StreamFormat,
  type WireEvent,
} from './format.ts';

const str = (value: unknown): string => (typeof value === 'string' ? value : '');
const wire = (part: object): WireEvent => ({ data: JSON.stringify(part) });

const OPENERS: ReadonlySet<string> = new Set(['start', 'start-step', 'text-start', 'reasoning-start']);
const SILENT: ReadonlySet<string> = new Set([
  'finish-step',
  'abort',
  'tool-input-start',
  'tool-approval-request',
  'tool-output-denied',
]);
const WITH_TEXT: ReadonlySet<string> = new Set([
  'error',
  'finish',
  'message-metadata',
  'source-url',
  'source-document',
  'tool-input-error',
  'tool-output-error',
]);

/** The UI message stream of the AI SDK. */
export function aiSdkUi(): StreamFormat {
  /** Parts the client has seen begin, by id, with the event that ends them. */
  const open = new Map<string, object>();
  let inStep = false;
  let recognised = false;

  return {
    read(data) {
      const type = str(data['type']);
      const reading = readPart(type, data);
      // `error` and `abort` alone could belong to any protocol.
      if (reading === undefined || (!recognised && (type === 'error' || type === 'abort'))) return undefined;
      recognised = true;
      return reading;
    },

    left(data) {
      const type = str(data['type']);
      const id = str(data['id']);
      if (type === 'text-start' || type === 'reasoning-start')
        open.set(type + id, { type: `${type.slice(0, -6)}-end`, id });
      else if (type === 'text-end' || type === 'reasoning-end') open.delete(`${type.slice(0, -4)}-start${id}`);
      else if (type === 'start-step') inStep = true;
      else if (type === 'finish-step') inStep = false;
    },

    ending(problem) {
      return [
        ...[...open.values()].map(wire),
        wire({ type: 'data-governance', data: notice(problem) }),
        ...(inStep ? [wire({ type: 'finish-step' })] : []),
        wire({ type: 'finish', finishReason: 'content-filter' }),
        { data: '[DONE]' },
      ];
    },
  };
}

function readPart(type: string, data: EventData): EventReading | undefined {
  switch (type) {
    case 'text-delta':
      return delta(data, 'text', str(data['id']), 'delta');
    case 'reasoning-delta':
      return delta(data, 'reasoning', str(data['id']), 'delta');
    case 'tool-input-delta':
      return delta(data, 'tool_input', str(data['toolCallId']), 'inputTextDelta');
    case 'text-end':
      return end('text', str(data['id']));
    case 'reasoning-end':
      return end('reasoning', str(data['id']));
    case 'tool-input-available':
      return toolInput(data);
    case 'tool-output-available':
      return { texts: contentTexts(data['output'], 'data.output'), ends: [], quiet: false };
    case 'file':
      return NOTHING;
    default:
  }
  if (OPENERS.has(type)) {
    const texts = protocolTexts(data);
    return texts.length === 0 ? QUIET : { texts, ends: [], quiet: false };
  }
  if (SILENT.has(type)) return NOTHING;
  if (WITH_TEXT.has(type)) return { texts: protocolTexts(data), ends: [], quiet: false };
  if (type.startsWith('data-')) return { texts: contentTexts(data['data'], 'data.data'), ends: [], quiet: false };
  return undefined;
}

function delta(data: EventData, channel: Channel, block: string, field: string): EventReading {
  const text = str(data[field]);
  return { texts: text === '' ? [] : [{ channel, block, text, path: `data.${field}` }], ends: [], quiet: text === '' };
}

function end(channel: Channel, block: string): EventReading {
  return { texts: [], ends: [{ channel, block }], quiet: false };
}

/** The parsed input; the text it was streamed as may leave with it and not before. */
function toolInput(data: EventData): EventReading {
  const block = str(data['toolCallId']);
  return { texts: contentTexts(data['input'], 'data.input'), ends: [{ channel: 'tool_input', block }], quiet: false };
}
