import { expect, test } from 'vitest';
import { PathCoverage } from './path-coverage.ts';

test('a path has one entry, and what is counted in it is said of the path', () => {
  const coverage = new PathCoverage();
  const entry = coverage.entryOf('data.a', 'text');
  entry.length += 7;
  entry.scanned += 5;
  expect(coverage.entryOf('data.a', 'text')).toBe(entry);
  coverage.entryOf('data.b', 'reasoning');
  expect(coverage.names).toEqual([
    { path: 'data.a', channel: 'text' },
    { path: 'data.b', channel: 'reasoning' },
  ]);
  expect(coverage.segments).toEqual([
    { path: 'data.a', length: 7, scanned: 5 },
    { path: 'data.b', length: 0, scanned: 0 },
  ]);
  expect(entry.leaves).toBe(0);
});

test('A6: after 64 paths all others are one, in bounded memory, and are not left out', () => {
  const coverage = new PathCoverage();
  for (let i = 0; i < 64; i++) coverage.entryOf(`p${i}`, 'text');
  const rest = coverage.entryOf('q0', 'reasoning');
  expect(rest).toMatchObject({ path: '~rest', channel: 'text' });
  expect(coverage.entryOf('q1', 'text')).toBe(rest);
  expect(coverage.entryOf('p63', 'text').path).toBe('p63');
  expect(coverage.names).toHaveLength(65);
});

test('A6: what was left unjudged of a path is one span for each reason, the widest', () => {
  const coverage = new PathCoverage();
  const [a, b] = [coverage.entryOf('a', 'text'), coverage.entryOf('b', 'text')];
  coverage.unjudged(a, 10, 20, 'trail');
  coverage.unjudged(a, 5, 12, 'trail');
  coverage.unjudged(a, 15, 30, 'trail');
  coverage.unjudged(a, 1, 2, 'max_hold');
  coverage.unjudged(b, 3, 4, 'trail');
  expect(coverage.unjudgedSpans).toEqual([
    { path: 'a', start: 5, end: 30, why: 'trail' },
    { path: 'a', start: 1, end: 2, why: 'max_hold' },
    { path: 'b', start: 3, end: 4, why: 'trail' },
  ]);
});
