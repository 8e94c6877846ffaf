// Native events of a governed model.
import { mapMaybe, pull, sourceOf, type Decision, type MaybePromise } from '@flyball/core/adapter';
import { blocked } from '../to-response.ts';
import { openCall, withStop, type ModelCall, type ModelSettings } from './call.ts';
import { refusalEvents } from './event-blocks.ts';
import { governEvents } from './events.ts';
import { admitPrompt } from './prompt.ts';
import { judgeErrors } from './source-errors.ts';
import type { BaseMessage, ChatModel, ModelOptions, NativeEvent as Event, RunManager } from './types.ts';

/** `_streamChatModelEvents` of a governed model. */
export async function* eventsGoverned(
  settings: ModelSettings,
  model: ChatModel,
  messages: readonly BaseMessage[],
  options: ModelOptions,
  runManager: RunManager | undefined,
): AsyncGenerator<Event> {
  const call = await openCall(settings, model, options);
  let failure: Error | undefined;
  // This class takes back no message with a block that it does not know.
  const marked = model._llmType?.() !== 'googlegenerativeai';
  const events = (decision: Decision, closing: readonly Event[], next: number): MaybePromise<readonly Event[]> => {
    const error = blocked(decision);
    call.stopped(decision);
    call.stop.abort(error);
    if (call.throws) {
      failure = error;
      return [];
    }
    return mapMaybe(call.refusal(decision), (words) => refusalEvents(decision, words, { closing, next, marked }));
  };
  try {
    const admission = await admitPrompt(call, messages, options);
    if (admission.kind === 'refused') {
      const refused = await events(admission.decision, [], 0);
      if (failure !== undefined) throw failure;
      yield* [{ event: 'message-start' }, ...refused];
      return;
    }
    const gate = await call.openGate<Event>();
    const steps = governEvents(gate, call, { events });
    if (gate.terminal !== undefined) yield* await steps.stop([], gate.terminal);
    else yield* ask(call, admission.messages);

    async function* ask(call: ModelCall, admitted: BaseMessage[]): AsyncGenerator<Event> {
      const enforcing = gate.mode === 'enforce';
      const source = model._streamChatModelEvents!(
        admitted,
        withStop(options, call, model),
        enforcing ? undefined : runManager,
      );
      const judged = judgeErrors(gate, sourceOf(source[Symbol.asyncIterator]()));
      const governed = pull(judged.source, gate, steps, { signal: options.signal });
      try {
        yield* governed;
      } catch (error) {
        throw judged.failed(error);
      } finally {
        // A reader that has left wants nothing more of the provider either.
        if (gate.state !== 'ended') call.stop.abort(new Error('the reader has left'));
      }
    }
    if (failure !== undefined) throw failure;
  } finally {
    call.over();
  }
}
