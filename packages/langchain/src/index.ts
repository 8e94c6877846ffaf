// Hooks: chat models in every way of calling them, tools where they run, agents by a pair of middlewares, callbacks,
// and what retrievers, embeddings and vector stores are given or give.
export { govern, type Governed, type GovernOptions } from './govern.ts';
export { governChatModel } from './model/model.ts';
export { governTool } from './tools/tool.ts';
export { governanceMiddleware, type GovernanceMiddlewareOptions } from './agent/middleware.ts';
export { GovernanceCallbackHandler, type CallbackOptions } from './callback/handler.ts';
export { governRetriever } from './retrieval/retriever.ts';
export { governEmbeddings } from './retrieval/embeddings.ts';
export { governVectorStore } from './retrieval/vector-store.ts';
export { GovernanceBlockedError, type DecisionSummary, type RefusalWording } from '@flyball/agent-kit';
export type { GovernanceOptions, RunConfig } from './options.ts';
