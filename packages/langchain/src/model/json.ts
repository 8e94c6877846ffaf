import {
  applyEditsToJsonText,
  decideAndCarryOut,
  mapMaybe,
  readJsonText,
  type Carried,
  type MaybePromise,
} from '@flyball/core/adapter';
import type { ModelCall } from './call.ts';
import { withTexts } from './remake.ts';
import { slotsOf, type Message } from './slots.ts';

/** Decides on the text of a message as its reader parses it: escapes decoded, edits in string values only. */
export function decideJsonContent<M extends Message & object>(call: ModelCall, message: M): MaybePromise<Carried<M>> {
  const slots = slotsOf(message).filter(({ channel }) => channel === 'text');
  const text = slots.map((slot) => slot.text).join('');
  const content = readJsonText(text, 'json').segments.map(
    ({ path, text }) => ({ path, text, role: 'assistant', separate: true }) as const,
  );
  const event = call.event({ stage: 'output', content });
  const carried = decideAndCarryOut(call.governor, event, text, (edits) => applyEditsToJsonText(text, 'json', edits));
  return mapMaybe(carried, (done): Carried<M> => {
    if (done.kind === 'stopped') return done;
    if (done.kind === 'passed') return { ...done, value: message };
    // An edited value leaves in one piece.
    const texts = slots.map((_, at) => (at === 0 ? done.value : ''));
    return { ...done, value: withTexts(message, slots, texts) };
  });
}
