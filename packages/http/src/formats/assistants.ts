import { isObject, notice, str, wire, type EventData, type StreamFormat } from './format.ts';
import { Shape } from './shape.ts';

const DELTA = new Shape({
  continued: { 'delta.content[index].text.value': 'text', 'delta.content[index].refusal': 'text' },
  input: [
    'delta.step_details.tool_calls[index].function.arguments',
    'delta.step_details.tool_calls[index].code_interpreter.input',
  ],
  apart: ['object', 'delta.role', 'delta.content[*].type'],
  exempt: ['id', 'delta.content[*].index', 'delta.step_details.tool_calls[*].index'],
  identity: ['id'],
});

/** Events of OpenAI's Assistants. */
export function assistants(): StreamFormat {
  let run: EventData = {};
  return {
    read({ data }) {
      const object = isObject(data) ? str(data['object']) : '';
      return object.startsWith('thread.') && object.endsWith('.delta') ? { shape: DELTA } : undefined;
    },
    left({ data }) {
      if (isObject(data)) run = data;
    },
    ending(problem) {
      const thread = typeof run['thread_id'] === 'string' ? { thread_id: run['thread_id'] } : {};
      const details = { status: 'incomplete', incomplete_details: { reason: 'content_filter' } };
      return [
        wire({ object: 'thread.run', ...thread, ...details, governance: notice(problem) }, 'thread.run.incomplete'),
        { event: 'done', data: '[DONE]' },
      ];
    },
  };
}
