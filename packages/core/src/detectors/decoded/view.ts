/** A text as it reads when something in it is decoded, with the way back. */
export interface View {
  readonly text: string;
  /** Where a stretch of the view comes from, in the text that was given. */
  spanOf(start: number, end: number): readonly [start: number, end: number];
  /** Nobody sees it without decoding it: any words in it are an order to whoever does. */
  readonly concealed?: true;
}

/** A view of one encoded run: whatever is found in it is found in all of the run. */
export const ofRun = (text: string, start: number, end: number, concealed = false): View => ({
  text,
  spanOf: () => [start, end],
  ...(concealed && { concealed }),
});

/** A view whose units are those of the text, each in its place. */
export const inPlace = (text: string): View => ({ text, spanOf: (start, end) => [start, end] });

/** Builds a view piece by piece, each with the stretch it comes from. */
export class Mapped {
  #text = '';
  /** Position in the text by position in the view; one more at the end. */
  readonly #from: number[] = [];
  #end = 0;

  add(piece: string, start: number, end: number): void {
    for (let i = 0; i < piece.length; i++) this.#from.push(piece.length === end - start ? start + i : start);
    this.#text += piece;
    this.#end = end;
  }

  view(): View {
    const from = this.#from;
    const last = this.#end;
    return { text: this.#text, spanOf: (start, end) => [from[start] ?? last, end < from.length ? from[end]! : last] };
  }
}
