// Hooks: the language model (its prompt innermost, its answer outermost), tools where they run, tool approval, and what other
// kinds of models are given.
export { govern, type Governed, type GovernedTools, type GovernOptions, type GovernToolsOptions } from './govern.ts';
export { governModel, type GovernModelOptions } from './model.ts';
export { governanceMiddleware } from './middleware.ts';
export { governTools } from './tools.ts';
export { governApproval, type GovernedApproval } from './approval.ts';
export {
  governEmbeddingModel,
  governImageModel,
  governRerankingModel,
  governSpeechModel,
  governTranscriptionModel,
} from './other-models.ts';
export { GovernanceBlockedError } from './error.ts';
export type { GovernanceOptions, Identity } from './options.ts';
export type { DecisionSummary } from './summary.ts';
