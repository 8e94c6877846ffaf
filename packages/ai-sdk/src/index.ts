// Hooks: the language model (its prompt innermost, its answer outermost).
export { governModel, type GovernModelOptions } from './model.ts';
export { governanceMiddleware } from './middleware.ts';
export { GovernanceBlockedError } from './error.ts';
export type { GovernanceOptions, Identity } from './options.ts';
export type { DecisionSummary } from './summary.ts';
