import type { Problem } from '../problem.ts';
import { agUi } from './ag-ui.ts';
import { aiSdkData } from './ai-sdk-data.ts';
import { aiSdkUi } from './ai-sdk-ui.ts';
import { anthropic } from './anthropic.ts';
import { assistants } from './assistants.ts';
import { bedrock } from './bedrock.ts';
import { cohere } from './cohere.ts';
import type { EventReading, StreamEvent, StreamFormat, WireEvent } from './format.ts';
import { gemini } from './gemini.ts';
import { generic, type GenericOptions } from './generic.ts';
import { graphqlMultipart, graphqlSse } from './graphql.ts';
import { a2a, jsonRpc } from './json-rpc.ts';
import { langGraph, langServe } from './langchain.ts';
import { ollama } from './ollama.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiResponses } from './openai-responses.ts';
import type { RequestHints } from './request.ts';
import { tgi } from './tgi.ts';
import { trpcLines, trpcSubscription } from './trpc.ts';

/** The protocols that are known, the most usual first; last those that take nearly anything, once they have begun. */
const PROTOCOLS: readonly ((request: () => RequestHints) => StreamFormat)[] = [
  ...[openaiChat, aiSdkUi, anthropic, openaiResponses, gemini, cohere, tgi, ollama, assistants],
  ...[langGraph, a2a, jsonRpc, agUi, aiSdkData, bedrock, graphqlSse],
  ...[langServe, trpcLines, trpcSubscription, graphqlMultipart],
];

/**
 * The protocol of one stream, found out event by event: servers relay what they are given. INVARIANT: an event is read
 * by the first that knows it, whatever has left before. What has left is a matter of what was held, and a text that is
 * read in two ways is judged in halves.
 */
export class DetectedFormat {
  readonly #isKnown: boolean;
  readonly #request: () => RequestHints;
  /**
   * Each remembers how far the stream has come, so each stream has its own: made when an event is none of those before
   * it.
   */
  readonly #formats: StreamFormat[] = [];
  readonly #generic: StreamFormat;
  /** That of the last event which has left. */
  #current: StreamFormat;

  /** `request` is asked when the protocol's ending has to answer it. */
  constructor(options: GenericOptions = {}, request: () => RequestHints = () => NO_REQUEST) {
    this.#generic = generic(options);
    this.#isKnown = options.select === undefined;
    this.#request = request;
    this.#current = this.#generic;
  }

  read(event: StreamEvent): { readonly format: StreamFormat; readonly reading: EventReading } {
    for (let at = 0; this.#isKnown && at < PROTOCOLS.length; at++) {
      const format = (this.#formats[at] ??= PROTOCOLS[at]!(this.#request));
      const reading = format.read(event);
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

const NO_REQUEST: RequestHints = { path: '', headers: {}, body: undefined };
