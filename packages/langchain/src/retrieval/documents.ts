// What a retriever gives: each document is decided on by itself.
import { viewJson, type CallContext } from '@flyball/agent-kit';
import {
  applyEditsToJson,
  decideAndCarryOut,
  segmentsOfJson,
  type Applied,
  type Edit,
  type EventInit,
} from '@flyball/core/adapter';
import { blocked } from '../to-response.ts';

/** A document of any copy of LangChain. */
export interface Document {
  readonly pageContent: string;
  readonly metadata: { readonly [name: string]: unknown };
  readonly id?: string | undefined;
}

const released = new WeakSet<object>();

/** True for a document that was decided on: a callback need not ask again. */
export const isReleasedDocument = (document: object): boolean => released.has(document);

/**
 * What a document says, as an event; conditions read where it comes from and how close it was as `attributes.source`
 * and `.score`.
 */
export function readDocument(
  { covers }: Pick<CallContext, 'covers'>,
  document: Document,
  score: number | undefined,
): { readonly init: EventInit; edit(edits: readonly Edit[]): Applied<Document> } {
  const { pageContent, metadata, id } = document;
  const { json, unreadable } = covers('retrieval')
    ? viewJson({ pageContent, metadata }, 'document')
    : { json: {}, unreadable: [] };
  const { source } = Object(metadata) as { readonly source?: unknown };
  return {
    init: {
      stage: 'retrieval',
      point: 'retriever',
      content: segmentsOfJson(json, 'document', { role: 'tool' }),
      unreadable,
      attributes: {
        ...(typeof source === 'string' && { source }),
        ...(score !== undefined && { score }),
      },
    },
    edit: (edits) => {
      const applied = applyEditsToJson(json, 'document', edits);
      if (!applied.ok) return applied;
      const make = document.constructor as new (fields: object) => Document;
      return { ok: true, value: new make({ ...(applied.value as object), ...(id !== undefined && { id }) }) };
    },
  };
}

/** The document as it may be read, or `undefined` for one that is dropped. A halt stops the search itself. */
export async function decideDocument(
  context: CallContext,
  document: Document,
  score?: number,
): Promise<Document | undefined> {
  const { init, edit } = readDocument(context, document, score);
  const event = context.event(init);
  const carried = await decideAndCarryOut(context.governor, event, document, edit);
  if (carried.kind !== 'stopped') {
    released.add(carried.value);
    return carried.value;
  }
  if (carried.decision.reason === 'HALTED') throw blocked(carried.decision);
  return undefined;
}
