import { isObject, wire, type EventData, type StreamFormat } from './format.ts';
import { Shape } from './shape.ts';

const CHUNK = new Shape({
  continued: { 'candidates[index].content.parts[*].text': 'text' },
  apart: ['modelVersion', 'usageMetadata.**', 'candidates[*].content.role', 'promptFeedback.**'],
  exempt: ['responseId', 'candidates[*].index', 'candidates[*].content.parts[*].thoughtSignature'],
});

/** Chunks of Google's `streamGenerateContent`, as events or as the items of one array. */
export function gemini(): StreamFormat {
  let index = 0;
  return {
    read({ data }) {
      if (!isObject(data)) return undefined;
      const { candidates } = data;
      if (!Array.isArray(candidates)) return isObject(data['promptFeedback']) ? { shape: CHUNK } : undefined;
      return candidates.every(isCandidate) ? { shape: CHUNK } : undefined;
    },
    left({ data }) {
      const [first] = (data as { candidates?: readonly EventData[] }).candidates ?? [];
      if (typeof first?.['index'] === 'number') index = first['index'];
    },
    // Nothing else: the client takes the finish reason of the last candidate, and fails on what is none.
    ending: ({ detail }) => [wire({ candidates: [{ finishReason: 'SAFETY', index, finishMessage: detail }] })],
  };
}

function isCandidate(candidate: unknown): boolean {
  return isObject(candidate) && ('content' in candidate || 'finishReason' in candidate);
}
