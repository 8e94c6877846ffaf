import { viewJson } from '@flyball/agent-kit';
import type { OutputGate, Piece, PullSource } from '@flyball/core/adapter';
import { errorLike, isAbort, textsIn } from './rest.ts';

/** A source whose errors are read before they are told. */
export interface JudgedSource<C> {
  readonly source: PullSource<C>;
  /** The provider's error as it may be thrown: its own, or one with the words that were let go. */
  failed(error: unknown): unknown;
}

/**
 * Providers' errors quote what the model said. What an error says that ends a stream is a text of the stream's own
 * decision: it passes the gate beside the answer, and what does not come out is not told.
 */
export function judgeErrors<C, T>(gate: OutputGate<T>, source: PullSource<C>): JudgedSource<C> {
  const told = new Map<unknown, unknown>();
  const judge = (error: unknown): void => {
    if (gate.mode !== 'enforce' || gate.terminal !== undefined || isAbort(error)) return;
    const changed = textsIn(viewJson(error, 'error').json, 'error').some(({ path = 'error', text }) => {
      const leaf = gate.openLeaf({ path });
      const pieces = [...leaf.write(text), ...leaf.end()];
      return released(pieces, leaf.path) !== text;
    });
    if (changed) told.set(error, errorLike(error, 'the model failed, and what it said of it was withheld by policy'));
  };
  return {
    source: {
      read: async () => {
        try {
          return await source.read();
        } catch (error) {
          judge(error);
          throw error;
        }
      },
      cancel: (reason) => source.cancel(reason),
    },
    failed: (error) => told.get(error) ?? error,
  };
}

function released<T>(pieces: readonly Piece<T>[], path: string): string {
  return pieces.map((piece) => (piece.kind === 'text' && piece.leaf?.path === path ? piece.text : '')).join('');
}
