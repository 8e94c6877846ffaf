import { checkAgentOptions, resolveInteractionNow } from '@flyball/agent-kit';
import type { Governor } from '@flyball/core/adapter';
import type { AgentMiddleware } from 'langchain';
import { middlewarePair } from './agent/middleware.ts';
import { GovernanceCallbackHandler, type CallbackOptions } from './callback/handler.ts';
import { governModelWith, MODEL_STAGES } from './model/model.ts';
import { EXIT_BEHAVIOR, type Checked } from './options.ts';
import { governEmbeddingsWith } from './retrieval/embeddings.ts';
import { governRetrieverWith } from './retrieval/retriever.ts';
import { governVectorStoreWith } from './retrieval/vector-store.ts';
import { governToolWith, TOOL_STAGES } from './tools/tool.ts';

/** What `govern` takes besides the governor. */
export type GovernOptions = Omit<CallbackOptions, 'governor'>;

/** The parts of an application, governed with the same settings. */
export interface Governed {
  /** For `callbacks`: stops prompts, tools and finished outputs, and cannot hold back tokens. */
  readonly callback: GovernanceCallbackHandler;
  /** A chat model, or a runnable with chat models inside. */
  model<M extends object>(model: M): M;
  tools<T extends readonly object[]>(tools: T): T;
  /** For `createAgent`: the application's own middlewares stand between the two halves. */
  middleware(own?: readonly AgentMiddleware[]): AgentMiddleware[];
  retriever<R extends object>(retriever: R): R;
  embeddings<E extends object>(embeddings: E): E;
  vectorStore<S extends object>(store: S): S;
}

/**
 * Governs the parts of an application together. With a subject as a value it is the bundle of one request, and all of
 * its parts share one interaction; with a function it may be made once: whose run it is, is asked for each run.
 *
 *     const g = govern(governor, { subject: { tenant: 'acme', user: 'ada' } });
 *     const agent = createAgent({ model, tools: g.tools([refund]), middleware: g.middleware() });
 */
export function govern(governor: Governor, options: GovernOptions): Governed {
  const { output, ...checked } = checkAgentOptions(
    'govern',
    { ...options, governor },
    {
      own: { ...EXIT_BEHAVIOR, output: { is: (value) => value === 'observe', words: '`observe`, or nothing' } },
    },
  );
  const settings = typeof checked.subject === 'object' ? ofOneRequest(checked) : checked;
  checked.governor.declareStages([...MODEL_STAGES, ...TOOL_STAGES]);
  let callback: GovernanceCallbackHandler | undefined;
  return {
    get callback() {
      const { exitBehavior: _, ...shared } = settings;
      return (callback ??= new GovernanceCallbackHandler({ ...shared, ...(output !== undefined && { output }) }));
    },
    model: (model) => governModelWith(model, settings),
    tools: (tools) => tools.map((tool) => governToolWith(tool, settings)) as never,
    middleware: (own = []) => middlewarePair(settings, own),
    retriever: (retriever) => governRetrieverWith(retriever, settings),
    embeddings: (embeddings) => governEmbeddingsWith(embeddings, settings),
    vectorStore: (store) => governVectorStoreWith(store, settings),
  };
}

function ofOneRequest(checked: Checked): Checked {
  const { subject: _, policy: __, ...rest } = checked;
  return { ...rest, interaction: resolveInteractionNow(checked.governor, checked, {}) };
}
