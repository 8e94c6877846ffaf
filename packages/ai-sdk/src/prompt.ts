import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { Decision } from '@flyball/core/adapter';
import { notApplicable } from './blocked.ts';
import type { ModelCall } from './call.ts';
import { isStop } from './summary.ts';
import { toolRunOf } from './tool-run.ts';
import { editPrompt, promptSegments } from './to-event.ts';

export type Admission =
  | { readonly kind: 'admitted'; readonly params: LanguageModelV4CallOptions }
  | { readonly kind: 'refused'; readonly decision: Decision };

/** Decides on the prompt as the model would get it, before the model is asked. */
export async function admitPrompt(call: ModelCall, params: LanguageModelV4CallOptions): Promise<Admission> {
  const run = toolRunOf(call.interaction);
  const { stopped } = run;
  if (stopped !== undefined) {
    delete run.stopped;
    return { kind: 'refused', decision: stopped };
  }
  const decision = await call.governor.decide(call.event({ stage: 'input', content: promptSegments(params.prompt) }));
  if (isStop(decision)) return { kind: 'refused', decision };
  if (decision.edits.length === 0) return { kind: 'admitted', params };
  const edited = editPrompt(params.prompt, decision.edits);
  if (!edited.ok) return { kind: 'refused', decision: notApplicable(decision) };
  return { kind: 'admitted', params: { ...params, prompt: edited.value } };
}
