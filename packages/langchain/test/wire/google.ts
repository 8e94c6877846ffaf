// Google Gemini: thoughts, code, pictures, grounding.
import { sse, type Data, type Reply } from './fetch.ts';

export function google(texts: readonly string[], stream: boolean): Reply {
  const parts = partsOf(texts);
  if (!stream) return { json: { candidates: [{ content: { role: 'model', parts }, ...META }], ...USAGE } };
  const events = parts.map((part, at) => ({
    candidates: [{ content: { role: 'model', parts: [part] }, ...(at === parts.length - 1 ? META : { index: 0 }) }],
    ...USAGE,
  }));
  return { sse: sse(events) };
}

const USAGE = {
  usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 4, totalTokenCount: 7 },
  modelVersion: 'gemini-x',
};

const META = {
  finishReason: 'STOP',
  index: 0,
  groundingMetadata: {
    webSearchQueries: ['M-GQUERY'],
    groundingChunks: [{ web: { uri: 'https://x/M-GURI', title: 'M-GTITLE' } }],
    groundingSupports: [{ segment: { startIndex: 0, endIndex: 3, text: 'M-GSEG' }, groundingChunkIndices: [0] }],
  },
  citationMetadata: { citationSources: [{ uri: 'https://x/M-GCITE' }] },
  logprobsResult: { chosenCandidates: [{ token: 'M-GLP', logProbability: -1 }] },
  finishMessage: 'M-GFMSG',
};

function partsOf(texts: readonly string[]): Data[] {
  return [
    { text: 'M-GTHINK', thought: true, thoughtSignature: 'M-GSIG' },
    { executableCode: { language: 'PYTHON', code: 'print("M-GCODE")' } },
    { codeExecutionResult: { outcome: 'OUTCOME_OK', output: 'M-GOUT' } },
    { inlineData: { mimeType: 'image/png', data: 'TS1HSU1H' } },
    ...texts.map((text) => ({ text })),
    { functionCall: { name: 'send', args: { to: 'M-GARGS' } } },
  ];
}
