import { describe, expect, it } from 'vitest';
import { CLOSED, nextBreaker, type Breaker, type BreakerEvent } from './breaker.ts';

const halfOpen: Breaker = { state: 'half-open', cause: 'slow' };
const open: Breaker = { state: 'open', cause: 'gone' };
const failed = (code: 'TIMEOUT' | 'UNAVAILABLE' | 'THREW' | 'INVALID_ANSWER'): BreakerEvent => ({
  kind: 'failed',
  code,
  cause: 'new',
});
const answered: BreakerEvent = { kind: 'answered' };
const probeAnswered: BreakerEvent = { kind: 'probe answered' };
const overdue: BreakerEvent = { kind: 'probe overdue' };
const probeFailed: BreakerEvent = { kind: 'probe failed', cause: 'new' };
const opened: Breaker = { state: 'open', cause: 'new' };

describe('the breaker', () => {
  const cases: readonly [name: string, before: Breaker, event: BreakerEvent, after: Breaker][] = [
    [
      'one slow answer only makes it ask whether the store is there',
      CLOSED,
      failed('TIMEOUT'),
      { state: 'half-open', cause: 'new' },
    ],
    ['a store that says it is gone opens it at once', CLOSED, failed('UNAVAILABLE'), opened],
    ['a call that is refused concerns that call', CLOSED, failed('THREW'), CLOSED],
    ['so does an answer that makes no sense', CLOSED, failed('INVALID_ANSWER'), CLOSED],
    ['a re-read that fails opens it', CLOSED, probeFailed, opened],
    ['a probe that takes long while nothing timed out means nothing', CLOSED, overdue, CLOSED],
    ['a second slow answer adds nothing to the first', halfOpen, failed('TIMEOUT'), halfOpen],
    ['a store that is gone after a slow answer opens it', halfOpen, failed('UNAVAILABLE'), opened],
    [
      'a probe that stays open for a deadline opens it, for the reason it was sent',
      halfOpen,
      overdue,
      { state: 'open', cause: 'slow' },
    ],
    ['a probe that fails opens it', halfOpen, probeFailed, opened],
    ['a probe that is answered closes it', halfOpen, probeAnswered, CLOSED],
    ['what fails while it is open does not hide why it opened', open, failed('UNAVAILABLE'), open],
    ['nor does another failed probe', open, probeFailed, open],
    ['an overdue probe leaves it open', open, overdue, open],
    ['only an answer to a probe closes it', open, probeAnswered, CLOSED],
    ['one to something else does not: the store has not been told everything', open, answered, open],
    ['while it is only being probed any answer does', halfOpen, answered, CLOSED],
    ['and changes nothing where all is well', CLOSED, answered, CLOSED],
  ];
  it.each(cases)('%s', (_name, before, event, after) => {
    const next = nextBreaker(before, event);
    expect(next).toEqual(after);
    if (next.state === before.state) expect(next).toBe(before);
  });
});
