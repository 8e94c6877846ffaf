import { isObject, wire, type StreamFormat } from './format.ts';
import { Shape } from './shape.ts';

const TUPLE = new Shape({
  continued: { '[0].content': ['text', 'content'], '[0].content[*].text': ['text', 'content'] },
  apart: ['[0].type', '[0].name', '[0].response_metadata.**', '[0].usage_metadata.**', '[1].**'],
  exempt: ['[0].id'],
  identity: ['[0].id'],
});
const STATE = new Shape({ apart: ['run_id'] });
const NAMES: ReadonlySet<string | undefined> = new Set([
  'messages',
  'messages/partial',
  'messages/complete',
  'updates',
  'values',
]);

/** Events of a LangGraph server. */
export function langGraph(): StreamFormat {
  return {
    read({ name, data }) {
      if (isMessage(data)) return { shape: TUPLE };
      return NAMES.has(name?.split('|')[0]) ? { shape: STATE } : undefined;
    },
    left: () => undefined,
    ending: ({ detail }) => [
      wire({ error: 'GovernanceStop', message: detail }, 'error'),
      { event: 'end', data: 'null' },
    ],
  };
}

/** `[message chunk, metadata]`. */
function isMessage(data: unknown): boolean {
  if (!Array.isArray(data) || data.length !== 2) return false;
  const [chunk, metadata] = data as readonly unknown[];
  return isObject(chunk) && 'content' in chunk && 'type' in chunk && isObject(metadata) && 'langgraph_node' in metadata;
}

const PATCH = new Shape({ apart: ['ops[*].op', 'ops[*].path'] });
const CHUNK = new Shape({ continued: { content: 'text' }, exempt: ['id'], apart: ['type'] });

/** Events of LangServe: whole values, or patches of one. */
export function langServe(): StreamFormat {
  let opened = false;
  return {
    read({ name, data }) {
      if (name === 'metadata' && isObject(data) && typeof data['run_id'] === 'string') {
        opened = true;
        return { shape: STATE, quiet: true };
      }
      if (!opened || name !== 'data') return undefined;
      return { shape: isObject(data) && Array.isArray(data['ops']) ? PATCH : CHUNK };
    },
    left: () => undefined,
    ending: ({ status, detail }) => [wire({ status_code: status, message: detail }, 'error')],
  };
}
