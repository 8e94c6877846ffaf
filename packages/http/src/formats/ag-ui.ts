import { isObject, notice, str, wire, type EventData, type StreamFormat } from './format.ts';
import { Shape } from './shape.ts';

const exempt: readonly string[] = [
  'type',
  'messageId',
  'toolCallId',
  'parentMessageId',
  'threadId',
  'runId',
  'timestamp',
];
const TEXT = new Shape({ continued: { delta: 'text' }, exempt, identity: ['messageId'] });
const REASONING = new Shape({ continued: { delta: 'reasoning' }, exempt, identity: ['messageId'] });
const ARGS = new Shape({ input: ['delta'], exempt, identity: ['toolCallId'] });
const OTHER = new Shape({ exempt, apart: ['role', 'toolCallName', 'stepName', 'content', 'message', 'code'] });
const TYPE =
  /^(?:RUN|STEP|TEXT_MESSAGE|TOOL_CALL|REASONING|THINKING|STATE|MESSAGES|ACTIVITY)_[A-Z_]+$|^(?:RAW|CUSTOM)$/;

/** Events of AG-UI. */
export function agUi(): StreamFormat {
  const open = new Map<string, EventData>();
  let run: EventData | undefined;
  return {
    read({ data }) {
      const type = isObject(data) ? str(data['type']) : '';
      if (!TYPE.test(type) || (run === undefined && type !== 'RUN_STARTED')) return undefined;
      const { messageId, toolCallId } = data as EventData;
      if (type === 'RUN_STARTED') run ??= {};
      if (type === 'TEXT_MESSAGE_CONTENT') return { shape: TEXT };
      if (type === 'TOOL_CALL_ARGS') return { shape: ARGS };
      if (/^(?:REASONING|THINKING)_.*CONTENT$/.test(type)) return { shape: REASONING };
      const ends = type.endsWith('_END') ? [`[${str(messageId ?? toolCallId)}]`] : [];
      return { shape: OTHER, ends, quiet: type === 'RUN_STARTED' };
    },
    left({ data }) {
      const { type, messageId, toolCallId, threadId, runId } = data as EventData;
      if (type === 'RUN_STARTED') run = { threadId, runId };
      else if (type === 'TEXT_MESSAGE_START') open.set(`m${str(messageId)}`, { type: 'TEXT_MESSAGE_END', messageId });
      else if (type === 'TOOL_CALL_START') open.set(`t${str(toolCallId)}`, { type: 'TOOL_CALL_END', toolCallId });
      else if (type === 'TEXT_MESSAGE_END') open.delete(`m${str(messageId)}`);
      else if (type === 'TOOL_CALL_END') open.delete(`t${str(toolCallId)}`);
    },
    ending: (problem) =>
      [
        // A message that is left open makes clients drop its text.
        ...open.values(),
        { type: 'CUSTOM', name: 'governance', value: notice(problem) },
        { type: 'RUN_FINISHED', ...run },
      ].map((event) => wire(event)),
  };
}
