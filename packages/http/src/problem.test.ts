import type { Decision } from '@flyball/core/adapter';
import { describe, expect, it } from 'vitest';

import { denialFor } from './problem.ts';

const decision = (parts: Partial<Decision>): Decision =>
  ({
    outcome: 'BLOCK',
    reason: 'P_SECRET_PLAN',
    ruleId: 'the-rule-text',
    rules: [{ id: 'the-rule-text' }],
    signals: [{ type: 'secret.plan', score: 1, detector: 'd', segment: 'body', start: 0, end: 4 }],
    auditId: 'aud_1',
    interactionId: 'int_1',
    ...parts,
  }) as Decision;

describe('problem details', () => {
  it('E5: tell denied, wait and could-not-evaluate apart in type, status and reason', () => {
    const denials = [
      denialFor(decision({})),
      denialFor(decision({ outcome: 'COOLDOWN', reason: 'P_SLOW', retryAfterMs: 1 })),
      denialFor(decision({ outcome: 'COOLDOWN', reason: 'LIMIT_EXCEEDED', retryAfterMs: 1 })),
      denialFor(decision({ reason: 'FAILED_CLOSED' })),
    ];
    expect(denials.map((denial) => denial.status)).toEqual([403, 429, 429, 503]);
    expect(new Set(denials.map((denial) => denial.problem.type)).size).toBe(4);
    expect(denials.map((denial) => denial.problem.reason)).toEqual([
      'P_SECRET_PLAN',
      'P_SLOW',
      'LIMIT_EXCEEDED',
      'FAILED_CLOSED',
    ]);
  });

  it('E3: hold neither rules nor signals, only the reason and the ids', () => {
    const { problem } = denialFor(decision({}));
    expect(Object.keys(problem).sort()).toEqual([
      'auditId',
      'detail',
      'interactionId',
      'reason',
      'status',
      'title',
      'type',
    ]);
    expect(JSON.stringify(problem)).not.toMatch(/the-rule-text|secret\.plan/);
  });

  it('round the time to wait up to whole seconds', () => {
    const headers = (retryAfterMs: number) => denialFor(decision({ outcome: 'COOLDOWN', retryAfterMs })).headers;
    expect(headers(12_001)).toEqual({ 'Retry-After': '13', RateLimit: '"cooldown";r=0;t=13' });
    expect(headers(13_000)['Retry-After']).toBe('13');
    expect(headers(0)['Retry-After']).toBe('1');
    expect(denialFor(decision({})).headers).toEqual({});
  });
});
