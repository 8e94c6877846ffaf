import type { AdapterGovernor } from '@flyball/core/adapter';
import { describe, expect, it, vi } from 'vitest';

import { createWarner } from './warner.ts';

const TEXTS = { FLYBALL_ONE: 'one is wrong', FLYBALL_TWO: 'two is wrong' } as const;

function warner(report?: (warning: { readonly code: string; readonly message: string }) => void) {
  const failures: unknown[] = [];
  const governor = { noteFailure: (failure: unknown) => void failures.push(failure) } as unknown as AdapterGovernor;
  return { warn: createWarner(TEXTS, report, governor), failures };
}

describe('warnings', () => {
  it('come once for each route and code', () => {
    const told: string[] = [];
    const { warn } = warner(({ message }) => void told.push(message));
    for (let times = 0; times < 3; times++) {
      warn('FLYBALL_ONE', { route: '/a' });
      warn('FLYBALL_ONE', { route: '/b' });
      warn('FLYBALL_TWO', { route: '/a', detail: 'it threw' });
      warn('FLYBALL_TWO');
    }
    expect(told).toEqual([
      'one is wrong (route `/a`)',
      'one is wrong (route `/b`)',
      'two is wrong (it threw, route `/a`)',
      'two is wrong',
    ]);
  });

  it('are bounded where callers choose the routes, code by code', () => {
    const told: string[] = [];
    const { warn } = warner(({ code }) => void told.push(code));
    for (let at = 0; at < 1000; at++) warn('FLYBALL_ONE', { route: `/${at}` });
    warn('FLYBALL_TWO', { route: '/a' });
    expect(told.length).toBe(101);
    expect(told.at(-1)).toBe('FLYBALL_TWO');
  });

  it('are the process’s where nobody listens, and a listener that throws is noted', () => {
    const emitted = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    warner().warn('FLYBALL_ONE');
    expect(emitted.mock.calls).toEqual([['one is wrong', { type: 'FlyballWarning', code: 'FLYBALL_ONE' }]]);
    emitted.mockRestore();
    const { warn, failures } = warner(() => {
      throw new Error('broken');
    });
    warn('FLYBALL_ONE');
    expect(failures).toMatchObject([{ part: 'listener', id: 'onWarning', code: 'THREW' }]);
  });
});
