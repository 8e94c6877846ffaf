import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { isDenied, type Decision } from '@flyball/core/adapter';
import { notApplicable } from './blocked.ts';
import type { ModelCall } from './call.ts';
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
  const event = call.event({ stage: 'input', content: promptSegments(params.prompt) });
  if (offersProviderTools(call, params)) {
    const refused = await call.governor.refuse(event, 'PROVIDER_TOOLS');
    if (isDenied(refused)) return { kind: 'refused', decision: refused };
  }
  const decision = await call.governor.decide(event);
  if (isDenied(decision)) return { kind: 'refused', decision };
  if (decision.edits.length === 0) return { kind: 'admitted', params };
  const edited = editPrompt(params.prompt, decision.edits);
  if (!edited.ok) return { kind: 'refused', decision: await notApplicable(call.governor, event, decision) };
  return { kind: 'admitted', params: { ...params, prompt: edited.value } };
}

/**
 * True when the request offers tools that the provider runs and the policy's rules on tools could not govern (T5). Tools of the
 * provider's making that this process runs are governed like any other, where they were given to `govern`.
 */
function offersProviderTools(
  { governor, interaction }: ModelCall,
  { tools = [] }: LanguageModelV4CallOptions,
): boolean {
  const offered = tools.filter(({ type, name }) => type === 'provider' && !toolRunOf(interaction).tools.has(name));
  if (offered.length === 0) return false;
  const traits = governor.adapterSettings(interaction.policy);
  if (traits === undefined || traits.providerTools === 'allow') return false;
  return traits.stages.includes('tool_call') || traits.stages.includes('tool_result');
}
