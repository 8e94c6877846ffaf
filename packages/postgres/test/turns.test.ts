import { expect, it } from 'vitest';
import { createTurns } from '../src/turns.ts';

const never = new Promise<void>(() => undefined);

it('work on one row is done in the order in which it came, and on another one beside it', async () => {
  const turns = createTurns(60_000);
  const done: string[] = [];
  let finish = (): void => undefined;
  const first = turns(['a'], () => new Promise<void>((resolve) => (finish = resolve)).then(() => done.push('first')));
  const second = turns(['a', 'b'], async () => done.push('second'));
  const third = turns(['b'], async () => done.push('third'));
  await turns(['c'], async () => done.push('beside'));
  finish();
  await Promise.all([first, second, third]);
  expect(done).toEqual(['beside', 'first', 'second', 'third']);
});

it('S6: what waited for too long is not done, and says nothing against the database', async () => {
  const turns = createTurns(200);
  let done = false;
  const first = turns(['a'], () => new Promise((resolve) => setTimeout(resolve, 400)));
  const late = turns(['a'], async () => (done = true));
  await expect(late).rejects.toMatchObject({ code: 'STORE_CROWDED', failure: 'TIMEOUT' });
  await first;
  expect(done).toBe(false);
  void turns(['b'], () => never);
  // What fails does not stop those behind it.
  expect(await turns(['a'], async () => 'done')).toBe('done');
});
