// A stream of a governed model as LangChain reads it: prompt first, then the gate, the callbacks behind what has left.
import { pull, sourceOf, type Decision, type MaybePromise, mapMaybe } from '@flyball/core/adapter';
import { refusalChunk, blocked } from '../to-response.ts';
import { openCall, withStop, type ModelCall, type ModelSettings } from './call.ts';
import { admitPrompt } from './prompt.ts';
import { judgeErrors } from './source-errors.ts';
import { governChunks } from './stream.ts';
import type {
  BaseMessage,
  ChatGenerationChunk as Chunk,
  ChatModel,
  ChunkStream,
  ModelOptions,
  RunManager,
} from './types.ts';
import { ChatGenerationChunk } from '@langchain/core/outputs';

/** `_streamResponseChunks` of a governed model. */
export function streamGoverned(
  settings: ModelSettings,
  model: ChatModel,
  messages: readonly BaseMessage[],
  options: ModelOptions,
  runManager: RunManager | undefined,
): ChunkStream {
  const begin = async (): Promise<Begun> => {
    const call = await openCall(settings, model, options);
    try {
      const admission = await admitPrompt(call, messages, options);
      if (admission.kind === 'refused') return await refused(call, admission.decision);
      return await ask(call, admission.messages);
    } catch (error) {
      call.over();
      throw error;
    }
  };

  const refused = async (call: ModelCall, decision: Decision): Promise<Begun> => {
    call.over();
    call.stopped(decision);
    if (call.throws) throw blocked(decision);
    const chunk = chunkOf(refusalChunk(decision, await call.refusal(decision)));
    return { chunks: [chunk][Symbol.iterator]() as never, tells: ALWAYS };
  };

  const ask = async (call: ModelCall, admitted: BaseMessage[]): Promise<Begun> => {
    const gate = await call.openGate<Chunk>();
    const enforcing = gate.mode === 'enforce';
    const made = new WeakSet<Chunk>();
    let failure: Error | undefined;
    const refusal = {
      chunk: (decision: Decision, last: Chunk | undefined, provider: unknown): MaybePromise<readonly Chunk[]> => {
        const error = blocked(decision);
        call.stopped(decision);
        call.stop.abort(error);
        if (call.throws) {
          failure = error;
          return [];
        }
        return mapMaybe(call.refusal(decision), (words) => {
          const chunk = chunkOf(refusalChunk(decision, words, last?.message, provider), last);
          made.add(chunk);
          return [chunk];
        });
      },
    };
    const steps = governChunks(gate, call, refusal);
    if (gate.terminal !== undefined) {
      // Refused before it began: a halt, or a record that could not be written.
      const last = await steps.stop([], gate.terminal);
      return { chunks: last[Symbol.iterator]() as never, tells: ALWAYS, failure: () => failure };
    }
    // INVARIANT: while enforcing the provider is given no callbacks: it would tell them what has not been released.
    const source = model._streamResponseChunks(
      admitted,
      withStop(options, call, model),
      enforcing ? undefined : runManager,
    );
    const judged = judgeErrors(gate, sourceOf(source[Symbol.asyncIterator]()));
    const chunks = pull(judged.source, gate, steps, { signal: options.signal });
    return {
      chunks,
      tells: enforcing ? ALWAYS : (chunk) => made.has(chunk),
      call,
      failure: () => failure,
      failed: judged.failed,
    };
  };
  return new GovernedStream(begin, runManager, options.promptIndex ?? 0);
}

function chunkOf(message: Chunk['message'], like?: Chunk): Chunk {
  const make = (like?.constructor ?? ChatGenerationChunk) as typeof ChatGenerationChunk;
  return new make({ text: message.text, message });
}

interface Begun {
  readonly chunks: AsyncIterator<Chunk> | Iterator<Chunk>;
  /** Whether callbacks are told of a chunk by us: the provider tells them of its own, where it has them. */
  readonly tells: (chunk: Chunk) => boolean;
  readonly call?: ModelCall;
  /** What the stream ends with in place of words. */
  readonly failure?: () => Error | undefined;
  /** The provider's error, as it may be told. */
  readonly failed?: (error: unknown) => unknown;
}

const ALWAYS = (): boolean => true;

/** One iterator by hand: a generator around a generator would cost every chunk two more turns. */
class GovernedStream implements ChunkStream {
  readonly #begin: () => Promise<Begun>;
  readonly #run: RunManager | undefined;
  readonly #prompt: number;
  #begun: Begun | undefined;
  /** A chunk that has left, of which callbacks have yet to be told. */
  #left: Chunk | undefined;
  #over = false;

  constructor(begin: () => Promise<Begun>, run: RunManager | undefined, prompt: number) {
    this.#begin = begin;
    this.#run = run;
    this.#prompt = prompt;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Chunk, undefined>> {
    if (this.#over) return { done: true, value: undefined };
    const begun = (this.#begun ??= await this.#begin());
    if (this.#left !== undefined) await this.#tell(this.#left);
    const next = await this.#read(begun);
    if (next.done !== true) {
      if (this.#run !== undefined && begun.tells(next.value)) this.#left = next.value;
      return next;
    }
    this.#over = true;
    const failure = begun.failure?.();
    if (failure !== undefined) throw failure;
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<Chunk, undefined>> {
    this.#over = true;
    const begun = this.#begun;
    begun?.call?.stop.abort(new Error('the reader has left'));
    begun?.call?.over();
    await (begun?.chunks.return as ((value?: unknown) => unknown) | undefined)?.call(begun!.chunks);
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<never> {
    await this.return();
    throw error;
  }

  async #read({ chunks, call, failed }: Begun): Promise<IteratorResult<Chunk, undefined>> {
    try {
      return (await chunks.next()) as IteratorResult<Chunk, undefined>;
    } catch (error) {
      this.#over = true;
      call?.over();
      throw failed?.(error) ?? error;
    }
  }

  async #tell(chunk: Chunk): Promise<void> {
    this.#left = undefined;
    const indices = { prompt: this.#prompt, completion: 0 };
    await this.#run!.handleLLMNewToken(chunk.text, indices, undefined, undefined, undefined, { chunk });
  }
}
