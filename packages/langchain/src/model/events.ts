// Native events (`model.streamEvents(input)`, and agents that stream by them): the blocks of an answer, on their way
// through the gate.
import {
  mapMaybe,
  type Decision,
  type MaybePromise,
  type OutputGate,
  type Piece,
  type PullSteps,
} from '@flyball/core/adapter';
import type { ModelCall } from './call.ts';
import { decideCalls } from './calls.ts';
import {
  channelOf,
  CLIENT_CALLS,
  finished,
  isCall,
  isText,
  messageOf,
  rewriteCalls,
  textIn,
  type TextChannel,
  withoutFrame,
  withWords,
} from './event-blocks.ts';
import { decideRest } from './rest.ts';
import type { Rest } from './slots.ts';
import type { Block, NativeEvent } from './types.ts';

type Event = NativeEvent;

/**
 * Provider events without words of the answer. Every other one is a verbatim payload: text that the gate has not seen.
 */
const WORDLESS: ReadonlySet<unknown> = new Set([
  ...['stream_metadata', 'message_start', 'ping'],
  ...['response.created', 'response.in_progress'],
]);

/** Says how a stop ends: with the last events, or with an error behind what has left. */
export interface EventRefusal {
  events(decision: Decision, closing: readonly Event[], next: number): MaybePromise<readonly Event[]>;
}

/**
 * Text and reasoning go through the gate, and the end of their block repeats what was released of it. A block of any
 * other kind leaves whole, when it has ended and was decided on; blocks of tool calls, and what follows them, when the
 * message has ended.
 */
export function governEvents(
  gate: OutputGate<Event>,
  call: ModelCall,
  refusal: EventRefusal,
): PullSteps<Event, Event, Event> {
  const enforcing = gate.mode === 'enforce';
  const covered = call.covers('output');
  /** What blocks are, by index. */
  const kinds = new Map<number, unknown>();
  /** What was released of blocks that have not ended. */
  const open = new Map<number, { readonly channel: TextChannel; text: string }>();
  /** Events of a block that leaves whole. */
  const waiting = new Map<number, Event[]>();
  let held: Event[] | undefined;
  let next = 0;
  let stoppedBy: Decision | undefined;
  const calls: Block[] = [];

  function send(out: Event[], event: Event): void {
    const { index = -1, content } = event;
    if (event.event === 'content-block-start' && isText(content?.type) && !open.has(index))
      open.set(index, { channel: channelOf(content?.type), text: '' });
    if (event.event === 'content-block-finish') {
      event = finished(event, open.get(index));
      open.delete(index);
    }
    if (held === undefined) out.push(event);
    else held.push(event);
  }

  function deliver(pieces: readonly Piece<Event>[]): Event[] {
    const out: Event[] = [];
    for (const piece of pieces) {
      if (piece.kind === 'attachment') {
        if (enforcing && isCall(piece.value, kinds)) held ??= [];
        send(out, piece.value);
      } else say(out, Number(piece.block), piece.channel as TextChannel, piece.text);
    }
    return out;
  }

  function say(out: Event[], index: number, channel: TextChannel, text: string): void {
    remember(index, channel, text);
    const delta = channel === 'text' ? { type: 'text-delta', text } : { type: 'reasoning-delta', reasoning: text };
    send(out, { event: 'content-block-delta', index, delta });
  }

  function remember(index: number, channel: TextChannel, text: string): void {
    const block = open.get(index);
    if (block === undefined) open.set(index, { channel, text });
    else block.text += text;
  }

  function write(event: Event, channel: TextChannel, text: string): Event[] {
    const index = event.index!;
    const pieces = text === '' ? [] : gate.write(channel, String(index), text);
    const [piece] = pieces;
    if (pieces.length !== 1 || piece?.kind !== 'text' || piece.edited || piece.text !== text) return deliver(pieces);
    remember(index, channel, text);
    const out: Event[] = [];
    send(out, event);
    return out;
  }

  function accept(event: Event): MaybePromise<readonly Event[]> {
    const { index = -1, content, delta } = event;
    next = Math.max(next, index + 1);
    if (event.event === 'content-block-start') kinds.set(index, content?.type);
    if (event.event === 'message-finish' || event.event === 'usage') reportLast(event);
    if (event.event === 'content-block-finish' && CLIENT_CALLS.has(content?.type)) calls.push(content!);
    if (!enforcing) return observe(event);
    if (event.event === 'provider') return WORDLESS.has(event.name) ? deliver(gate.attach(event)) : [];
    const text = textIn(delta);
    if (text !== undefined) return write(event, text.channel, text.text);
    if (event.event.startsWith('content-block'))
      return isText(kinds.get(index)) ? acceptBeside(event) : acceptBlock(event);
    if (event.event === 'message-finish')
      return decided(event, { response_metadata: event['responseMetadata'] }, (rest) => ({
        ...event,
        responseMetadata: rest.response_metadata,
      }));
    if (event.event === 'error')
      return decided(event, { message: event['message'] }, (rest) => ({ ...event, message: rest.message }));
    return deliver(gate.attach(event));
  }

  /** What belongs to a block of text and is none of its deltas: its start, which may hold text, its fields, its end. */
  function acceptBeside(event: Event): MaybePromise<readonly Event[]> {
    const index = event.index!;
    const type = kinds.get(index);
    const channel = channelOf(type);
    const place = { channel, block: String(index) };
    const { [channel]: said, ...words } = withoutFrame(event.content ?? (event.delta?.['fields'] as Block | undefined));
    const go = (changed: Event): Event[] => {
      if (event.event === 'content-block-finish') {
        const out = deliver(gate.attach(changed, place));
        return gate.terminal === undefined ? [...out, ...deliver(gate.endBlock(channel, place.block))] : out;
      }
      if (event.event !== 'content-block-start' || typeof said !== 'string' || said === '')
        return deliver(gate.attach(changed, place));
      const bare = { ...changed, content: { ...changed.content, [channel]: '' } };
      return [...deliver(gate.attach(bare, place)), ...deliver(gate.write(channel, place.block, said))];
    };
    if (Object.keys(words).length === 0) return go(event);
    return decided(event, words, (rest) => withWords(event, rest), go);
  }

  /** A block that is no text waits for its own end. */
  function acceptBlock(event: Event): MaybePromise<readonly Event[]> {
    const index = event.index!;
    if (isCall(event, kinds)) return deliver(gate.attach(event));
    const events = [...(waiting.get(index) ?? []), event];
    waiting.set(index, events);
    if (event.event !== 'content-block-finish') return [];
    waiting.delete(index);
    const words = withoutFrame(event.content);
    const whole = (changed: Event): Event[] =>
      changed === event
        ? deliver(events.flatMap((one) => gate.attach(one)))
        : // Its deltas said what was edited: the block begins as it ends.
          deliver([{ ...changed, event: 'content-block-start' }, changed].flatMap((one) => gate.attach(one)));
    return decided(event, words, (rest) => withWords(event, rest), whole);
  }

  function decided(
    event: Event,
    words: object,
    change: (rest: Rest & { readonly message?: unknown }) => Event,
    go: (event: Event) => Event[] = (one) => deliver(gate.attach(one)),
  ): MaybePromise<readonly Event[]> {
    if (!covered || Object.values(words).every((value) => value === undefined)) return go(event);
    return mapMaybe(decideRest(call, words as Rest), (carried) => {
      if (gate.terminal !== undefined) return [];
      if (carried.kind === 'stopped') return stop(carried.decision);
      return go(carried.kind === 'edited' ? change(carried.value) : event);
    });
  }

  function observe(event: Event): readonly Event[] {
    const text = textIn(event.delta);
    if (covered && text !== undefined) gate.write(text.channel, String(event.index), text.text);
    return [event];
  }

  function stop(by: Decision): readonly Event[] {
    stoppedBy = by;
    void gate.abort(by).catch(() => undefined);
    return [];
  }

  let usage: NativeEvent['usage'];
  function reportLast(event: Event): void {
    usage = event['usage'] ?? usage;
  }

  async function refused(decision: Decision, out: readonly Event[]): Promise<readonly Event[]> {
    call.over();
    const closing = [...open].map(([index, { channel, text }]) => ({
      event: 'content-block-finish',
      index,
      content: { type: channel, [channel]: text },
    }));
    return [...out, ...(await refusal.events(decision, held === undefined ? closing : [], next))];
  }

  async function end(pieces: readonly Piece<Event>[]): Promise<readonly Event[]> {
    call.reportUsage(usage as never);
    const out = enforcing ? deliver(pieces) : [];
    const decision = await decideCalls(call, messageOf(calls));
    if (enforcing && decision.kind === 'stop') return refused(decision.decision, out);
    call.over();
    if (held === undefined) return out;
    return [...out, ...(decision.kind === 'edited' ? rewriteCalls(held, decision.message, kinds) : held)];
  }

  return {
    accept,
    release: deliver,
    end,
    stop: (pieces, decision) => refused(stoppedBy ?? decision, enforcing && held === undefined ? deliver(pieces) : []),
  };
}
