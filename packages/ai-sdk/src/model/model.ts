import { checkAgentOptions } from '@flyball/agent-kit';
import { FlyballError, type OptionShape } from '@flyball/core/adapter';
import type { LanguageModelV4, ProviderV4 } from '@ai-sdk/provider';
import { gateway, wrapLanguageModel, type LanguageModel, type LanguageModelMiddleware } from 'ai';
import { answerMiddleware, MODEL_STAGES, promptGoverned } from './middleware.ts';
import type { Checked, GovernanceOptions } from '../options.ts';

export interface GovernModelOptions extends GovernanceOptions {
  /** A model, or the id of one of the default provider's. */
  readonly model: LanguageModel;
  /** The application's own middlewares; they run between the two halves of governance. */
  readonly middleware?: LanguageModelMiddleware | readonly LanguageModelMiddleware[];
}

/** Options that `governModel` has besides the shared ones. */
export const MODEL_OPTIONS: { readonly [name: string]: OptionShape } = {
  model: {
    is: (value) => (typeof value === 'string' && value !== '') || (typeof value === 'object' && value !== null),
    words: 'a language model, or the id of one',
  },
  middleware: 'object',
};

/** The model, governed: its prompt after all middlewares have changed it, its answer after all have changed that. */
export function governModel(options: GovernModelOptions): LanguageModelV4 {
  const { model, middleware, ...checked } = checkAgentOptions('governModel', options, {
    own: MODEL_OPTIONS,
    required: ['model'],
  });
  return governedModel(model, middleware, checked);
}

/** The same, with options that were checked. */
export function governedModel(
  model: LanguageModel,
  middleware: GovernModelOptions['middleware'] = [],
  checked: Checked,
): LanguageModelV4 {
  checked.governor.declareStages(MODEL_STAGES);
  const own = Array.isArray(middleware)
    ? (middleware as readonly LanguageModelMiddleware[])
    : [middleware as LanguageModelMiddleware];
  const asked = supported(wrapLanguageModel({ model: resolve(model), middleware: [] }));
  const between = (inner: LanguageModelV4): LanguageModelV4 =>
    own.length === 0 ? inner : wrapLanguageModel({ model: inner, middleware: [...own] });
  return wrapLanguageModel({
    model: between(asked),
    middleware: answerMiddleware(checked, (_hook, call) => between(promptGoverned(asked, call))),
  });
}

/**
 * Version 6 of the SDK wraps models of an older specification, and lacks hooks that promises rest on: it is refused in
 * words, at once.
 */
function supported(model: LanguageModelV4): LanguageModelV4 {
  const { specificationVersion } = model as { readonly specificationVersion: string };
  if (specificationVersion === 'v4') return model;
  throw new FlyballError(
    'OPTIONS_INVALID',
    `\`@flyball/ai-sdk\` needs version 7 of \`ai\`; the installed one makes models of specification \`${specificationVersion}\`: install \`ai@7\`, which needs Node 22`,
  );
}

/** An id means what it means to the SDK: a model of the application's default provider, or of the gateway. */
function resolve(model: LanguageModel): Exclude<LanguageModel, string> {
  if (typeof model !== 'string') return model;
  const { AI_SDK_DEFAULT_PROVIDER } = globalThis as { AI_SDK_DEFAULT_PROVIDER?: Pick<ProviderV4, 'languageModel'> };
  return (AI_SDK_DEFAULT_PROVIDER ?? gateway).languageModel(model);
}
