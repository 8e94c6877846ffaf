// Governance of Nest applications: handlers by a global interceptor and a gate on the raw response, tools by a
// decorator.
export type { Arrival, JudgeValue, RawExchange, SplitValue, Transport } from './arrival.ts';
export type { CallGovernance } from './call-governance.ts';
export { GovernanceControlModule, type GovernanceControlOptions } from './control/module.ts';
export { CurrentGovernance, CurrentInteraction, Decision, Governed, Ungoverned } from './decorators.ts';
export { GovernanceException } from './exception.ts';
export { GovernanceFilter } from './filter.ts';
export { Governance, type Emits, type GovernedEmitter } from './governance.ts';
export { GovernanceGuard } from './guard.ts';
export { GovernanceInterceptor } from './interceptor.ts';
export { GovernanceModule, type GovernanceModuleExtras } from './module.ts';
export type { GovernanceModuleOptions, RouteOptions } from './options.ts';
export { GOVERNANCE_OPTIONS, GOVERNOR } from './tokens.ts';
export { governTool, type GovernedFunction, type GovernToolOptions } from './tools/govern-tool.ts';
export { GovernedTool, type ToolOptions } from './tools/governed-tool.ts';
export { WARNINGS, type GovernanceWarning, type WarningCode } from './warnings.ts';
