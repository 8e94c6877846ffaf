import { applyEditsToJsonText, isDenied, readJsonText, type Decision } from '@flyball/core/adapter';
import { notApplicable } from './blocked.ts';
import type { ModelCall } from './call.ts';

export type JudgedText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'stop'; readonly decision: Decision };

/** Decides on text that its reader parses as JSON: escapes decoded, edits in string values only. */
export async function judgeJsonText(call: ModelCall, text: string): Promise<JudgedText> {
  const segments = readJsonText(text, 'json').segments;
  const content = segments.map(({ path, text }) => ({ path, text, role: 'assistant', separate: true }) as const);
  const event = call.event({ stage: 'output', content });
  const decision = await call.governor.decide(event);
  if (isDenied(decision)) return { kind: 'stop', decision };
  const edited = applyEditsToJsonText(text, 'json', decision.edits);
  if (edited.ok) return { kind: 'text', text: edited.value };
  return { kind: 'stop', decision: await notApplicable(call.governor, event, decision) };
}
