import { describe, expect, it } from 'vitest';
import { createTurns as create, roomFor, type Turn, type Turns } from './turns.ts';

const key = (tenant: string, user: string, limit = 'q'): string => `${tenant}/limit/${limit}/user=${user}`;

const createTurns = (room: () => number, now = (): number => 0): Turns => create(room, now);

describe('turns', () => {
  it('as many calls of a tenant as there is room for begin at once, and the next one when one of them is over', async () => {
    const turns = createTurns(() => 2);
    const [first, second, third] = [1, 2, 3].map(() => turns.take(key('acme', 'bob'), 100)) as [Turn, Turn, Turn];
    expect([first, second, third].map(({ begun }) => begun)).toEqual([true, true, false]);
    expect([first.ready, second.ready]).toEqual([undefined, undefined]);
    first.over();
    await third.ready;
    expect(third.begun).toBe(true);
  });

  it('another tenant does not wait for those of the first', () => {
    const turns = createTurns(() => 2);
    for (let i = 0; i < 1000; i++) turns.take(key('acme', 'mallory'), 100);
    expect(turns.take(key('globex', 'ada'), 100).begun).toBe(true);
    expect(turns.take('shadow:acme/limit/q/user=mallory', 100).begun).toBe(true);
  });

  it('of one tenant the users take turns: whoever came last waits for one call of each other, not for all of theirs', () => {
    const turns = createTurns(() => 1);
    const running = turns.take(key('acme', 'mallory'), 100);
    const flood = Array.from({ length: 100 }, (_, i) => turns.take(key('acme', 'mallory', `limit${i % 3}`), 100));
    const trickle = [turns.take(key('acme', 'eve'), 100), turns.take(key('acme', 'eve'), 100)];
    const last = turns.take(key('acme', 'ada'), 100);
    const order: Turn[] = [];
    let current = running;
    for (let i = 0; i < 6; i++) {
      current.over();
      current = [...flood, ...trickle, last].find((turn) => turn.begun && !order.includes(turn))!;
      order.push(current);
    }
    expect(order).toEqual([flood[0], trickle[0], last, flood[1], trickle[1], flood[2]]);
  });

  it('one user has three quarters of the room at the most: where his calls are stuck, others still find a way', async () => {
    const turns = createTurns(() => 8);
    const stuck = Array.from({ length: 20 }, () => turns.take(key('acme', 'mallory'), 100));
    expect(stuck.filter(({ begun }) => begun)).toHaveLength(6);
    const [ada, eve] = [turns.take(key('acme', 'ada'), 100), turns.take(key('acme', 'eve'), 100)];
    expect([ada.begun, eve.begun]).toEqual([true, true]);
    const bob = turns.take(key('acme', 'bob'), 100);
    expect(bob.begun).toBe(false);
    // A place of somebody else is not for him who has his share.
    ada.over();
    await bob.ready;
    eve.over();
    expect(stuck.filter(({ begun }) => begun)).toHaveLength(6);
    stuck[0]!.over();
    expect(stuck.filter(({ begun }) => begun)).toHaveLength(7);
  });

  it('what nobody waits for any more is passed over, and takes no room', () => {
    const turns = createTurns(() => 1);
    const [running, given, other, wanted] = Array.from({ length: 4 }, () => turns.take(key('acme', 'bob'), 100)) as [
      Turn,
      Turn,
      Turn,
      Turn,
    ];
    given.over();
    other.over();
    expect(wanted.begun).toBe(false);
    running.over();
    expect([given, other, wanted].map(({ begun }) => begun)).toEqual([false, false, true]);
    const late = turns.take(key('acme', 'bob'), 100);
    expect(late.begun).toBe(false);
    late.over();
    wanted.over();
    expect(turns.take(key('acme', 'bob'), 100).begun).toBe(true);
  });

  it('where the room has grown, several begin at once; where it has shrunk, none does until there is room', () => {
    let room = 1;
    const turns = createTurns(() => room);
    const all = Array.from({ length: 6 }, () => turns.take(key('acme', 'bob'), 100));
    const begun = (): number => all.filter((turn) => turn.begun).length;
    room = 3;
    all[0]!.over();
    expect(begun()).toBe(4);
    room = 1;
    all[1]!.over();
    all[2]!.over();
    expect(begun()).toBe(4);
    all[3]!.over();
    expect(begun()).toBe(5);
  });

  it('a key that names no user waits with its like', () => {
    const turns = createTurns(() => 1);
    const running = turns.take('acme/limit/q/session=s1', 100);
    const [again, other] = [turns.take('acme/limit/q/session=s1', 100), turns.take('acme/limit/q/session=s2', 100)];
    running.over();
    again.over();
    expect(other.begun).toBe(true);
  });

  it('what would begin too late for an answer does not begin at all, and takes no room', () => {
    let time = 0;
    const turns = createTurns(
      () => 1,
      () => time,
    );
    const running = turns.take(key('acme', 'bob'), 100);
    const late = Array.from({ length: 3 }, () => turns.take(key('acme', 'bob'), 100));
    time = 70;
    const [soon, patient] = [turns.take(key('acme', 'bob'), 100), turns.take(key('acme', 'bob'), 1000)];
    time = 76;
    running.over();
    expect([...late, soon, patient].map(({ begun }) => begun)).toEqual([false, false, false, true, false]);
    for (const one of late) one.over();
    time = 500;
    soon.over();
    expect(patient.begun).toBe(true);
  });

  it('the room is as large as the way to the store is long', () => {
    expect([undefined, 0.1, 0.2, 1, 4.99, 20].map(roomFor)).toEqual([8, 8, 8, 40, 200, 800]);
  });
});
