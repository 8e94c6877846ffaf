import { toolRunOf, unreadIn } from '@flyball/agent-kit';
import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { decideAndCarryOut, isDenied, mapMaybe, type Decision, type MaybePromise } from '@flyball/core/adapter';
import type { ModelCall } from './call.ts';
import { editPrompt, readPrompt } from '../to-event.ts';

export type Admission =
  | { readonly kind: 'admitted'; readonly params: LanguageModelV4CallOptions }
  | { readonly kind: 'refused'; readonly decision: Decision };

/** Decides on the prompt as the model would get it, before the model is asked. */
export function admitPrompt(call: ModelCall, params: LanguageModelV4CallOptions): MaybePromise<Admission> {
  const { governor } = call;
  const run = toolRunOf(call.interaction);
  const { stopped } = run;
  if (stopped !== undefined) {
    delete run.stopped;
    return { kind: 'refused', decision: stopped };
  }
  // A prompt that nothing reads is counted as ungoverned, and not looked at.
  const read = call.covers('input') ? readPrompt(params.prompt) : NOT_READ;
  const { segments: content, unreadable, unread } = read;
  const offers = offersProviderTools(call, params);
  if (!offers && unreadable.length === 0 && unread.length === 0) {
    const passed = call.promptAtOnce(content);
    if (passed !== undefined)
      return mapMaybe(passed, ({ refused }) =>
        refused === undefined ? { kind: 'admitted', params } : { kind: 'refused', decision: refused },
      );
  }
  const event = call.event({ stage: 'input', content, unreadable, ...unreadIn(unread) });
  const decide = (): MaybePromise<Admission> =>
    mapMaybe(
      decideAndCarryOut(governor, event, params.prompt, (edits) => editPrompt(params.prompt, edits)),
      (carried): Admission => {
        if (carried.kind === 'stopped') return { kind: 'refused', decision: carried.decision };
        return { kind: 'admitted', params: carried.kind === 'passed' ? params : { ...params, prompt: carried.value } };
      },
    );
  if (!offers) return decide();
  return mapMaybe(governor.refuse(event, 'PROVIDER_TOOLS'), (refused) =>
    isDenied(refused) ? { kind: 'refused', decision: refused } : decide(),
  );
}

const NOT_READ = { segments: [], unreadable: [], unread: [] } as const;

/**
 * True when the request offers tools that the provider runs and the policy's rules on tools could not govern (T5).
 * Tools of the provider's making that this process runs are governed like any other, where they were given to `govern`.
 */
function offersProviderTools(
  { governor, interaction }: ModelCall,
  { tools = [] }: LanguageModelV4CallOptions,
): boolean {
  const offered = tools.filter(({ type, name }) => type === 'provider' && !toolRunOf(interaction).tools.has(name));
  if (offered.length === 0) return false;
  const settings = governor.adapterSettings(interaction.policy);
  if (settings === undefined || settings.providerTools === 'allow') return false;
  return settings.stages.includes('tool_call') || settings.stages.includes('tool_result');
}
