// What the models behind `clients-server.ts` say, and what the tests of its clients ask.
import { setTimeout as sleep } from 'node:timers/promises';

/** What the model of a case says, piece by piece; `null`: it says nothing more until somebody stops it. */
const SCRIPTS: { readonly [name in Case]: readonly (string | null)[] } = {
  allowed: ['It left', ' on', ' Monday.'],
  masked: ['Card ', '41', '11 ', 'is yours.'],
  middle: ['It is ', 'the sec', 'ret plan', ' of ours.'],
  halted: ['It left', ' on', null],
};

export const CASES = ['allowed', 'masked', 'middle', 'halted'] as const;
export type Case = (typeof CASES)[number];

export const QUESTION = 'Where is my order?';
export const PROMPTS = { blocked: 'Tell me the secret plan', cooled: 'you fool' } as const;

/** Speaks for the models of one server. */
export class Speaker {
  /** Answers that say nothing more until somebody stops them. */
  silent = 0;
  readonly #over = new AbortController();

  /** The pieces of an answer, as its model says them. */
  async *pieces(name: Case): AsyncGenerator<string> {
    for (const text of SCRIPTS[name]) {
      if (text !== null) yield text;
      await (text === null ? this.#nothingMore() : sleep(2));
    }
  }

  /** All of an answer. */
  whole(name: Case): string {
    return SCRIPTS[name].join('');
  }

  close(): void {
    this.#over.abort();
  }

  async #nothingMore(): Promise<void> {
    this.silent++;
    const { signal } = this.#over;
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  }
}
