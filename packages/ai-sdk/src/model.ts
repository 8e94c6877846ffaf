import { requireGovernor } from '@flyball/core/adapter';
import type { LanguageModelV4, ProviderV4 } from '@ai-sdk/provider';
import { gateway, wrapLanguageModel, type LanguageModel, type LanguageModelMiddleware } from 'ai';
import { inputMiddleware, outputMiddleware } from './middleware.ts';
import type { GovernanceOptions } from './options.ts';

export interface GovernModelOptions extends GovernanceOptions {
  /** A model, or the id of one of the default provider's. */
  readonly model: LanguageModel;
  /** The application's own middlewares; they run between the two halves of governance. */
  readonly middleware?: LanguageModelMiddleware | readonly LanguageModelMiddleware[];
}

/** The model, governed: its prompt after all middlewares have changed it, its answer after all have changed that. */
export function governModel({ model, middleware = [], ...options }: GovernModelOptions): LanguageModelV4 {
  const governor = requireGovernor(options.governor, 'governModel({ model, governor })');
  governor.declareStages(['input', 'output', 'tool_call', 'tool_result']);
  const own = Array.isArray(middleware)
    ? (middleware as readonly LanguageModelMiddleware[])
    : [middleware as LanguageModelMiddleware];
  const checked = { ...options, governor };
  return wrapLanguageModel({
    model: resolve(model),
    middleware: [outputMiddleware(checked), ...own, inputMiddleware(checked)],
  });
}

/** An id means what it means to the SDK: a model of the application's default provider, or of the gateway. */
function resolve(model: LanguageModel): Exclude<LanguageModel, string> {
  if (typeof model !== 'string') return model;
  const { AI_SDK_DEFAULT_PROVIDER } = globalThis as { AI_SDK_DEFAULT_PROVIDER?: Pick<ProviderV4, 'languageModel'> };
  return (AI_SDK_DEFAULT_PROVIDER ?? gateway).languageModel(model);
}
