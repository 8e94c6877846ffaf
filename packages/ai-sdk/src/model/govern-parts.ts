import type {
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart as Part,
  LanguageModelV4Usage,
} from '@ai-sdk/provider';
import { beginMessage, decideToolCall } from '@flyball/agent-kit';
import { decideAndCarryOut, mapMaybe, type Decision, type OutputGate, type Piece } from '@flyball/core/adapter';
import { decideBeside, endWithoutEcho, readBeside, withMetadata, type Annotated, type Beside } from './beside.ts';
import type { ModelCall } from './call.ts';
import { decideFailure } from './failure.ts';
import type { GovernedParts, Stop } from './governed-parts.ts';
import { decideHeld } from './held-parts.ts';
import { createJsonParts } from './json-parts.ts';
import { createOutlet, type Sink } from './outlet.ts';
import { channelOf, isAs, waitingOf, waitsForEnd, type BlockPart, type Delta, type PartOf } from './parts.ts';
import { UNKNOWN_USAGE } from '../to-response.ts';
import { isToolInput, saysTheSame, withVerdict, writtenCall } from './tool-part.ts';
import { readWholePart, wholePartEvent, type ReadPart, type WholePart } from './whole-parts.ts';

/**
 * Every part of an answer, in order: text goes through the gate, parts in one piece are decided on, tool calls wait for
 * the end of the message. `onStop` is told once when the answer is stopped: from then on nothing leaves but what it
 * sends.
 */
export function governParts(
  gate: OutputGate<Part>,
  call: ModelCall,
  sink: Sink,
  onStop: (stop: Stop) => void,
): GovernedParts {
  beginMessage(call.interaction);
  const outlet = createOutlet(sink);
  const enforcing = gate.mode === 'enforce';
  const waiting = waitingOf(call, enforcing);
  /** Of declared JSON that a rule reads; in shadow it is read beside the parts. */
  const json =
    gate.mode === 'off' || !call.json || !call.covers('output')
      ? undefined
      : createJsonParts(gate, call, {
          send: (part) => {
            if (enforcing) leaveOutlet(part);
          },
          hold: () => {
            if (enforcing) outlet.hold();
          },
          freed: (pieces) => deliver(pieces),
        });
  /** Ids of tool input that has begun. */
  const inputs = new Set<string>();
  /** Streamed input of provider-executed calls, until the call is decided. */
  const providerInputs = new Map<string, Part[]>();
  let usage: LanguageModelV4Usage = UNKNOWN_USAGE;
  let decision: Decision | undefined;
  let stopped: Decision | undefined;
  let ended = false;
  let watching = false;
  /** The message calls tools of this process, and ended as one that lets them run. */
  let calls = false;
  let goesOn = false;
  let ends: LanguageModelV4FinishReason['unified'] | undefined;

  function deliver(pieces: readonly Piece<Part>[]): void {
    for (const piece of pieces) {
      if (json?.collect(piece) === true) continue;
      if (piece.kind !== 'text') {
        depart(piece.value);
        continue;
      }
      const type = piece.channel === 'reasoning' ? 'reasoning-delta' : 'text-delta';
      const part = { type, id: piece.block, delta: piece.text } as const;
      // No text waits for the end of the message by itself: whether it does need not be asked for each piece.
      if (json === undefined) outlet.send(part);
      else depart(part);
    }
    json?.drain();
  }

  /** On its way out: behind JSON that waits, where there is any. */
  function depart(part: Part): void {
    if (json === undefined || !enforcing) leaveOutlet(part);
    else json.send(part);
  }

  function leaveOutlet(part: Part): void {
    // INVARIANT: while enforcing, nothing of a tool call leaves before the call is decided, and what follows it keeps
    // its place.
    if (waitsForEnd(part, waiting) || isStray(part)) outlet.hold();
    outlet.send(part);
  }

  /** Input of a tool that nobody has named. It waits, and leaves only as that of a call which is let go. */
  function isStray(part: Part): boolean {
    if (!isToolInput(part)) return false;
    if (part.type === 'tool-input-start') inputs.add(part.id);
    return enforcing && !inputs.has(part.id) && (waiting.calls || call.covers('tool_call'));
  }

  /** Runs a step of the gate and delivers what it lets go; then ends if the step stopped the stream. */
  function step(run: () => readonly Piece<Part>[], original?: Delta): void {
    // It may have ended while a decision was waited for.
    if (ended) return;
    const pieces = run();
    if (original !== undefined && pieces.length === 1 && isAs(pieces[0], original)) {
      // What went through whole goes on as it came, its own metadata with it.
      depart(original);
      json?.drain();
    } else {
      deliver(pieces);
      if (original?.providerMetadata !== undefined && gate.terminal === undefined) inBlock({ ...original, delta: '' });
    }
    if (gate.terminal !== undefined) stop(gate.terminal);
    else if (json?.unfit === true && enforcing) unfit();
    else watch();
  }

  /** A mask was to be written where none can be: nothing of it has left, and nothing will. */
  function unfit(): void {
    void mapMaybe(json!.refuse(), stop);
  }

  /** Judgements that run beside the text release it when they are done, whether or not more text comes. */
  function watch(): void {
    if (watching || gate.waiting === undefined) return;
    watching = true;
    void gate.waiting.then(() => {
      watching = false;
      step(() => gate.take());
    });
  }

  function write(part: Delta): void {
    // Whatever a provider has sent in the place of text: where nothing is enforced, the SDK says what it thinks of it.
    if (typeof part.delta !== 'string' && !enforcing) attach(part);
    else if (part.delta === '') inBlock(part);
    else if (jsonText(part)) writeJson(part);
    else step(() => gate.write(channelOf(part), part.id, part.delta), part);
  }

  function writeJson(part: PartOf<'text-delta'>): void {
    step(() => {
      json!.write(part);
      return gate.take();
    });
    if (!enforcing) attach(part);
    else if (part.providerMetadata !== undefined) attach({ ...part, delta: '' });
  }

  const attach = (part: Part): void => step(() => gate.attach(part));

  /** A part without text that belongs to a block: keeps its place in it. */
  function inBlock(part: BlockPart): void {
    if (jsonText(part)) attach(part);
    else step(() => gate.attach(part, { channel: channelOf(part), block: part.id }));
  }

  function endBlock(part: PartOf<'text-end' | 'reasoning-end'>): void {
    inBlock(part);
    if (!jsonText(part)) step(() => gate.endBlock(channelOf(part), part.id));
  }

  /** Text that is declared to be JSON is no text of the gate's: its values are. */
  function jsonText(part: BlockPart): part is PartOf<'text-start' | 'text-delta' | 'text-end'> {
    return json !== undefined && channelOf(part) === 'text';
  }

  function decideWhole(part: WholePart): Promise<void> | undefined {
    const read = readWholePart(part, call);
    if (read !== undefined) return decideRead(part, read);
    pass(part);
    return undefined;
  }

  async function decideRead(part: WholePart, read: ReadPart): Promise<void> {
    const event = call.event(wholePartEvent(part, read));
    const carried = await decideAndCarryOut(call.governor, event, part, read.apply);
    if (carried.kind === 'stopped') stop(carried.decision);
    else pass(carried.value);
  }

  function pass(part: WholePart): void {
    if (part.type === 'text-end') endBlock(part);
    else attach(part);
  }

  async function decideCall(part: PartOf<'tool-call'>): Promise<void> {
    const verdict = await decideToolCall(call, writtenCall(part, call));
    // What the provider runs has run: the answer built on it ends here.
    if (verdict.kind === 'stop' || (part.providerExecuted === true && verdict.kind === 'withheld'))
      return stop(verdict.decision);
    const inputs = providerInputs.get(part.toolCallId) ?? [];
    providerInputs.delete(part.toolCallId);
    if (verdict.kind === 'passed' && saysTheSame(inputs, [part.input])) for (const input of inputs) attach(input);
    attach(withVerdict(part, verdict, call));
  }

  /** What the provider failed with is read by people, and some providers quote what they were sent. */
  async function decideError(part: PartOf<'error'>): Promise<void> {
    const error = await decideFailure(call, part.error);
    attach({ ...part, error });
  }

  function toolInput(part: PartOf<'tool-input-start' | 'tool-input-delta' | 'tool-input-end'>): void {
    const inputs = providerInputs.get(part.id);
    if (inputs !== undefined) inputs.push(part);
    else if (part.type === 'tool-input-start' && part.providerExecuted === true && waiting.reads(part.toolName))
      providerInputs.set(part.id, [part]);
    else attach(part);
  }

  function accept(part: Part): Promise<void> | undefined {
    if (ended || (decision !== undefined && enforcing)) return undefined;
    if (!enforcing || !('providerMetadata' in part) || part.type === 'finish') return go(part);
    const beside = readBeside(part);
    if (beside === undefined || !call.covers('output')) return go(part);
    return decideAnnotated(part, beside);
  }

  async function decideAnnotated(part: Annotated, beside: Beside): Promise<void> {
    const carried = await decideBeside(call, part.providerMetadata!, beside);
    if (ended) return;
    if (carried.kind === 'stopped') stop(carried.decision);
    else await go(withMetadata(part, carried.value));
  }

  function go(part: Part): Promise<void> | undefined {
    switch (part.type) {
      case 'text-delta':
      case 'reasoning-delta':
        write(part);
        return undefined;
      case 'text-end':
        if (part.citations !== undefined && part.citations.length > 0) return decideWhole(part);
        endBlock(part);
        return undefined;
      case 'reasoning-end':
        endBlock(part);
        return undefined;
      case 'tool-input-start':
      case 'tool-input-delta':
      case 'tool-input-end':
        toolInput(part);
        return undefined;
      case 'tool-call':
        if (part.providerExecuted !== true) calls = true;
        if (!waitsForEnd(part, waiting)) return decideCall(part);
        attach(part);
        return undefined;
      case 'tool-result':
      case 'source':
      case 'file':
      case 'reasoning-file':
      case 'custom':
        return decideWhole(part);
      case 'text-start':
      case 'reasoning-start':
        inBlock(part);
        return undefined;
      case 'stream-start':
      case 'response-metadata':
      case 'tool-approval-request':
        attach(part);
        return undefined;
      case 'error':
        if (enforcing && call.covers('output')) return decideError(part);
        attach(part);
        return undefined;
      case 'ping':
        // Keeps the connection alive exactly while other parts wait; it has no place among them.
        if (enforcing) outlet.pass(part);
        else attach(part);
        return undefined;
      case 'raw':
        // INVARIANT: a raw chunk holds text that the gate has not seen yet, so none leaves while enforcing.
        if (!enforcing) attach(part);
        return undefined;
      case 'finish':
        return finish(part);
      default:
        return unknown(part);
    }
  }

  /** A kind of part that this version does not know: unjudged, so it leaves only where nothing is enforced. */
  function unknown(part: never): undefined {
    if (!enforcing) attach(part);
  }

  async function finish(part?: PartOf<'finish'>): Promise<void> {
    if (part !== undefined) {
      usage = part.usage;
      ends = part.finishReason.unified;
      call.reportUsage(usage);
    }
    json?.end();
    const ending = gate.end();
    // What earlier judgements free leaves while the last ones are under way.
    watch();
    const end = await ending;
    if (ended) return;
    decision = end.decision;
    deliver(end.pieces);
    // A stop, or an answer that was cut meanwhile: the governor closed.
    if (gate.terminal !== undefined) return stop(decision);
    const by = json?.unfit === true ? await json.refuse() : await json?.decideRest();
    if (ended) return;
    if (by !== undefined && enforcing) return stop(by);
    if (outlet.held !== undefined) {
      const held = await decideHeld(call, json?.settle(outlet.held) ?? outlet.held);
      if (ended) return;
      if (held.kind === 'stop') return stop(held.decision);
      outlet.release(held.parts);
    }
    if (part === undefined) return;
    const repeats = enforcing && call.covers('output');
    const last = repeats ? await endWithoutEcho(call, part, decision.edits.length > 0) : part;
    if (!ended) outlet.send(last);
  }

  async function complete(): Promise<void> {
    if (ended) return;
    if (decision === undefined) await finish();
    if (ended) return;
    goesOn = calls && (ends === 'tool-calls' || ends === 'stop');
    leave();
    sink.close();
  }

  function stop(by: Decision): void {
    if (ended) return;
    leave();
    stopped = by;
    // A stop that came from elsewhere ends the gate too, so that its decision is recorded.
    void gate.abort(by).catch(() => undefined);
    onStop({ by, closers: outlet.closers(), usage, spoken: outlet.spoken });
  }

  async function abandon(reason: unknown): Promise<void> {
    if (ended) return;
    leave();
    await gate.abort(reason);
  }

  // It fires inside of a step as well, before the pieces that may still leave are here.
  const onStopped = (): void => queueMicrotask(() => step(() => gate.take()));
  const leave = (): void => {
    ended = true;
    call.over({ goesOn });
  };
  gate.stopped.addEventListener('abort', onStopped, { once: true });
  // Refused before it began: a halt or a limit.
  if (gate.terminal !== undefined) stop(gate.terminal);

  return {
    accept,
    complete,
    abandon,
    get sent() {
      return outlet.sent;
    },
    get ended() {
      return ended;
    },
    get stopped() {
      return stopped;
    },
  };
}
