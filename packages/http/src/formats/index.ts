import type { Problem } from '../problem.ts';
import { aiSdkUi } from './ai-sdk-ui.ts';
import { anthropic } from './anthropic.ts';
import type { EventData, EventReading, StreamFormat, WireEvent } from './format.ts';
import { generic } from './generic.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiResponses } from './openai-responses.ts';

/** The protocol of one stream, found out event by event: servers relay what they are given. */
export class DetectedFormat {
  readonly #formats: readonly StreamFormat[];
  #current: StreamFormat;

  constructor(select: readonly string[] | undefined) {
    const fallback = generic(select);
    this.#formats =
      select === undefined ? [openaiChat(), aiSdkUi(), anthropic(), openaiResponses(), fallback] : [fallback];
    this.#current = fallback;
  }

  read(data: EventData): { readonly format: StreamFormat; readonly reading: EventReading } {
    for (const format of this.#formats) {
      const reading = format.read(data);
      if (reading !== undefined) return { format, reading };
    }
    throw new Error('the last format reads everything');
  }

  /** An event of this format has left: its ending is the one the client understands. */
  left(format: StreamFormat, data: EventData): void {
    if (format !== this.#formats.at(-1)) this.#current = format;
    format.left(data);
  }

  ending(problem: Problem): readonly WireEvent[] {
    return this.#current.ending(problem);
  }
}
