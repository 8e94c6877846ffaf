import type { Decision } from '../contract/ruling.ts';
import { call } from '../outside/call.ts';
import { isPromise } from '../outside/maybe-promise.ts';
import type { OutputGate, Piece } from './types.ts';

export interface GateTransformOptions {
  /** What is sent when the stream was stopped, after the last safe text. Default: nothing. */
  readonly ending?: (decision: Decision) => string;
}

/**
 * A gate as a web `TransformStream` over text: for plain streams that have no framing of their own.
 * Once stopped, what still arrives is dropped and the stream ends cleanly. Cancel the source through `gate.stopped`.
 */
export function gateTransform(gate: OutputGate, options: GateTransformOptions = {}): TransformStream<string, string> {
  let finished = false;

  function send(controller: TransformStreamDefaultController<string>, pieces: readonly Piece<never>[]): void {
    for (const piece of pieces) if (piece.kind === 'text') controller.enqueue(piece.text);
  }

  function finish(controller: TransformStreamDefaultController<string>, decision: Decision): void {
    if (finished) return;
    finished = true;
    // Words that fail are no words: the stream ends all the same.
    const ending = call('wording', 'ending', () => options.ending?.(decision));
    if (!isPromise(ending) && ending.ok && typeof ending.value === 'string' && ending.value !== '')
      controller.enqueue(ending.value);
    controller.terminate();
  }

  return new TransformStream<string, string>({
    start(controller) {
      // A halt may come while no text does.
      gate.stopped.addEventListener('abort', () => gate.terminal !== undefined && finish(controller, gate.terminal), {
        once: true,
      });
      if (gate.terminal !== undefined) finish(controller, gate.terminal);
    },
    async transform(text, controller) {
      if (finished) return;
      send(controller, gate.write('text', '', text));
      // Judgements under way keep the source waiting: back-pressure instead of a buffer that grows.
      while (gate.waiting !== undefined && gate.terminal === undefined) {
        await gate.waiting;
        send(controller, gate.take());
      }
      if (gate.terminal !== undefined) finish(controller, gate.terminal);
    },
    async flush(controller) {
      if (finished) return;
      const { pieces, decision } = await gate.end();
      if (finished) return;
      send(controller, pieces);
      if (gate.terminal !== undefined) finish(controller, decision);
    },
  });
}
