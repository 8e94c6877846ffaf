// Examples of the API reference: each runs from its mark to the next. The types of all of them are checked.
import type { Governor } from '@flyball/core';
import {
  govern,
  governanceMiddleware,
  GovernanceBlockedError,
  GovernanceCallbackHandler,
  governChatModel,
  governEmbeddings,
  governRetriever,
  governTool,
  governVectorStore,
} from '@flyball/langchain';
import type { EmbeddingsInterface } from '@langchain/core/embeddings';
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { BaseRetriever } from '@langchain/core/retrievers';
import type { StructuredTool } from '@langchain/core/tools';
import type { VectorStore } from '@langchain/core/vectorstores';
import { createAgent } from 'langchain';

declare const governor: Governor;
declare const model: BaseChatModel;
declare const refund: StructuredTool;
declare const help: BaseRetriever;
declare const vectors: EmbeddingsInterface;
declare const documents: VectorStore;
const subject = { tenant: 'acme', user: 'ada' };

// example: governanceMiddleware
const agent = createAgent({ model, tools: [refund], middleware: governanceMiddleware({ governor, subject }) });

// example: govern
// One bundle for all parts of an application, so that they share one interaction.
const governed = govern(governor, { subject });
const chat = governed.model(model);
const [safe] = governed.tools([refund]);

// example: governChatModel
for await (const chunk of await governChatModel(model, { governor, subject }).stream('Hello')) console.log(chunk.text);

// example: governTool
const safeRefund = governTool(refund, { governor, subject });

// example: governRetriever
const found = await governRetriever(help, { governor, subject }).invoke('How do I clean it?');

// example: governEmbeddings
const numbers = await governEmbeddings(vectors, { governor, subject }).embedQuery('a text');

// example: governVectorStore
const near = await governVectorStore(documents, { governor, subject }).similaritySearch('walnut');

// example: GovernanceCallbackHandler
// Where nothing else reaches: string models, tools of others. It sees finished outputs, never tokens.
await model.invoke('Hello', { callbacks: [new GovernanceCallbackHandler({ governor, subject, output: 'observe' })] });

// example: GovernanceBlockedError
try {
  await agent.invoke({ messages: 'Refund order 7' });
} catch (error) {
  console.error(GovernanceBlockedError.find(error)?.denial.reason);
}

// end
console.log(chat, safe, safeRefund, found, numbers, near);
