import { readJsonText } from '@flyball/core/adapter';

import type { OpenValues } from './open-values.ts';
import { isDone, isEdited, newPart, pass, type Part } from './part.ts';

/** Input of one tool call that has ended: its pieces, and its decoded text in the gate. */
interface JudgedInput {
  readonly pieces: readonly Part[];
  readonly texts: readonly Part[];
}

/**
 * Streamed input of tools: JSON in pieces, whose text can be read only when it is complete. The pieces leave as they
 * are or not at all: no mask fits into half a JSON.
 */
export class ToolInputs {
  readonly #open: OpenValues;
  #pieces: Map<string, Part[]> | undefined;
  #judged: JudgedInput[] = [];

  constructor(open: OpenValues) {
    this.#open = open;
  }

  add(block: string, part: Part): void {
    const all = (this.#pieces ??= new Map<string, Part[]>());
    const pieces = all.get(block);
    if (pieces === undefined) all.set(block, [part]);
    else pieces.push(part);
  }

  /** The input is complete: its text is judged. */
  end(block: string): void {
    const pieces = this.#pieces?.get(block);
    if (pieces === undefined) return;
    this.#pieces!.delete(block);
    const texts: Part[] = [];
    for (const { path, text } of readJsonText(pieces.map((piece) => piece.text).join(''), 'input').segments) {
      if (text === '') continue;
      const part = newPart(path, text, true, false);
      texts.push(part);
      this.#open.judgeApart(part);
    }
    this.#judged.push({ pieces, texts });
  }

  endAll(): void {
    for (const block of this.#pieces?.keys() ?? []) this.end(block);
  }

  /** Lets go the pieces of what was judged. False when something in them would have to be masked. */
  settle(): boolean {
    if (this.#judged.length === 0) return true;
    const judged = this.#judged;
    this.#judged = [];
    for (const input of judged) {
      if (!input.texts.every(isDone)) this.#judged.push(input);
      else if (input.texts.some(isEdited)) return false;
      else for (const piece of input.pieces) pass(piece);
    }
    return true;
  }
}
