import { describe, expect, it } from 'vitest';

import { copyJson } from './copy-json.ts';

const HALF = '\uD800';

describe('what is copied can be written down and read back', () => {
  it('-0 is 0, and half a surrogate pair is U+FFFD, in values and in keys', () => {
    const copy = copyJson({ zero: -0, list: [`a${HALF}b`, '\uDC00'], [`k${HALF}`]: 1, whole: '😀' }, 'attributes');
    expect(copy).toStrictEqual({ zero: 0, list: ['a\uFFFDb', '\uFFFD'], 'k\uFFFD': 1, whole: '😀' });
    expect(JSON.stringify(copy)).not.toMatch(/\\ud8|\\udc/i);
  });

  it('keys that differ only in broken halves keep a value each', () => {
    const copy = copyJson({ '\uD800': 'first', '\uD801': 'second', '\uFFFD': 'third' }, 'args');
    expect(copy).toStrictEqual({ '\uFFFD': 'first', '\uFFFD\uFFFD': 'second', '\uFFFD\uFFFD\uFFFD': 'third' });
  });
});
