import type { LanguageModelV2, LanguageModelV3, LanguageModelV4 } from '@ai-sdk/provider';
import { wrapLanguageModel, type LanguageModelMiddleware } from 'ai';
import { inputMiddleware, outputMiddleware } from './middleware.ts';
import type { GovernanceOptions } from './options.ts';

export interface GovernModelOptions extends GovernanceOptions {
  readonly model: LanguageModelV2 | LanguageModelV3 | LanguageModelV4;
  /** The application's own middlewares; they run between the two halves of governance. */
  readonly middleware?: LanguageModelMiddleware | readonly LanguageModelMiddleware[];
}

/** The model, governed: its prompt after all middlewares have changed it, its answer after all have changed that. */
export function governModel({ model, middleware = [], ...options }: GovernModelOptions): LanguageModelV4 {
  options.governor.wire(['input', 'output', 'tool_call', 'tool_result']);
  const own = Array.isArray(middleware)
    ? (middleware as readonly LanguageModelMiddleware[])
    : [middleware as LanguageModelMiddleware];
  return wrapLanguageModel({ model, middleware: [outputMiddleware(options), ...own, inputMiddleware(options)] });
}
