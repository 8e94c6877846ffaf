import { describe, expect, it } from 'vitest';
import { call } from './call.ts';
import { mapMaybe, type MaybePromise } from './maybe-promise.ts';
import { notify } from './notify.ts';

const NO = new Error('no');
const failure = (code: string): object => ({ ok: false, failure: { part: 'detector', id: 'd', code } });

const unreadableThen = Object.defineProperty({}, 'then', {
  get() {
    throw NO;
  },
});

describe('call', () => {
  it('answers at once where the code does', () => {
    expect(call('detector', 'd', () => 5)).toEqual({ ok: true, value: 5 });
    expect(call('detector', 'd', () => undefined)).toEqual({ ok: true, value: undefined });
  });

  it.each<[what: string, fn: () => unknown, code: string]>([
    [
      'throws',
      () => {
        throw NO;
      },
      'THREW',
    ],
    ['rejects', () => Promise.reject(NO), 'THREW'],
    ['is a thenable that fails', () => ({ then: (_: unknown, fail: (e: Error) => void) => fail(NO) }), 'THREW'],
    [
      'is a thenable that throws',
      () => ({
        then() {
          throw NO;
        },
      }),
      'THREW',
    ],
    ['answers what cannot be asked for `then`', () => unreadableThen, 'THREW'],
    ['promises what cannot be asked for `then`', async () => unreadableThen, 'THREW'],
    [
      'says how it failed',
      () => Promise.reject(Object.assign(new Error('x'), { failure: 'UNAVAILABLE' })),
      'UNAVAILABLE',
    ],
    [
      'says how it failed in words of its own',
      () => Promise.reject(Object.assign(new Error('x'), { failure: 'gone fishing' })),
      'THREW',
    ],
    [
      'is an error that cannot be read',
      () => {
        throw Object.defineProperty({}, 'failure', {
          get() {
            throw NO;
          },
        }) as Error;
      },
      'THREW',
    ],
    ['never answers', () => new Promise(() => {}), 'TIMEOUT'],
    ['is a thenable that never answers', () => ({ then: () => undefined }), 'TIMEOUT'],
  ])('never throws and never rejects: what %s', async (_what, fn, code) => {
    expect(await call('detector', 'd', fn, { deadlineMs: 20 })).toMatchObject(failure(code));
  });

  it('takes any thenable for a promise', async () => {
    const thenable = { then: (done: (value: number) => void) => done(7) };
    expect(await call('detector', 'd', () => thenable as never)).toEqual({ ok: true, value: 7 });
    expect(await mapMaybe(thenable as never, (value: number) => value + 1)).toBe(8);
  });

  it('aborts the signal of what is not waited for any more, and only then', async () => {
    const controller = new AbortController();
    let late: AbortSignal | undefined;
    let cancelled: AbortSignal | undefined;
    let done: AbortSignal | undefined;
    const never = (signal: AbortSignal): Promise<void> => new Promise(() => void signal);
    const answers: MaybePromise<unknown>[] = [
      call('detector', 'd', ({ signal }) => never((late = signal)), { deadlineMs: 10 }),
      call('detector', 'd', ({ signal }) => never((cancelled = signal)), { signal: controller.signal }),
      call('detector', 'd', async ({ signal }) => void (done = signal), { deadlineMs: 10, signal: controller.signal }),
    ];
    await answers[2];
    controller.abort('left');
    const [first, second] = await Promise.all(answers);
    expect([first, second]).toMatchObject([failure('TIMEOUT'), failure('CANCELLED')]);
    expect([late?.aborted, cancelled?.reason, done?.aborted]).toEqual([true, 'left', false]);
  });

  it('does not call at all what nobody wants any more', () => {
    let called = false;
    const answer = call('detector', 'd', () => (called = true), { signal: AbortSignal.abort('left') });
    expect(answer).toMatchObject(failure('CANCELLED'));
    expect(called).toBe(false);
  });
});

describe('notify', () => {
  it('tells every listener, whatever one of them does, and says what failed', async () => {
    const told: string[] = [];
    const failed: unknown[] = [];
    notify<[word: string]>(
      [
        () => {
          throw NO;
        },
        () => Promise.reject(NO),
        () => new Promise(() => {}),
        (word: string) => told.push(word),
      ],
      ['hello'],
      (error) => failed.push(error),
    );
    expect(told).toEqual(['hello']);
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(failed).toEqual([NO, NO]);
  });
});
