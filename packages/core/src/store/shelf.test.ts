import { describe, expect, it } from 'vitest';
import { createShelf } from './shelf.ts';

describe('a shelf', () => {
  it('never holds many more than are active, and tells which it removed', () => {
    let time = 0;
    const removed = new Set<string>();
    const shelf = createShelf<number>(
      () => time,
      (key) => removed.add(key),
    );
    let most = 0;
    for (let i = 0; i < 20_000; i++) {
      shelf.set(`k${i}`, i, time + 100);
      time += 1;
      most = Math.max(most, shelf.size);
    }
    expect(most).toBeLessThan(300);
    expect(removed.size).toBe(20_000 - shelf.size);
    expect([...shelf.active()].every(([key]) => !removed.has(key))).toBe(true);
  });

  it('answers nothing that has ended, kept or not', () => {
    let time = 0;
    const shelf = createShelf<number>(() => time);
    shelf.set('a', 1, 10);
    shelf.set('b', 2, 10);
    shelf.keepUntil('b', 20);
    shelf.keepUntil('b', 5);
    time = 10;
    expect([shelf.get('a'), shelf.get('b'), [...shelf.active()]]).toEqual([undefined, 2, [['b', 2]]]);
    shelf.sweep();
    expect(shelf.size).toBe(1);
  });

  it('keeps nothing for longer that it does not have, and looks at two others with each that comes', () => {
    let time = 0;
    let removed = 0;
    const shelf = createShelf<number>(
      () => time,
      () => removed++,
    );
    shelf.keepUntil('nobody', 100);
    expect([shelf.size, shelf.delete('nobody')]).toEqual([0, false]);
    for (let i = 0; i < 9; i++) shelf.set(`gone ${i}`, i, 10);
    shelf.clear();
    for (let i = 0; i < 9; i++) shelf.set(`k${i}`, i, 10);
    time = 10;
    const removals = Array.from({ length: 6 }, (_, i) => {
      removed = 0;
      shelf.set(`new ${i}`, i, 100);
      return removed;
    });
    // One of them may find itself at the end of a round, and begins the next.
    expect(Math.max(...removals)).toBe(2);
    expect(removals.reduce((sum, one) => sum + one, 0)).toBeGreaterThanOrEqual(4);
  });
});
