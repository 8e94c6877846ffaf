import { checkAgentOptions } from '@flyball/agent-kit';
import { applyEditsToSegments, decideAndCarryOut, type SegmentInit } from '@flyball/core/adapter';
import { UNGOVERNED, ungoverned } from '../model/governed.ts';
import type { Checked, GovernanceOptions } from '../options.ts';
import { blocked } from '../to-response.ts';
import { inContext } from './retriever.ts';

interface Embeddings {
  embedDocuments(texts: string[]): Promise<number[][]>;
  embedQuery(text: string): Promise<number[]>;
}

/**
 * The embeddings, governed: texts are decided on at stage `input` before the model reads them. A vector store keeps the
 * embeddings it was made with: govern them before it is made.
 *
 *     const store = new MemoryVectorStore(governEmbeddings(new OpenAIEmbeddings(), { governor, subject }));
 */
export function governEmbeddings<E extends object>(embeddings: E, options: GovernanceOptions): E {
  return governEmbeddingsWith(embeddings, checkAgentOptions('governEmbeddings', options));
}

/** The same for the parts of this package, which have checked their options. */
export function governEmbeddingsWith<E extends object>(given: E, settings: Checked): E {
  settings.governor.declareStages(['input']);
  const embeddings = ((ungoverned(given) as E | undefined) ?? given) as E & Embeddings;
  const admit = (texts: readonly string[]): Promise<string[]> => admitTexts(settings, texts);
  const embedDocuments: Embeddings['embedDocuments'] = async (texts) => embeddings.embedDocuments(await admit(texts));
  const embedQuery: Embeddings['embedQuery'] = async (text) => embeddings.embedQuery((await admit([text]))[0]!);
  return new Proxy(embeddings, {
    get(target, name, receiver) {
      if (name === UNGOVERNED) return target;
      if (name === 'embedDocuments') return embedDocuments;
      return name === 'embedQuery' ? embedQuery : Reflect.get(target, name, receiver);
    },
  });
}

/** The texts as they may be read. A stop is an error: there are no words in vectors. */
async function admitTexts(settings: Checked, texts: readonly string[]): Promise<string[]> {
  return inContext(settings, undefined, async (context) => {
    const segments = texts.map((text, at) => ({ path: `texts[${at}]`, text, role: 'user' }) satisfies SegmentInit);
    const content = context.covers('input') ? segments : [];
    const event = context.event({ stage: 'input', point: 'model', content });
    const carried = await decideAndCarryOut(context.governor, event, segments, (edits) => {
      const applied = applyEditsToSegments(segments, edits);
      return applied.ok ? { ok: true, value: [...applied.value] } : applied;
    });
    if (carried.kind === 'stopped') throw blocked(carried.decision);
    return carried.value.map(({ text }) => text);
  });
}
