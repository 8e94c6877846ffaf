// Examples of the API reference: each runs from its mark to the next. The types of all of them are checked.
import {
  govern,
  governanceMiddleware,
  GovernanceBlockedError,
  governApproval,
  governEmbeddingModel,
  governImageModel,
  governModel,
  governRerankingModel,
  governSpeechModel,
  governTools,
  governTranscriptionModel,
} from '@flyball/ai-sdk';
import type { Governor } from '@flyball/core';
import { embed, generateText, streamText, wrapLanguageModel, type ModelMessage, type ToolSet } from 'ai';
import type {
  EmbeddingModelV4,
  ImageModelV4,
  LanguageModelV4,
  RerankingModelV4,
  SpeechModelV4,
  TranscriptionModelV4,
} from '@ai-sdk/provider';

declare const governor: Governor;
declare const model: LanguageModelV4;
declare const embeddings: EmbeddingModelV4;
declare const pictures: ImageModelV4;
declare const voice: SpeechModelV4;
declare const ear: TranscriptionModelV4;
declare const ranking: RerankingModelV4;
declare const tools: ToolSet;
declare const messages: ModelMessage[];
const subject = { tenant: 'acme', user: 'ada' };

// example: govern
const result = streamText({ ...govern(governor, { subject, model, tools }), messages });
for await (const text of result.textStream) process.stdout.write(text);

// example: governModel
const one = governModel({ governor, subject, model });
await generateText({ model: one, prompt: 'Hello' });

// example: governanceMiddleware
const wrapped = wrapLanguageModel({ model, middleware: governanceMiddleware({ governor, subject }) });

// example: governTools
await generateText({ model, tools: governTools(tools, { governor, subject }), prompt: 'Refund order 7' });

// example: governApproval
const toolApproval = governApproval({ governor, subject });
await generateText({ model, tools, toolApproval, prompt: 'Refund order 7' });

// example: governEmbeddingModel
await embed({ model: governEmbeddingModel({ governor, subject, model: embeddings }), value: 'a text' });

// example: governImageModel
const painter = governImageModel({ governor, subject, model: pictures });

// example: governSpeechModel
const speaker = governSpeechModel({ governor, subject, model: voice });

// example: governTranscriptionModel
const listener = governTranscriptionModel({ governor, subject, model: ear });

// example: governRerankingModel
const ranker = governRerankingModel({ governor, subject, model: ranking });

// example: GovernanceBlockedError
try {
  await generateText({ ...govern(governor, { subject, model }), toolChoice: 'required', prompt: 'Hello' });
} catch (error) {
  const blocked = GovernanceBlockedError.find(error); // looks through `cause`
  if (blocked) console.error(blocked.status, blocked.denial.reason);
}

// end
console.log(wrapped, painter, speaker, listener, ranker);
