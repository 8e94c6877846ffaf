import type { Problem } from '../problem.ts';
import { aiSdkUi } from './ai-sdk-ui.ts';
import { anthropic } from './anthropic.ts';
import type { EventReading, StreamEvent, StreamFormat, WireEvent } from './format.ts';
import { generic, type GenericOptions } from './generic.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiResponses } from './openai-responses.ts';

/** The protocol of one stream, found out event by event: servers relay what they are given. */
export class DetectedFormat {
  readonly #formats: readonly StreamFormat[];
  readonly #generic: StreamFormat;
  #current: StreamFormat;

  constructor(options: GenericOptions = {}) {
    this.#generic = generic(options);
    this.#formats = options.select === undefined ? [openaiChat(), aiSdkUi(), anthropic(), openaiResponses()] : [];
    this.#current = this.#generic;
  }

  read(event: StreamEvent): { readonly format: StreamFormat; readonly reading: EventReading } {
    const current = this.#current === this.#generic ? undefined : this.#current.read(event);
    if (current !== undefined) return { format: this.#current, reading: current };
    for (const format of this.#formats) {
      const reading = format === this.#current ? undefined : format.read(event);
      if (reading !== undefined) return { format, reading };
    }
    return { format: this.#generic, reading: this.#generic.read(event)! };
  }

  /** An event of this format has left: its ending is the one the client understands. */
  left(format: StreamFormat, event: StreamEvent): void {
    if (format !== this.#generic) this.#current = format;
    format.left(event);
  }

  ending(problem: Problem): readonly WireEvent[] {
    return this.#current.ending(problem);
  }
}
