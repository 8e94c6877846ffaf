import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GovernedEvent } from '../contract/event.ts';
import type { Ladder } from '../contract/limits.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { createNearCache, type NearCache, type Question } from './near-cache.ts';
import type { Control } from '../contract/control.ts';
import type { Push, Store, SyncAnswer } from '../store/store.ts';

const LADDER: Ladder = { id: 'abuse', key: ['tenant', 'user'], after: { strikes: 1, withinMs: 1000 }, forMs: 50 };
const USERS = ['ada', 'bob', 'eve'];

function eventOf(user: string): GovernedEvent {
  return {
    id: 'e',
    interactionId: 'i',
    stage: 'input',
    point: 'model',
    subject: { tenant: 'acme', user },
    resource: {},
    attributes: {},
    labels: [],
    content: [],
  };
}

type Step =
  | { readonly op: 'halt' | 'mode'; readonly scope: Control['scope']; readonly lasting: number | undefined }
  | { readonly op: 'lift'; readonly kind: Control['kind']; readonly scope: Control['scope'] }
  | { readonly op: 'cool'; readonly user: string }
  | { readonly op: 'wait'; readonly ms: number }
  /** The oldest pushes under way arrive, twice, or never. */
  | { readonly op: 'deliver' | 'repeat' | 'lose'; readonly count: number }
  /** A re-read is asked for; its answer comes later. */
  | { readonly op: 'ask' }
  | { readonly op: 'answer' };

const scope = fc.constantFrom<Control['scope']>(
  {},
  { tenant: 'acme' },
  { tenant: 'acme', user: 'bob' },
  { tenant: 'other' },
);
const count = fc.integer({ min: 1, max: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    op: fc.constantFrom('halt' as const, 'mode' as const),
    scope,
    lasting: fc.option(fc.integer({ min: 1, max: 80 }), { nil: undefined }),
  }),
  fc.record({ op: fc.constant('lift' as const), kind: fc.constantFrom('halt' as const, 'mode' as const), scope }),
  fc.record({ op: fc.constant('cool' as const), user: fc.constantFrom(...USERS) }),
  fc.record({ op: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 40 }) }),
  fc.record({ op: fc.constantFrom('deliver' as const, 'deliver' as const, 'repeat' as const, 'lose' as const), count }),
  fc.record({ op: fc.constant('ask' as const) }),
  fc.record({ op: fc.constant('answer' as const) }),
);

/** One question and its answer, as the link asks it. */
function reRead(near: NearCache, store: Store): ReturnType<NearCache['take']> {
  const question = near.ask();
  return near.take(store.sync(question.since) as SyncAnswer, question);
}

describe('the near-cache', () => {
  it('S5: knows what the store knows after a re-read, whatever became of the pushes, and its notices tell the same story', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let time = 1_795_300_000_000;
        let id = 0;
        const store = createMemoryStore({ now: () => time });
        const noticed = new Map<string, Control>();
        const near = createNearCache(
          () => time,
          [
            ({ op, control }) => {
              const key = control.kind + JSON.stringify(control.scope);
              if (op === 'set') noticed.set(key, control);
              else noticed.delete(key);
            },
          ],
        );
        const under: Push[] = [];
        const answers: { question: Question; answer: SyncAnswer }[] = [];
        store.subscribe((push) => void under.push(push));
        const give = (push: Push | undefined): void => {
          if (push?.kind === 'control' || push?.kind === 'cooldown') near.push(push);
        };

        for (const one of steps) {
          switch (one.op) {
            case 'halt':
            case 'mode': {
              const terms = { id: `c${id++}`, scope: one.scope, who: 'ops', why: 'test' };
              const control =
                one.op === 'halt' ? { ...terms, kind: one.op } : { ...terms, kind: one.op, mode: 'shadow' as const };
              void store.control({ op: 'set', control, ...(one.lasting === undefined ? {} : { forMs: one.lasting }) });
              break;
            }
            case 'lift':
              void store.control({
                op: 'lift',
                id: `c${id++}`,
                kind: one.kind,
                scope: one.scope,
                who: 'ops',
                why: 'test',
              });
              break;
            case 'cool': {
              const key = `acme/ladder/abuse/user=${one.user}`;
              const offences = [{ key: `o${id++}`, points: 1 }];
              void store.strike([{ key, id: `s${id++}`, offences, ladder: LADDER, rememberMs: 1000 }]);
              break;
            }
            case 'wait':
              time += one.ms;
              break;
            case 'deliver':
              for (const push of under.splice(0, one.count)) give(push);
              break;
            case 'repeat':
              for (const push of under.slice(0, one.count)) give(push);
              break;
            case 'lose':
              under.splice(0, one.count);
              break;
            case 'ask': {
              const question = near.ask();
              answers.push({ question, answer: store.sync(question.since) as SyncAnswer });
              break;
            }
            case 'answer': {
              const answered = answers.shift();
              if (answered !== undefined) near.take(answered.answer, answered.question);
            }
          }
        }

        // One re-read.
        expect(reRead(near, store)).toBe('taken');
        const truth = store.sync() as SyncAnswer;
        const ids = (controls: Iterable<Control>): string[] => [...controls].map((control) => control.id).toSorted();
        // What was under way for a while ends later here than there, by as much: never earlier.
        const unexpired = ({ expiresAt }: Control): boolean => expiresAt === undefined || expiresAt > time;
        expect(ids(near.controls().filter(unexpired))).toEqual(ids(truth.controls!));
        expect(ids([...noticed.values()].filter(unexpired))).toEqual(ids(truth.controls!));
        const cooling = (): string[] =>
          USERS.filter((user) => near.cooldownsFor([LADDER], eventOf(user), false).length > 0);
        const truly = USERS.filter((user) => truth.cooldowns.some(({ key }) => key.endsWith(`user=${user}`)));
        expect(cooling()).toEqual(expect.arrayContaining(truly));
        time += 10_000;
        expect(cooling()).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });

  /** A cache, and every push of the store in order. */
  function cacheOf(store: Store): { near: NearCache; pushes: Parameters<NearCache['push']>[0][] } {
    const near = createNearCache(() => 0, []);
    const pushes: Parameters<NearCache['push']>[0][] = [];
    store.subscribe((push) => void (push.kind === 'control' || push.kind === 'cooldown' ? pushes.push(push) : 0));
    reRead(near, store);
    return { near, pushes };
  }
  const halt = (store: Store, id: string): void =>
    void store.control({ op: 'set', control: { id, kind: 'halt', scope: { tenant: id }, who: 'ops', why: 'test' } });

  it('says that something is missing when a push does not follow the last one it knows', () => {
    const store = createMemoryStore();
    const { near, pushes } = cacheOf(store);
    halt(store, 'a');
    halt(store, 'b');
    expect(near.push(pushes[1]!)).toBe('gap');
    expect(near.controls()).toHaveLength(1);
    expect(reRead(near, store)).toBe('taken');
    expect(near.controls()).toHaveLength(2);
  });

  it('does not forget a halt that was pushed while an older answer was under way', () => {
    const store = createMemoryStore();
    const { near, pushes } = cacheOf(store);
    halt(store, 'a');
    const question = near.ask();
    const older = store.sync(question.since) as SyncAnswer;
    halt(store, 'b');
    for (const push of pushes) near.push(push);
    expect(near.take(older, question)).toBe('taken');
    expect(near.controls()).toHaveLength(2);
    expect(near.cursor()?.epoch).toBe(2);
  });

  it('does not take a late push for news', () => {
    const store = createMemoryStore();
    const { near, pushes } = cacheOf(store);
    halt(store, 'a');
    void store.control({ op: 'lift', id: 'l', kind: 'halt', scope: { tenant: 'a' }, who: 'ops', why: 'test' });
    reRead(near, store);
    near.push(pushes[0]!);
    expect(near.controls()).toEqual([]);
  });

  it('does not let a change that comes late undo a newer one of the same control', () => {
    const store = createMemoryStore();
    const { near, pushes } = cacheOf(store);
    halt(store, 'a');
    void store.control({ op: 'lift', id: 'l', kind: 'halt', scope: { tenant: 'a' }, who: 'ops', why: 'test' });
    expect(near.push(pushes[1]!)).toBe('gap');
    near.push(pushes[0]!);
    expect(near.controls()).toEqual([]);
  });

  it('keeps a cooldown of its own that a full answer, asked before it, does not list', () => {
    const store = createMemoryStore();
    const { near } = cacheOf(store);
    const question = near.ask(true);
    const answer = store.sync(question.since) as SyncAnswer;
    near.cool('acme/ladder/abuse/user=bob', 50);
    near.take(answer, question);
    expect(near.cooldownsFor([LADDER], eventOf('bob'), false)).toHaveLength(1);
  });

  it('answers nobody out of turn: an answer to a question that was given up is refused', () => {
    const store = createMemoryStore();
    const { near } = cacheOf(store);
    const first = near.ask();
    const answer = store.sync(first.since) as SyncAnswer;
    near.ask();
    expect(near.take(answer, first)).toBe('refused');
  });
});

describe('a store that comes back older', () => {
  const LIFT = { op: 'lift', kind: 'halt', who: 'eve', why: 'over' } as const;
  const TERMS = { who: 'ops', why: 'test', kind: 'halt' } as const;
  const control = (id: string): Control => ({ ...TERMS, id, scope: { tenant: id }, at: 0 });
  const answer = (epoch: number, full: boolean, ...ids: string[]): SyncAnswer => ({
    incarnation: 'one',
    epoch,
    now: 0,
    full,
    cooldowns: [],
    controls: ids.map(control),
  });
  const cacheAt = (epoch: number, ...ids: string[]): NearCache => {
    const near = createNearCache(() => 0, []);
    near.take(answer(epoch, true, ...ids), near.ask());
    return near;
  };
  const ids = (near: NearCache): string[] => near.controls().map(({ id }) => id);

  it('is not believed until it answers everything, and then in full', () => {
    const near = cacheAt(20, 'a');
    expect(near.take(answer(12, false, 'b'), near.ask())).toBe('refused');
    expect([ids(near), near.cursor()]).toEqual([['a'], undefined]);
    expect(near.take(answer(12, true, 'b'), near.ask())).toBe('taken');
    expect([ids(near), near.cursor()?.epoch]).toEqual([['b'], 12]);
    const push = { epoch: 13, op: 'set', control: control('c'), who: 'ops', why: 'test', at: 0 } as const;
    expect(near.push({ kind: 'control', change: push })).toBe('taken');
    expect(ids(near)).toEqual(['b', 'c']);
  });

  it('is one whose newest pushed change is gone, though it was pushed after a gap', () => {
    const near = cacheAt(10);
    near.push({ kind: 'cooldown', epoch: 15, key: 'acme/ladder/abuse/user=bob', retryAfterMs: 50 });
    expect(near.take(answer(12, false), near.ask())).toBe('refused');
  });

  it('gives itself away by a number that it uses twice', () => {
    const near = cacheAt(10);
    const set = (epoch: number, id: string): ReturnType<NearCache['push']> =>
      near.push({
        kind: 'control',
        change: { epoch, op: 'set', control: control(id), who: 'ops', why: 'test', at: 0 },
      });
    expect([set(11, 'a'), set(12, 'b'), set(11, 'a')]).toEqual(['taken', 'taken', 'taken']);
    const question = near.ask();
    expect(set(11, 'c')).toBe('gap');
    expect(ids(near)).toEqual(['a', 'b', 'c']);
    // What was asked before cannot be relied on any more.
    expect(near.take(answer(13, false, 'a', 'b'), question)).toBe('refused');
    expect(near.ask().since).toBeUndefined();
  });

  it('is believed in what it says after it gave itself away, also of a control that had a higher number before', () => {
    const near = cacheAt(10);
    const set = (epoch: number, one: Control): unknown =>
      near.push({ kind: 'control', change: { epoch, op: 'set', control: one, who: 'ops', why: 'test', at: 0 } });
    set(11, control('x'));
    set(12, control('a'));
    set(11, { ...control('a'), id: 'again' });
    expect(ids(near)).toEqual(['x', 'again']);
  });

  it('is told what stands here, and what was lifted; an answer that is a difference shows nothing forgotten', () => {
    const near = cacheAt(10, 'a', 'b');
    near.push({ kind: 'control', change: { epoch: 11, ...LIFT, control: control('b'), at: 0 } });
    expect(near.forgotten(answer(9, false))).toEqual({ restore: [], lift: [] });
    expect(near.forgotten(answer(9, true, 'b', 'c'))).toEqual({
      restore: [{ control: control('a') }],
      lift: [{ control: control('b'), who: 'eve', why: 'over' }],
    });
    expect(near.forgotten(answer(9, true, 'a'))).toEqual({ restore: [], lift: [] });
  });
});

describe('listeners of the near-cache', () => {
  it('find everything in force when they are told, and cannot undo it by throwing', () => {
    const found: number[] = [];
    const thrower = (): void => {
      throw new Error('a listener broke');
    };
    const near = createNearCache(() => 0, [thrower, () => found.push(near.controls().length)]);
    const control: Control = { id: 'h', kind: 'halt', scope: {}, who: 'ops', why: 'drill', at: 0 };
    near.hold(control);
    expect(found).toEqual([1]);
    expect(near.controlsFor({ subject: { tenant: 'acme' }, resource: {} })).toEqual([control]);
  });
});
