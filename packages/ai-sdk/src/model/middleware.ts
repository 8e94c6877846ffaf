import type { LanguageModelV4, LanguageModelV4Middleware } from '@ai-sdk/provider';
import { checkAgentOptions } from '@flyball/agent-kit';
import type { Decision, Stage } from '@flyball/core/adapter';
import { openCall, withStop, type ModelCall } from './call.ts';
import { governGenerated } from './generate.ts';
import type { Checked, GovernanceOptions } from '../options.ts';
import { admitPrompt } from './prompt.ts';
import { isRefusal, refusedGenerate, refusedStream, stoppedBefore } from './refused.ts';
import { governStream } from './stream.ts';

/** What the two halves together produce events of. */
export const MODEL_STAGES: readonly Stage[] = ['input', 'output', 'tool_call', 'tool_result'];

/**
 * Governs prompt and answer in one place of a middleware list, for those who place it themselves. A middleware listed
 * before it can change answers after they were checked; one listed after it can change prompts after they were checked.
 * `governModel` avoids both.
 */
export function governanceMiddleware(options: GovernanceOptions): LanguageModelV4Middleware {
  const checked = checkAgentOptions('governanceMiddleware', options);
  checked.governor.declareStages(MODEL_STAGES);
  return answerMiddleware(checked, ({ model }, call) => promptGoverned(model, call));
}

/** Finds, for one call, the model that is asked: the prompt it reads is decided on in that call. */
export type AskedModel = (hook: { readonly model: LanguageModelV4 }, call: ModelCall) => LanguageModelV4;

/** Outermost: decides on what leaves, after every other middleware has had its turn. */
export function answerMiddleware(options: Checked, askedModel: AskedModel): LanguageModelV4Middleware {
  return {
    specificationVersion: 'v4',
    wrapGenerate: async ({ model, params }) => {
      const call = openCall(options, params, model);
      const result = await unlessHalted(call, () => askedModel({ model }, call).doGenerate(withStop(params, call)));
      if (isDecision(result)) return refusedGenerate(result, call);
      return isRefusal(result) ? result : governGenerated(result, call);
    },
    wrapStream: async ({ model, params }) => {
      const call = openCall(options, params, model);
      const before = stoppedBefore(call);
      if (before !== undefined) return refusedStream(before, call);
      const result = await unlessHalted(call, () => askedModel({ model }, call).doStream(withStop(params, call)));
      if (isDecision(result)) return refusedStream(result, call);
      return isRefusal(result) ? result : { ...result, stream: await governStream(result.stream, call) };
    },
  };
}

/**
 * Innermost: the model itself, which reads a prompt only after it was decided on. Made for each call, so that prompt
 * and answer are governed as one, whatever the middlewares between them do with parameters and signals.
 */
export function promptGoverned(model: LanguageModelV4, call: ModelCall): LanguageModelV4 {
  const { specificationVersion, provider, modelId, supportedUrls } = model;
  return {
    specificationVersion,
    provider,
    modelId,
    supportedUrls,
    doGenerate: async (params) => {
      const admission = await admitPrompt(call, params);
      return admission.kind === 'refused'
        ? refusedGenerate(admission.decision, call)
        : call.ask(params, admission.params, (admitted) => model.doGenerate(admitted));
    },
    doStream: async (params) => {
      const admission = await admitPrompt(call, params);
      return admission.kind === 'refused'
        ? refusedStream(admission.decision, call)
        : call.ask(params, admission.params, (admitted) => model.doStream(admitted));
    },
  };
}

/** The provider's answer, or, when a halt aborted the request before there was one, the decision that says so. */
async function unlessHalted<T>(call: ModelCall, ask: () => PromiseLike<T>): Promise<T | Decision> {
  const before = call.interaction.signal.aborted;
  try {
    return await ask();
  } catch (error) {
    call.over({ goesOn: false });
    if (before || !call.interaction.signal.aborted) throw error;
    const gate = await call.openGate();
    if (gate.terminal !== undefined) return gate.terminal;
    await gate.abort(error);
    throw error;
  }
}

const isDecision = (result: object): result is Decision => 'auditId' in result;
