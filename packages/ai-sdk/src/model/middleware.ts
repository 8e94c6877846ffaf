import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4Middleware } from '@ai-sdk/provider';
import { checkAgentOptions } from '@flyball/agent-kit';
import type { Decision, Stage } from '@flyball/core/adapter';
import { callOf, openCall, withStop, type ModelCall } from './call.ts';
import { governGenerated } from './generate.ts';
import type { Checked, GovernanceOptions } from '../options.ts';
import { admitPrompt } from './prompt.ts';
import { isRefusal, refusedGenerate, refusedStream } from './refused.ts';
import { governStream } from './stream.ts';

/** What the two halves together produce events of. */
export const MODEL_STAGES: readonly Stage[] = ['input', 'output', 'tool_call', 'tool_result'];

/**
 * Governs prompt and answer in one place of a middleware list, for those who place it themselves. A middleware listed before it can
 * change answers after they were checked; one listed after it can change prompts after they were checked. `governModel` avoids both.
 */
export function governanceMiddleware(options: GovernanceOptions): LanguageModelV4Middleware {
  const checked = checkAgentOptions('governanceMiddleware', options);
  checked.governor.declareStages(MODEL_STAGES);
  const output = outputMiddleware(checked);
  const input = inputMiddleware(checked);
  return {
    specificationVersion: 'v4',
    wrapGenerate: (hook) => output.wrapGenerate!({ ...hook, model: around(hook.model, input) }),
    wrapStream: (hook) => output.wrapStream!({ ...hook, model: around(hook.model, input) }),
  };
}

/** Outermost: decides on what leaves, after every other middleware has had its turn. */
export function outputMiddleware(options: Checked): LanguageModelV4Middleware {
  return {
    specificationVersion: 'v4',
    wrapGenerate: async ({ model, params }) => {
      const call = openCall(options, params, model);
      const result = await unlessHalted(call, model.doGenerate(withStop(params, call)));
      if (isDecision(result)) return refusedGenerate(result, call);
      return isRefusal(result) ? result : governGenerated(result, call);
    },
    wrapStream: async ({ model, params }) => {
      const call = openCall(options, params, model);
      const result = await unlessHalted(call, model.doStream(withStop(params, call)));
      if (isDecision(result)) return refusedStream(result, call);
      return isRefusal(result) ? result : { ...result, stream: await governStream(result.stream, call) };
    },
  };
}

/** Innermost: decides on what the model is about to read, after every other middleware has had its turn. */
export function inputMiddleware(options: Checked): LanguageModelV4Middleware {
  const callFor = (params: LanguageModelV4CallOptions, model: LanguageModelV4): ModelCall =>
    callOf(params) ?? openCall(options, params, model);
  return {
    specificationVersion: 'v4',
    wrapGenerate: async ({ model, params }) => {
      const call = callFor(params, model);
      const admission = await admitPrompt(call, params);
      return admission.kind === 'refused'
        ? refusedGenerate(admission.decision, call)
        : model.doGenerate(admission.params);
    },
    wrapStream: async ({ model, params }) => {
      const call = callFor(params, model);
      const admission = await admitPrompt(call, params);
      return admission.kind === 'refused' ? refusedStream(admission.decision, call) : model.doStream(admission.params);
    },
  };
}

/** The provider's answer, or, when a halt aborted the request before there was one, the decision that says so. */
async function unlessHalted<T>(call: ModelCall, answer: PromiseLike<T>): Promise<T | Decision> {
  const before = call.interaction.signal.aborted;
  try {
    return await answer;
  } catch (error) {
    call.over();
    if (before || !call.interaction.signal.aborted) throw error;
    const gate = await call.openGate();
    if (gate.terminal !== undefined) return gate.terminal;
    await gate.abort(error);
    throw error;
  }
}

const isDecision = (result: object): result is Decision => 'auditId' in result;

/** A model with one middleware around it, without the SDK: the two halves meet inside one hook. */
function around(model: LanguageModelV4, { wrapGenerate, wrapStream }: LanguageModelV4Middleware): LanguageModelV4 {
  const doGenerate: LanguageModelV4['doGenerate'] = (params) =>
    wrapGenerate!({
      model,
      params,
      doGenerate: () => model.doGenerate(params),
      doStream: () => model.doStream(params),
    });
  const doStream: LanguageModelV4['doStream'] = (params) =>
    wrapStream!({ model, params, doGenerate: () => model.doGenerate(params), doStream: () => model.doStream(params) });
  const { specificationVersion, provider, modelId, supportedUrls } = model;
  return { specificationVersion, provider, modelId, supportedUrls, doGenerate, doStream };
}
