// Hooks: the language model (its prompt innermost, its answer outermost), tools where they run, tool approval, and what
// other kinds of models are given.
export { govern, type Governed, type GovernedTools, type GovernOptions, type GovernToolsOptions } from './govern.ts';
export { governModel, type GovernModelOptions } from './model/model.ts';
export { governanceMiddleware } from './model/middleware.ts';
export { governTools } from './tools/tools.ts';
export { governApproval, type GovernedApproval } from './tools/approval.ts';
export {
  governEmbeddingModel,
  governImageModel,
  governRerankingModel,
  governSpeechModel,
  governTranscriptionModel,
} from './models/other-models.ts';
export { GovernanceBlockedError, type DecisionSummary } from '@flyball/agent-kit';
export type { AgentCall, GovernanceOptions, Identity } from './options.ts';
