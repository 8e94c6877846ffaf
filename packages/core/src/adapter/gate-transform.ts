import type { Decision } from '../contract/ruling.ts';
import { checkOptions } from '../check-options.ts';
import type { OutputGate, Piece } from '../gate/types.ts';
import { call } from '../outside/call.ts';
import { mapMaybe, type MaybePromise } from '../outside/maybe-promise.ts';
import { pull, readableOf, type PullSource } from './pull.ts';

export interface GateTransformOptions {
  /** What is sent when the stream was stopped, after the last safe text. Default: nothing, also when it throws. */
  readonly ending?: (decision: Decision) => string;
}

/**
 * A gate as a web `TransformStream` over text: for plain streams that have no framing of their own. Once stopped, the
 * readable side ends cleanly and the writable side fails, which cancels a source that is piped into it. A readable side
 * that is cancelled, and a writable side that is aborted, abort the gate.
 */
export function gateTransform(gate: OutputGate, options: GateTransformOptions = {}): TransformStream<string, string> {
  checkOptions('gateTransform', options, { ending: 'function' });
  const written = new Written();
  const governed = pull<string, string, never>(written, gate, {
    accept(text) {
      const pieces = gate.write('text', '', text);
      written.taken();
      return textsOf(pieces);
    },
    release: textsOf,
    end: textsOf,
    stop: (pieces, decision) =>
      mapMaybe(endingOf(options, decision), (ending) =>
        ending === '' ? textsOf(pieces) : [...textsOf(pieces), ending],
      ),
  });
  return { readable: readableOf(governed), writable: written.writable };
}

const textsOf = (pieces: readonly Piece<never>[]): readonly string[] =>
  pieces.flatMap((piece) => (piece.kind === 'text' ? [piece.text] : []));

function endingOf({ ending }: GateTransformOptions, decision: Decision): MaybePromise<string> {
  if (ending === undefined) return '';
  return mapMaybe(
    call<unknown>('wording', 'ending', () => ending(decision)),
    (answer) => (answer.ok && typeof answer.value === 'string' ? answer.value : ''),
  );
}

type Read = { readonly done: true } | { readonly done: false; readonly value: string };

interface Asked {
  readonly give: (read: Read) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * What is written, for whoever reads it: a write waits until somebody asks, and is finished when its text is judged.
 */
class Written implements PullSource<string> {
  readonly writable: WritableStream<string>;
  #controller: WritableStreamDefaultController | undefined;
  /** Somebody asks. */
  #asked: Asked | undefined;
  /** The end, or the failure, that nobody has asked for yet. */
  #last: { readonly error?: unknown; readonly failed: boolean } | undefined;
  #onAsked: () => void = () => undefined;
  #onTaken: () => void = () => undefined;
  #cancelled = false;

  constructor() {
    this.writable = new WritableStream<string>({
      start: (controller) => void (this.#controller = controller),
      write: async (value) => {
        await this.#demand();
        const judged = new Promise<void>((resolve) => (this.#onTaken = resolve));
        this.#take()?.give({ done: false, value });
        if (!this.#cancelled) await judged;
      },
      close: () => this.#finish({ failed: false }),
      abort: (error) => this.#finish({ failed: true, error }),
    });
  }

  read(): Promise<Read> {
    return new Promise((give, fail) => {
      this.#asked = { give, fail };
      if (this.#last !== undefined) this.#finish(this.#last);
      this.#onAsked();
    });
  }

  cancel(reason: unknown): void {
    this.#cancelled = true;
    this.#controller?.error(reason);
    this.#onAsked();
    this.#onTaken();
  }

  /** What was read last has been judged: its write is finished. */
  taken(): void {
    this.#onTaken();
  }

  #finish(last: { readonly error?: unknown; readonly failed: boolean }): void {
    this.#last = last;
    const asked = this.#take();
    if (last.failed) asked?.fail(last.error);
    else asked?.give({ done: true });
  }

  #take(): Asked | undefined {
    const asked = this.#asked;
    this.#asked = undefined;
    return asked;
  }

  #demand(): Promise<void> {
    if (this.#asked !== undefined) return Promise.resolve();
    return new Promise((resolve) => (this.#onAsked = resolve));
  }
}
