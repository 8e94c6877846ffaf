// Governance for Node HTTP, without a framework: adapters for frameworks build on it.
export { applyPromptEdits, promptsOf, type Prompts } from './prompts/extract.ts';
export { gateResponse } from './response/gate-response.ts';
export type { GateResponseOptions, ResponseOptions, ResponseWarning } from './response/options.ts';
export { currentInteraction, runWithInteraction } from './interaction-context.ts';
export { isDenied } from '@flyball/core/adapter';
export { denialFor, type Denial, type Problem } from './problem.ts';
export { sendDenial } from './to-response.ts';
