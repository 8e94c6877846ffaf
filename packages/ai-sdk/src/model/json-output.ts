import {
  applyEditsToJsonText,
  decideAndCarryOut,
  readJsonText,
  type Carried,
  type MaybePromise,
} from '@flyball/core/adapter';
import type { ModelCall } from './call.ts';

/** Decides on text that its reader parses as JSON: escapes decoded, edits in string values only. */
export function decideJsonText(call: ModelCall, text: string): MaybePromise<Carried<string>> {
  const { segments } = readJsonText(text, 'json');
  const content = segments.map(({ path, text }) => ({ path, text, role: 'assistant', separate: true }) as const);
  const event = call.event({ stage: 'output', content });
  return decideAndCarryOut(call.governor, event, text, (edits) => applyEditsToJsonText(text, 'json', edits));
}
