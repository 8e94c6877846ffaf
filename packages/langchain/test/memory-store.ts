import type { Document } from '@langchain/core/documents';
import { Embeddings } from '@langchain/core/embeddings';
import { VectorStore } from '@langchain/core/vectorstores';

/** Three numbers for any text. */
export class OneHotEmbeddings extends Embeddings {
  constructor() {
    super({});
  }
  override async embedDocuments(texts: string[]): Promise<number[][]> {
    return texts.map(() => [1, 1, 1]);
  }
  override async embedQuery(text: string): Promise<number[]> {
    void text;
    return [1, 1, 1];
  }
}

/** A store of LangChain's own kind that finds everything, in order. */
export class MemoryStore extends VectorStore {
  readonly #documents: Document[] = [];

  constructor(embeddings: Embeddings) {
    super(embeddings, {});
  }
  get size(): number {
    return this.#documents.length;
  }
  _vectorstoreType(): string {
    return 'memory';
  }
  async addVectors(_vectors: number[][], documents: Document[]): Promise<void> {
    this.#documents.push(...documents);
  }
  async addDocuments(documents: Document[]): Promise<void> {
    await this.addVectors(
      await this.embeddings.embedDocuments(documents.map(({ pageContent }) => pageContent)),
      documents,
    );
  }
  async similaritySearchVectorWithScore(_query: number[], k: number): Promise<[Document, number][]> {
    return this.#documents.slice(0, k).map((document, at) => [document, 1 - at / 10]);
  }
}
