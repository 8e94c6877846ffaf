import { isObject, wire, type StreamFormat } from './format.ts';
import { Shape } from './shape.ts';

const DELTA = new Shape({
  continued: { 'delta.text': 'text', 'delta.reasoningContent.text': 'reasoning' },
  input: ['delta.toolUse.input'],
  apart: ['start.toolUse.name'],
  // `p` fills messages up, so that their length says nothing of the text.
  exempt: ['contentBlockIndex', 'p', 'delta.reasoningContent.signature', 'start.toolUse.toolUseId'],
  identity: ['contentBlockIndex'],
});
const MESSAGE = new Shape({ apart: ['role', 'stopReason', 'usage.**', 'metrics.**'], exempt: ['p'] });

/** Events of Amazon Bedrock's Converse. */
export function bedrock(): StreamFormat {
  const open = new Set<number>();
  return {
    read({ name, data }) {
      if (!isObject(data) || name === undefined) return undefined;
      const { contentBlockIndex: index } = data;
      if (name === 'messageStart' || name === 'messageStop' || name === 'metadata') {
        const isOurs = ['role', 'stopReason', 'usage'].some((member) => member in data);
        return isOurs ? { shape: MESSAGE, quiet: name === 'messageStart' } : undefined;
      }
      if (!name.startsWith('contentBlock') || typeof index !== 'number') return undefined;
      return { shape: DELTA, ...(name === 'contentBlockStop' && { ends: [`[${index}]`] }) };
    },
    left({ name, data }) {
      const { contentBlockIndex: index } = data as { contentBlockIndex?: number };
      if (index === undefined) return;
      if (name === 'contentBlockStop') open.delete(index);
      else open.add(index);
    },
    ending: () => [
      ...[...open].map((contentBlockIndex) => wire({ contentBlockIndex }, 'contentBlockStop')),
      wire({ stopReason: 'guardrail_intervened' }, 'messageStop'),
    ],
  };
}
