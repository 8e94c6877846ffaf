// Governance as Express middleware: decides on the request before its handler runs.
export { governance, type GovernanceMiddleware } from './middleware.ts';
export type { GovernanceOptions, GovernedRequest, RouteOptions } from './options.ts';
export type { RequestGovernance } from './request-governance.ts';
export { WARNINGS, type GovernanceWarning, type WarningCode } from './warnings.ts';
