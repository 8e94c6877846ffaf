import type { Decision } from '@flyball/core/adapter';
import { describe, expect, it } from 'vitest';

import { denialFor, rateLimitFields } from './problem.ts';

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

  it('E5: an answer that was cut from outside could not be evaluated, although nothing objected to what had come of it', () => {
    const { status, problem } = denialFor(decision({ outcome: 'ALLOW', reason: 'NO_RULE_OBJECTED' }));
    expect([status, problem.status, problem.reason]).toEqual([503, 503, 'FAILED_CLOSED']);
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

  it('say of a limit how much it allows and over which time, under no name of the policy', () => {
    const limits = [{ limit: 'per-plan', allow: 20, remaining: 0, resetMs: 12_001, perMs: 60_000 }];
    const verdict = { outcome: 'COOLDOWN', reason: 'LIMIT_EXCEEDED', ruleId: 'per-plan' } as const;
    const asked = decision({ ...verdict, verdict, limits, retryAfterMs: 12_001 });
    expect(denialFor(asked).headers).toEqual({
      'Retry-After': '13',
      RateLimit: '"limit";r=0;t=13',
      'RateLimit-Policy': '"limit";q=20;w=60',
    });
  });
});

describe('RateLimit fields of an answer that passes', () => {
  it('name each limit that was charged, with what is left and when some of it comes back', () => {
    const limits = [
      { limit: 'cost', allow: 2.5, remaining: 1.25, resetMs: 0, perMs: 86_400_000 },
      { limit: 'questions', allow: 20, remaining: 7, resetMs: 1001, perMs: 60_000 },
    ];
    expect(rateLimitFields({ limits })).toEqual({
      RateLimit: '"cost";r=1;t=0, "questions";r=7;t=2',
      'RateLimit-Policy': '"cost";q=2;w=86400, "questions";q=20;w=60',
    });
  });

  it('are none where no limit was charged', () => {
    expect(rateLimitFields({})).toEqual({});
  });
});
