import { isObject, notice, wire, type EventData, type StreamFormat } from './format.ts';
import { Shape } from './shape.ts';

const LINE = new Shape({
  continued: { 'message.content': 'text', 'message.thinking': 'reasoning', response: 'text', thinking: 'reasoning' },
  apart: ['model', 'message.role', 'done_reason', 'message.tool_calls.**'],
  exempt: ['created_at', 'context[*]'],
});

/** Lines of Ollama's chat and generate. */
export function ollama(): StreamFormat {
  let last: EventData = {};
  return {
    read({ data }) {
      if (!isObject(data) || typeof data['model'] !== 'string' || typeof data['done'] !== 'boolean') return undefined;
      return isObject(data['message']) || typeof data['response'] === 'string' ? { shape: LINE } : undefined;
    },
    left: ({ data }) => void (last = data as EventData),
    ending(problem) {
      const { model, created_at, response } = last;
      const empty = response === undefined ? { message: { role: 'assistant', content: '' } } : { response: '' };
      return [
        wire({ model, created_at, ...empty, done: true, done_reason: 'content_filter', governance: notice(problem) }),
      ];
    },
  };
}
