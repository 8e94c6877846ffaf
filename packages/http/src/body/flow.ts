import type { OutputGate, Piece } from '@flyball/core/adapter';

import type { Problem } from '../problem.ts';

/** How one kind of streamed body passes through a gate: wire text in, wire text that may leave out. */
export interface Flow {
  push(text: string): string;
  /** The body is complete; the gate's own end comes after this. While the flow is `busy`, it is called again. */
  end(): string;
  /** Pieces that the gate gave without new text. */
  accept(pieces: readonly Piece<unknown>[]): string;
  /** What was kept only because nothing readable had come; the body is complete. */
  flush(): string;
  /** After a stop: text that had been released and waited for the rest of its event. */
  cut(): string;
  /** What ends the protocol cleanly after a stop. */
  ending(problem: Problem): string;
  /**
   * What has come is not dealt with: it would keep the process too long from its other work. Called again, with or
   * without more text, `push` goes on with it.
   */
  readonly busy: boolean;
  /** Units that wait here. */
  readonly pending: number;
  /** True once something that a person can read has left: a refusal with a status of its own is then too late. */
  readonly begun: boolean;
  /** A mask would have to go where none can be written. */
  readonly unfit: boolean;
}

/** Plain text: any piece of it may leave on its own. */
export class TextFlow implements Flow {
  begun = false;
  readonly pending = 0;
  readonly busy = false;
  readonly unfit = false;
  readonly #gate: OutputGate<never>;

  constructor(gate: OutputGate<never>) {
    this.#gate = gate;
  }

  push(text: string): string {
    return this.accept(this.#gate.write('text', '', text));
  }

  accept(pieces: readonly Piece<unknown>[]): string {
    let out = '';
    for (const piece of pieces) if (piece.kind === 'text') out += piece.text;
    if (out !== '') this.begun = true;
    return out;
  }

  end(): string {
    return '';
  }

  flush(): string {
    return '';
  }

  cut(): string {
    return '';
  }

  ending(): string {
    return '';
  }
}
