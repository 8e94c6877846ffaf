import { afterEach, expect, test, vi } from 'vitest';
import type { Failure } from '../contract/ruling.ts';
import { resolveSubject, SUBJECT_DEADLINE_MS, type SubjectSource } from './resolve-subject.ts';

const subject = { tenant: 'acme', user: 'ada' };

afterEach(() => {
  vi.useRealTimers();
});

async function resolved(source: unknown): Promise<{ readonly found: unknown; readonly failures: readonly Failure[] }> {
  const failures: Failure[] = [];
  const found = await resolveSubject(source as SubjectSource<[string]>, ['config'], (failure) =>
    failures.push(failure),
  );
  return { found, failures };
}

test('a subject, a function of what the framework hands over, and one that has to be awaited', async () => {
  const seen: string[] = [];
  for (const source of [subject, (config: string) => (seen.push(config), subject), async () => subject]) {
    expect(await resolved(source)).toEqual({ found: subject, failures: [] });
  }
  expect(seen).toEqual(['config']);
});

test('answers at once where nothing has to be awaited', () => {
  expect(
    resolveSubject(
      () => subject,
      [],
      () => {},
    ),
  ).toEqual(subject);
});

test('one that finds nobody has failed nowhere: the policy says what that means', async () => {
  expect(await resolved(() => undefined)).toEqual({ found: undefined, failures: [] });
});

test.each([
  ['a user that is a number', { tenant: 'acme', user: 42 }],
  ['an unknown field', { tenant: 'acme', role: 'admin' }],
  ['no tenant', { user: 'ada' }],
  ['an empty tenant', { tenant: '' }],
  ['null', null],
  ['a text', 'acme'],
])('a wrong shape (%s) names nobody, and is told', async (_what, shape) => {
  const failures = [{ part: 'subject', id: 'subject', code: 'INVALID_ANSWER' }];
  for (const source of [() => shape, async () => shape]) {
    expect(await resolved(source)).toEqual({ found: undefined, failures });
  }
});

test('one that throws, rejects or hangs names nobody, and is told', async () => {
  const fail = (): never => {
    throw new Error('no session');
  };
  for (const source of [fail, async () => fail()]) {
    expect((await resolved(source)).failures).toEqual([{ part: 'subject', id: 'subject', code: 'THREW' }]);
  }
  vi.useFakeTimers();
  const hanging = resolved(async () => new Promise(() => {}));
  await vi.advanceTimersByTimeAsync(SUBJECT_DEADLINE_MS + 1);
  expect(await hanging).toEqual({
    found: undefined,
    failures: [{ part: 'subject', id: 'subject', code: 'TIMEOUT' }],
  });
});
