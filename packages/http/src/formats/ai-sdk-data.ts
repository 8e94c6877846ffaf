import { DATA_STREAM } from '../framing/data-stream.ts';
import { notice, wire, type StreamFormat } from './format.ts';
import { Shape } from './shape.ts';

const TEXT = new Shape({ continued: { '': ['text', 'text'] } });
const REASONING = new Shape({ continued: { '': ['reasoning', 'reasoning'] } });
const INPUT = new Shape({ input: ['argsTextDelta'], exempt: ['toolCallId'], identity: ['toolCallId'] });
const PART = new Shape({
  apart: ['toolName', 'args.**', 'result.**', 'finishReason', 'usage.**'],
  exempt: ['toolCallId', 'messageId'],
});
const USAGE = { promptTokens: 0, completionTokens: 0 };

/** The data stream of the AI SDK 4, by the codes of its lines. */
export function aiSdkData(): StreamFormat {
  return {
    read({ name, data }) {
      if (name?.startsWith(DATA_STREAM) !== true) return undefined;
      const code = name.slice(DATA_STREAM.length);
      if (code === '0') return { shape: TEXT };
      if (code === 'g') return { shape: REASONING };
      if (code === 'c') return { shape: INPUT };
      const { toolCallId } = (data ?? {}) as { toolCallId?: unknown };
      // The parsed input; the text it was streamed as may leave with it and not before.
      return { shape: PART, quiet: code === 'f', ...(code === '9' && { ends: [`[${String(toolCallId)}]`] }) };
    },
    left: () => undefined,
    ending: (problem) => [
      wire([{ governance: notice(problem) }], `${DATA_STREAM}2`),
      wire({ finishReason: 'content-filter', usage: USAGE, isContinued: false }, `${DATA_STREAM}e`),
      wire({ finishReason: 'content-filter', usage: USAGE }, `${DATA_STREAM}d`),
    ],
  };
}
