import type { PolicyDocument } from '@flyball/core';

export const MODES = ['off', 'shadow', 'enforce'] as const;
export type SuiteMode = (typeof MODES)[number];

/** Enforcing, a policy that matches nothing; otherwise one that blocks everything. */
export function policyFor(mode: SuiteMode): PolicyDocument {
  return mode === 'enforce'
    ? {
        policy: 'nothing',
        version: 1,
        mode,
        detectors: [{ id: 'never', phrases: ['\u2603 this stands in no suite \u2603'] }],
        rules: [{ id: 'never', on: ['input', 'output'], detect: 'never', then: 'block', reason: 'P_NEVER' }],
      }
    : {
        policy: 'everything',
        version: 1,
        mode,
        default: 'block',
        rules: [{ id: 'all', on: ['input', 'output'], then: 'block', reason: 'P_ALL' }],
      };
}
