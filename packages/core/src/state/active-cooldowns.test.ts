import { describe, expect, it } from 'vitest';
import type { GovernedEvent, Subject } from '../contract/event.ts';
import type { Ladder } from '../contract/limits.ts';
import { createActiveCooldowns } from './active-cooldowns.ts';

const ladder = (key: Ladder['key']): Ladder => ({ id: 'l', key, after: { strikes: 1, withinMs: 1000 }, forMs: 1000 });
const eventOf = (subject: Subject): GovernedEvent => ({
  id: 'e',
  interactionId: 'i',
  stage: 'input',
  point: 'model',
  subject,
  resource: {},
  attributes: {},
  labels: [],
  content: [],
});

describe('active cooldowns', () => {
  it.each(['user', 'session', 'agent'] as const)(
    'keyed by `%s`: what has ended is freed while others start, in whatever tenant',
    (field) => {
      let time = 0;
      const cooldowns = createActiveCooldowns(() => time);
      let most = 0;
      for (let i = 0; i < 50_000; i++) {
        cooldowns.start(`t${i % 500}/ladder/l/${field}=s${i}`, time + 1000);
        time += 1;
        most = Math.max(most, cooldowns.size);
      }
      // A thousand are active at any time.
      expect(most).toBeLessThan(3000);
    },
  );

  it.each(['user', 'session'] as const)(
    'keyed by `%s`: a start looks at a few others, however many are active',
    (field) => {
      // Whoever looks whether a cooldown has ended asks for the time.
      let asked = 0;
      const cooldowns = createActiveCooldowns(() => (asked++, 0));
      const starts = 20_000;
      for (let i = 0; i < starts; i++) cooldowns.start(`acme/ladder/l/${field}=s${i}`, 1000);
      expect(cooldowns.size).toBe(starts);
      expect(asked / starts).toBeLessThan(5);
    },
  );

  it('finds exactly those whose key is the event\u2019s, until they end', () => {
    let time = 0;
    const cooldowns = createActiveCooldowns(() => time);
    const bySession = ladder(['session']);
    cooldowns.start('acme/ladder/l/session=s1', 1000);
    cooldowns.start('shadow:acme/ladder/l/session=s2', 1000);
    const found = (session: string, shadow = false, tenant = 'acme'): number =>
      cooldowns.find([bySession], eventOf({ tenant, user: 'bob', session }), shadow).length;
    expect([found('s1'), found('s2'), found('s2', true), found('s1', false, 'other')]).toEqual([1, 0, 1, 0]);
    cooldowns.start('acme/ladder/l/session=s1', 500);
    time = 999;
    expect(cooldowns.find([bySession], eventOf({ tenant: 'acme', session: 's1' }), false)).toEqual([
      { ladder: 'l', retryAfterMs: 1 },
    ]);
    time = 1000;
    expect(found('s1')).toBe(0);
  });

  it('that end early are gone at once, and others of the same subject stay', () => {
    const cooldowns = createActiveCooldowns(() => 0);
    const ladders = ['a', 'b'].map((id) => ({ ...ladder(['user']), id }));
    const event = eventOf({ tenant: 'acme', user: 'bob' });
    for (const { id } of ladders) cooldowns.start(`acme/ladder/${id}/user=bob`, 1000);
    const found = () => cooldowns.find(ladders, event, false).map((one) => one.ladder);
    expect(found()).toEqual(['a', 'b']);
    cooldowns.end('acme/ladder/a/user=bob');
    expect([found(), cooldowns.size, [...cooldowns.active()].length]).toEqual([['b'], 1, 1]);
    cooldowns.end('acme/ladder/nobody/user=bob');
    // Later a shorter one may follow: it is not held to the end of the one that was lifted.
    cooldowns.start('acme/ladder/a/user=bob', 10);
    expect(cooldowns.find(ladders, event, false)).toEqual([
      { ladder: 'a', retryAfterMs: 10 },
      { ladder: 'b', retryAfterMs: 1000 },
    ]);
    cooldowns.end('acme/ladder/a/user=bob');
    cooldowns.end('acme/ladder/b/user=bob');
    expect([found(), cooldowns.size]).toEqual([[], 0]);
  });

  it('are listed with their ends, and none of them after everything was cleared', () => {
    let time = 0;
    const cooldowns = createActiveCooldowns(() => time);
    const keys = ['a/ladder/l/user=u', 'a/ladder/l/session=s', 'shadow:a/ladder/l/user=u', 'b/ladder/l/user=u'];
    for (const [i, key] of keys.entries()) cooldowns.start(key, 1000 + i);
    cooldowns.start(keys[0]!, 500);
    expect([...cooldowns.active()]).toEqual(keys.map((key, i) => [key, 1000 + i]));
    cooldowns.end(keys[3]!);
    time = 1000;
    expect([...cooldowns.active()].map(([key]) => key)).toEqual(keys.slice(1, 3));
    time = 0;
    cooldowns.clear();
    const event = eventOf({ tenant: 'a', user: 'u', session: 's' });
    const found = [true, false].map((shadow) => cooldowns.find([ladder(['user']), ladder(['session'])], event, shadow));
    expect([cooldowns.size, [...cooldowns.active()], ...found]).toEqual([0, [], [], []]);
    expect(found.every(Object.isFrozen)).toBe(true);
  });

  it('find the same frozen answer for whoever has none, whatever others have', () => {
    const cooldowns = createActiveCooldowns(() => 0);
    cooldowns.start('a/ladder/l/user=u', 1000);
    const find = (subject: Subject) => cooldowns.find([ladder(['user'])], eventOf(subject), false);
    const none = find({ tenant: 'b' });
    expect(Object.isFrozen(none)).toBe(true);
    // One of another ladder is none of this one.
    expect(cooldowns.find([{ ...ladder(['user']), id: 'm' }], eventOf({ tenant: 'a', user: 'u' }), false)).toBe(none);
    expect([find({ tenant: 'a', user: 'v' }), find({ tenant: 'a' })].every((one) => one === none)).toBe(true);
  });
});
