import type { LanguageModelV4, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { createUIMessageStream, wrapLanguageModel, type UIMessage, type UIMessageChunk } from 'ai';

/** What the model has written so far, by kind: text and reasoning are governed apart. */
export interface Written {
  text: string;
  reasoning: string;
}

/** The same model, and what it has written. `onDelta` is called after each piece. */
export function overheard(model: LanguageModelV4, written: Written, onDelta: () => void): LanguageModelV4 {
  const listen = (part: LanguageModelV4StreamPart): void => {
    if (part.type === 'text-delta') written.text += part.delta;
    else if (part.type === 'reasoning-delta') written.reasoning += part.delta;
    else return;
    onDelta();
  };
  return wrapLanguageModel({
    model,
    middleware: {
      specificationVersion: 'v4',
      async wrapStream({ doStream }) {
        const result = await doStream();
        const passing = new TransformStream<LanguageModelV4StreamPart, LanguageModelV4StreamPart>({
          transform(part, controller) {
            listen(part);
            controller.enqueue(part);
          },
        });
        return { ...result, stream: result.stream.pipeThrough(passing) };
      },
    },
  });
}

/** A mask as the demo's policy writes them. */
const MASK = /\[[A-Z][A-Z ]*\]/;

/**
 * How many units of `written` have not left yet, given what has. A mask stands for a span of unknown length: the plain
 * text after it says where it ends. For the page only; the gate itself knows to the unit.
 */
export function heldUnits(written: string, released: string): number {
  let at = 0;
  for (const [n, plain] of released.split(MASK).entries()) {
    if (plain === '') continue;
    const found = n === 0 ? 0 : written.indexOf(plain, at);
    if (found < 0) return 0;
    at = found + plain.length;
  }
  // A mask has left, and nothing behind it: what was written since is not known.
  if (released.endsWith(']') && MASK.test(released.slice(released.lastIndexOf('[')))) return 0;
  return Math.max(0, written.length - at);
}

/**
 * The stream of an answer, and between its parts what is held back, as a bar of `░`: never a letter of it. The bar is a
 * part of its own that no message keeps.
 */
export function withHeld(
  answer: (onDelta: () => void) => ReadableStream<UIMessageChunk>,
  written: Written,
): ReadableStream<UIMessageChunk> {
  return createUIMessageStream<UIMessage>({
    execute({ writer }) {
      const released = { text: '', reasoning: '' };
      let shown = 0;
      const show = (): void => {
        const held = heldUnits(written.text, released.text) + heldUnits(written.reasoning, released.reasoning);
        if (held === shown) return;
        shown = held;
        writer.write({ type: 'data-held', transient: true, data: '░'.repeat(held) });
      };
      const follow = new TransformStream<UIMessageChunk, UIMessageChunk>({
        transform(chunk, controller) {
          controller.enqueue(chunk);
          if (chunk.type === 'text-delta') released.text += chunk.delta;
          else if (chunk.type === 'reasoning-delta') released.reasoning += chunk.delta;
        },
      });
      // What may leave has left a few turns after it was written: the rest is held.
      const stream = answer(() => void setTimeout(show, 4));
      writer.merge(stream.pipeThrough(follow));
    },
  });
}
