import { checkAgentOptions, viewJson, type CallContext } from '@flyball/agent-kit';
import {
  applyEditsToJson,
  decideAndCarryOut,
  FlyballError,
  segmentsOfJson,
  type Edit,
  type Applied,
} from '@flyball/core/adapter';
import { UNGOVERNED, ungoverned } from '../model/governed.ts';
import type { Checked, GovernanceOptions } from '../options.ts';
import { blocked } from '../to-response.ts';
import { decideDocument, type Document } from './documents.ts';
import { decideDocuments, governRetrieverWith, inContext, RETRIEVAL } from './retriever.ts';

type Method = (...args: unknown[]) => Promise<unknown>;
type Scored = readonly [document: Document, score: number];

/**
 * Doors out of a store, by what they answer. INVARIANT: they run on the store itself, so that none goes through another
 * one governed.
 */
const READS = new Set(['similaritySearch', 'maxMarginalRelevanceSearch']);
const SCORED_READS = new Set(['similaritySearchWithScore', 'similaritySearchVectorWithScore']);
/** Doors in, by where the documents stand among the arguments. */
const WRITES: ReadonlyMap<unknown, number> = new Map([
  ['addDocuments', 0],
  ['addVectors', 1],
]);

/**
 * The vector store, governed: documents are decided on before they are written (stage `input`; a stop is an error) and
 * whenever they are found (stage `retrieval`, as with `governRetriever`), by each way of searching and through
 * `asRetriever`.
 */
export function governVectorStore<S extends object>(store: S, options: GovernanceOptions): S {
  const settings = checkAgentOptions('governVectorStore', options);
  if (typeof (store as { readonly similaritySearch?: unknown }).similaritySearch !== 'function')
    throw new FlyballError('OPTIONS_INVALID', '`governVectorStore` needs a vector store of LangChain');
  return governVectorStoreWith(store, settings);
}

/** The same for the parts of this package, which have checked their options. */
export function governVectorStoreWith<S extends object>(given: S, settings: Checked): S {
  settings.governor.declareStages([...RETRIEVAL, 'input']);
  const store = (ungoverned(given) as S | undefined) ?? given;
  return new Proxy(store, {
    get(target, name, receiver) {
      if (name === UNGOVERNED) return target;
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value !== 'function' || typeof name !== 'string') return value;
      const method = (value as Method).bind(target);
      if (READS.has(name)) return reading(settings, method);
      if (SCORED_READS.has(name)) return readingScored(settings, method);
      const at = WRITES.get(name);
      if (at !== undefined) return writing(settings, method, at);
      if (name === 'asRetriever')
        return (...args: unknown[]) =>
          governRetrieverWith((method as (...args: unknown[]) => unknown)(...args) as object, settings);
      return value;
    },
  });
}

const reading =
  (settings: Checked, method: Method): Method =>
  async (...args) => {
    const found = (await method(...args)) as Document[];
    return inContext(settings, undefined, (context) => decideDocuments(context, found));
  };

const readingScored =
  (settings: Checked, method: Method): Method =>
  async (...args) => {
    const found = (await method(...args)) as Scored[];
    return inContext(settings, undefined, async (context) => {
      const decided: Scored[] = [];
      for (const [document, score] of found) {
        const kept = await decideDocument(context, document, score);
        if (kept !== undefined) decided.push([kept, score]);
      }
      return decided;
    });
  };

const writing =
  (settings: Checked, method: Method, at: number): Method =>
  async (...args) => {
    const documents = await inContext(settings, undefined, (context) => admit(context, args[at] as Document[]));
    return method(...args.map((arg, index) => (index === at ? documents : arg)));
  };

/** The documents as they may be written. */
async function admit(context: CallContext, documents: readonly Document[]): Promise<readonly Document[]> {
  const said = documents.map(({ pageContent, metadata }) => ({ pageContent, metadata }));
  const { json, unreadable } = context.covers('input') ? viewJson(said, 'documents') : { json: [], unreadable: [] };
  const content = segmentsOfJson(json, 'documents', { role: 'user' });
  const event = context.event({ stage: 'input', point: 'retriever', content, unreadable });
  const edit = (edits: readonly Edit[]): Applied<readonly Document[]> => {
    const applied = applyEditsToJson(json, 'documents', edits);
    if (!applied.ok) return applied;
    const value = (applied.value as readonly object[]).map((fields, index) => {
      const document = documents[index]!;
      const make = document.constructor as new (fields: object) => Document;
      return new make({ ...fields, ...(document.id !== undefined && { id: document.id }) });
    });
    return { ok: true, value };
  };
  const carried = await decideAndCarryOut(context.governor, event, documents, edit);
  if (carried.kind === 'stopped') throw blocked(carried.decision);
  return carried.value;
}
