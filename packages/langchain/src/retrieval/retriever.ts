import { checkAgentOptions, type CallContext } from '@flyball/agent-kit';
import { FlyballError, type Stage } from '@flyball/core/adapter';
import { UNGOVERNED, ungoverned } from '../model/governed.ts';
import type { Checked, GovernanceOptions } from '../options.ts';
import type { Invocation } from '../run.ts';
import { openToolCall } from '../tools/context.ts';
import { decideDocument, type Document } from './documents.ts';

export const RETRIEVAL: readonly Stage[] = ['retrieval'];

type Search = (this: unknown, query: string, run?: unknown, config?: Invocation) => Promise<Document[]>;

/**
 * The retriever, governed: every document is decided on at stage `retrieval`, its metadata too, before callbacks and
 * the model read it. One that is blocked is left out, one with edits goes on edited, and a rule's labels (`untrusted`)
 * bind the rest of the interaction.
 *
 *     const retriever = governRetriever(store.asRetriever(), { governor, subject });
 */
export function governRetriever<R extends object>(retriever: R, options: GovernanceOptions): R {
  const settings = checkAgentOptions('governRetriever', options);
  if (typeof (retriever as { readonly _getRelevantDocuments?: unknown })._getRelevantDocuments !== 'function')
    throw new FlyballError('OPTIONS_INVALID', '`governRetriever` needs a retriever of LangChain');
  return governRetrieverWith(retriever, settings);
}

/** The same for the parts of this package, which have checked their options. */
export function governRetrieverWith<R extends object>(given: R, settings: Checked): R {
  settings.governor.declareStages(RETRIEVAL);
  const retriever = ((ungoverned(given) as R | undefined) ?? given) as R & { readonly _getRelevantDocuments: Search };
  const search: Search = async function (this: unknown, query, run, config) {
    const found = await retriever._getRelevantDocuments.call(this, query, run, config);
    return inContext(settings, config, (context) => decideDocuments(context, found));
  };
  return new Proxy(retriever, {
    get(target, name, receiver) {
      if (name === UNGOVERNED) return target;
      return name === '_getRelevantDocuments' ? search : Reflect.get(target, name, receiver);
    },
  });
}

/** Runs with what a search outside of a model's message is decided with. */
export async function inContext<T>(
  settings: Checked,
  config: Invocation | undefined,
  run: (context: CallContext) => Promise<T>,
): Promise<T> {
  const context = await openToolCall(settings, config);
  try {
    return await run(context);
  } finally {
    context.over();
  }
}

export async function decideDocuments(context: CallContext, found: readonly Document[]): Promise<Document[]> {
  const decided: Document[] = [];
  for (const document of found) {
    const kept = await decideDocument(context, document);
    if (kept !== undefined) decided.push(kept);
  }
  return decided;
}
