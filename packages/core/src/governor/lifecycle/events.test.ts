import { describe, expect, it } from 'vitest';
import { createEventHub, type GovernorEvent } from './events.ts';

const STOPPED: GovernorEvent = { kind: 'stopped', at: 1 };

describe('the event hub', () => {
  it('tells every subscription, the same listener twice where it was subscribed twice, until it is ended', () => {
    const hub = createEventHub(() => 7);
    const heard: string[] = [];
    const listener = ({ kind }: GovernorEvent): void => void heard.push(kind);
    expect(hub.heard).toBe(false);
    hub.emit(STOPPED);
    const stops = [hub.subscribe(listener), hub.subscribe(listener)];
    expect(hub.heard).toBe(true);
    hub.emit(STOPPED);
    expect(heard).toHaveLength(2);
    stops[0]!();
    stops[0]!();
    hub.emit(STOPPED);
    expect(heard).toHaveLength(3);
    stops[1]!();
    hub.emit(STOPPED);
    expect(heard).toHaveLength(3);
    expect(hub.heard).toBe(false);
  });

  it('says what failed in one line, with the message of an error only', () => {
    const hub = createEventHub(() => 7);
    const heard: GovernorEvent[] = [];
    hub.subscribe((event) => heard.push(event));
    const cause = new Error('disk full');
    hub.fail({ part: 'audit', id: 'file', code: 'THREW' }, cause);
    hub.fail({ part: 'store', id: 'redis', code: 'TIMEOUT' }, 'a text');
    expect(heard).toEqual([
      {
        kind: 'failure',
        at: 7,
        failure: { part: 'audit', id: 'file', code: 'THREW' },
        message: 'audit `file` failed (THREW): disk full',
        cause,
      },
      {
        kind: 'failure',
        at: 7,
        failure: { part: 'store', id: 'redis', code: 'TIMEOUT' },
        message: 'store `redis` failed (TIMEOUT)',
        cause: 'a text',
      },
    ]);
  });

  it('tells the others, once, of a listener that throws or rejects, and never of one that fails at hearing of it', async () => {
    const hub = createEventHub(() => 7);
    const heard: GovernorEvent[] = [];
    let called = 0;
    hub.subscribe(() => {
      called++;
      throw new Error('thrown');
    });
    hub.subscribe(async () => {
      called++;
      throw new Error('rejected');
    });
    hub.subscribe((event) => heard.push(event));
    hub.emit(STOPPED);
    await new Promise((resolve) => setTimeout(resolve, 0));
    // Each of the two hears the event and the failure of the other.
    expect(called).toBe(4);
    const messages = heard.map((event) => (event.kind === 'failure' ? event.message : event.kind));
    expect(messages.toSorted()).toEqual([
      'listener `events` failed (THREW): rejected',
      'listener `events` failed (THREW): thrown',
      'stopped',
    ]);
  });
});
