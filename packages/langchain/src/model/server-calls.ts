// Calls of the provider's own tools, as a stream shows them: pieces of arguments to which no name belongs.
import { decideArguments } from '@flyball/agent-kit';
import type { Decision } from '@flyball/core/adapter';
import type { ModelCall } from './call.ts';
import type { Ticket } from './departures.ts';
import type { Message } from './slots.ts';
import type { ChatGenerationChunk as Chunk } from './types.ts';

/** One call whose pieces come in, until something else does. */
interface ServerCall {
  readonly index: unknown;
  text: string;
  decided: boolean;
}

/**
 * Tells the provider's own calls from those that this process runs. A call of ours begins with a chunk that names it;
 * what comes without a name is nothing that could be run here, so the answer does not wait for its end because of it:
 * it is decided on when its block has ended.
 */
export class ServerCalls {
  readonly #named = new Set<unknown>();
  #open: ServerCall | undefined;

  /** A call is under way: what comes next may end it. */
  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** The ticket of a chunk that holds nothing but a piece of such a call. */
  take({ tool_call_chunks: chunks = [], tool_calls: calls = [] }: Message): Ticket<Chunk> | undefined {
    const mine = chunks.filter(({ name, id, index }) => isNothing(name) && isNothing(id) && !this.#named.has(index));
    for (const { name, id, index } of chunks) if (!isNothing(name) || !isNothing(id)) this.#named.add(index);
    if (mine.length === 0 || mine.length < chunks.length || calls.length > 0) return undefined;
    const { index } = mine[0]!;
    if (mine.some((one) => one.index !== index)) return undefined;
    const call = (this.#open ??= { index, text: '', decided: false });
    call.text += mine.map(({ args }) => args ?? '').join('');
    return {
      get ready() {
        return call.decided;
      },
      leave: (chunk) => chunk,
    };
  }

  /** True for a message that goes on with the call that is open. */
  continues({ tool_call_chunks: chunks = [] }: Message): boolean {
    return chunks.length > 0 && chunks.every(({ index }) => index === this.#open?.index);
  }

  /**
   * The open call has ended. What the provider runs has run: its arguments can be neither edited nor withheld, and an
   * answer built on what is stopped ends. Answers with the decision that ends it.
   */
  async end(call: ModelCall): Promise<Decision | undefined> {
    const ended = this.#open;
    if (ended === undefined) return undefined;
    this.#open = undefined;
    const stopped = await decideServerCall(call, '', parsed(ended.text));
    ended.decided = stopped === undefined;
    return stopped;
  }
}

/** Decides on the arguments of a call that the provider runs; answers with what stops it. */
export async function decideServerCall(call: ModelCall, tool: string, args: unknown): Promise<Decision | undefined> {
  const carried = await decideArguments(call, tool, args);
  return carried.kind === 'stopped' ? carried.decision : undefined;
}

const isNothing = (value: unknown): boolean => value === undefined || value === null || value === '';

/** What is no JSON is read as it stands. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
