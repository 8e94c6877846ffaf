import { hasOnly, isObject, notice, str, wire, type EventData, type StreamFormat } from './format.ts';
import { Shape } from './shape.ts';

const ID: readonly string[] = ['id'];
const TEXT = new Shape({ continued: { delta: 'text' }, exempt: ['type', ...ID], identity: ID });
const REASONING = new Shape({ continued: { delta: 'reasoning' }, exempt: ['type', ...ID], identity: ID });
const CALL: readonly string[] = ['toolCallId'];
const INPUT = new Shape({ input: ['inputTextDelta'], exempt: ['type', ...CALL], identity: CALL });
const PART = new Shape({
  apart: [
    ...['toolName', 'input.**', 'output.**', 'url', 'mediaType', 'title', 'filename', 'errorText', 'reason'],
    ...['finishReason', 'messageMetadata.**', 'providerMetadata.**'],
  ],
  exempt: ['type', 'id', 'messageId', 'toolCallId', 'approvalId', 'sourceId'],
});

/** Its type ends in a name that the application made up. */
const DATA_PART = new Shape({ apart: ['type'], exempt: ['id'] });

/** What an event of each type must have to be one of this protocol even before anything else of it has come. */
const CERTAIN: ReadonlyMap<string, (data: EventData) => boolean> = new Map<string, (data: EventData) => boolean>([
  ['start', (data) => hasOnly(data, 'type', 'messageId', 'messageMetadata')],
  ['start-step', (data) => hasOnly(data, 'type')],
  ['text-start', hasId],
  ['text-delta', (data) => hasId(data) && typeof data['delta'] === 'string'],
  ['text-end', hasId],
  ['reasoning-start', hasId],
  ['reasoning-delta', (data) => hasId(data) && typeof data['delta'] === 'string'],
  ['reasoning-end', hasId],
  ['tool-input-start', hasCall],
  ['tool-input-delta', hasCall],
  ['tool-input-available', hasCall],
  ['tool-output-available', hasCall],
]);
/** Types that could be anybody's: known only in a stream of this protocol. */
const LATER: ReadonlySet<string> = new Set([
  ...['finish-step', 'finish', 'abort', 'error', 'file', 'message-metadata', 'source-url', 'source-document'],
  ...['tool-input-error', 'tool-output-error', 'tool-output-denied', 'tool-approval-request'],
]);
const QUIET: ReadonlySet<string> = new Set(['start', 'start-step', 'text-start', 'reasoning-start']);

/** The UI message stream of the AI SDK. */
export function aiSdkUi(): StreamFormat {
  /** Parts the client has seen begin, by id, with the event that ends them. */
  const open = new Map<string, object>();
  let inStep = false;
  let recognised = false;

  return {
    read({ data }) {
      if (!isObject(data)) return undefined;
      const type = str(data['type']);
      const certain = CERTAIN.get(type)?.(data) === true;
      if (!certain && !(recognised && (LATER.has(type) || type.startsWith('data-')))) return undefined;
      recognised = true;
      if (type.startsWith('data-')) return { shape: DATA_PART };
      switch (type) {
        case 'text-delta':
          return { shape: TEXT, quiet: data['delta'] === '' };
        case 'reasoning-delta':
          return { shape: REASONING, quiet: data['delta'] === '' };
        case 'tool-input-delta':
          return { shape: INPUT };
        case 'text-end':
        case 'reasoning-end':
          return { shape: PART, ends: [`[${str(data['id'])}]`] };
        case 'tool-input-available':
          // The parsed input; the text it was streamed as may leave with it and not before.
          return { shape: PART, ends: [`[${str(data['toolCallId'])}]`] };
        default:
          return { shape: PART, quiet: QUIET.has(type) && hasOnly(data, 'type', 'id', 'messageId') };
      }
    },

    left({ data }) {
      if (!isObject(data)) return;
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
        ...[...open.values()].map((part) => wire(part)),
        wire({ type: 'data-governance', data: notice(problem) }),
        ...(inStep ? [wire({ type: 'finish-step' })] : []),
        wire({ type: 'finish', finishReason: 'content-filter' }),
        { data: '[DONE]' },
      ];
    },
  };
}

function hasId(data: EventData): boolean {
  return typeof data['id'] === 'string';
}

function hasCall(data: EventData): boolean {
  return typeof data['toolCallId'] === 'string';
}
