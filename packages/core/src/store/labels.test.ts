import { expect, it } from 'vitest';
import { joinLabels, MAX_LABELS } from './labels.ts';

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `l${i}`);

it('labels are each name once, in order, and as many as a session may carry', () => {
  expect(joinLabels(['b', 'a'], ['c', 'a'])).toEqual(['a', 'b', 'c']);
  expect(joinLabels([], [])).toEqual([]);
  expect(joinLabels(names(MAX_LABELS - 1), ['one more'])).toHaveLength(256);
  expect(joinLabels(names(MAX_LABELS), ['l0'])).toHaveLength(256);
});

it('one label too many is refused, and concerns the one session', () => {
  expect(() => joinLabels(names(MAX_LABELS), ['one more'])).toThrow(
    expect.objectContaining({ code: 'STORE_FULL', failure: 'THREW' }),
  );
});

it('labels that are held are told, however many an older version let in', () => {
  expect(joinLabels(names(300), [])).toHaveLength(300);
});
