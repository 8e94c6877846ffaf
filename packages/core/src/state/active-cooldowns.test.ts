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
});
