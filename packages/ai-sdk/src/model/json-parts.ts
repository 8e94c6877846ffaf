import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import { createJsonStream } from '@flyball/agent-kit';
import type { Decision, MaybePromise, OutputGate, Piece } from '@flyball/core/adapter';
import type { ModelCall } from './call.ts';
import { decideJsonText } from './json-output.ts';
import type { PartOf } from './parts.ts';

/** Where parts go from here. */
export interface JsonSink {
  send(part: Part): void;
  /** From here on every part waits for the end of the message. */
  hold(): void;
  /** Pieces of other texts that were freed meanwhile. */
  freed(pieces: readonly Piece<Part>[]): void;
}

/** An answer whose text is declared to be JSON, among the other parts of the answer. */
export interface JsonParts {
  write(part: PartOf<'text-delta'>): void;
  /** Any other part, in its place. */
  send(part: Part): void;
  collect(piece: Piece<Part>): boolean;
  /** Lets out what nothing holds. */
  drain(): void;
  /** No more parts: to be called before the gate ends. */
  end(): void;
  /** Something was to be masked where no mask can be written. */
  readonly unfit: boolean;
  /** The decision that says so. */
  refuse(): MaybePromise<Decision>;
  /** Decides on text that was no JSON, when all of it is there; answers with the decision that stops the answer. */
  decideRest(): Promise<Decision | undefined>;
  /** The held parts, with what may leave of that text. */
  settle(held: readonly Part[]): readonly Part[];
}

/**
 * The text of all text blocks is one JSON text. Its values leave as they are judged. Text that no parser would take is
 * judged as a whole, as its reader might mend it, and waits for the end of the message.
 */
export function createJsonParts(gate: OutputGate<Part>, call: ModelCall, sink: JsonSink): JsonParts {
  const json = createJsonStream<Part, Mark>(gate, sink.freed);
  let all = '';
  /** Whose text comes next, as it arrives and as it leaves. */
  let writing = '';
  let speaking = '';
  /** Stands for the text that waits to be judged as a whole; set once there is such. */
  let rest: PartOf<'text-delta'> | undefined;
  let said = '';
  let refused: MaybePromise<Decision> | undefined;

  function drain(): void {
    if (rest !== undefined) return;
    for (const out of json.take()) {
      if (out.kind === 'text') sink.send({ type: 'text-delta', id: speaking, delta: out.text });
      else if (typeof out.value === 'string') speaking = out.value;
      else sink.send(out.value);
    }
  }

  /** No JSON, or not all of it: what has not left waits. */
  function give(): void {
    if (rest !== undefined) return;
    drain();
    rest = { type: 'text-delta', id: speaking === '' ? writing : speaking, delta: '' };
    sink.hold();
    sink.send(rest);
    for (const mark of json.marks()) if (typeof mark !== 'string') sink.send(mark);
  }

  return {
    collect: (piece) => json.collect(piece),
    drain,
    write(part) {
      all += part.delta;
      if (rest !== undefined) return;
      if (part.id !== writing) json.mark((writing = part.id));
      if (!json.write(part.delta)) give();
    },
    send(part) {
      if (rest === undefined) json.mark(part);
      else sink.send(part);
    },
    end() {
      if (!json.end()) give();
    },
    get unfit() {
      return json.unfit;
    },
    // Once: more parts arrive while its record is written.
    refuse: () => (refused ??= call.governor.refuse(call.event({ stage: 'output' }), 'EDIT_NOT_APPLICABLE')),
    async decideRest() {
      if (rest === undefined) return undefined;
      const carried = await decideJsonText(call, all);
      if (carried.kind === 'stopped') return carried.decision;
      const clean = json.released === all.slice(0, json.consumed);
      if (carried.kind === 'passed' && clean) said = all.slice(json.consumed);
      else if (carried.value.startsWith(json.released)) said = carried.value.slice(json.released.length);
      // What has left cannot be edited any more.
      else return call.governor.refuse(call.event({ stage: 'output' }), 'EDIT_NOT_APPLICABLE');
      return undefined;
    },
    settle: (held) =>
      rest === undefined
        ? held
        : held.flatMap((part) => (part !== rest ? [part] : said === '' ? [] : [{ ...rest, delta: said }])),
  };
}

/** Another part in its place, or the id of the block whose text comes next. */
type Mark = Part | string;
