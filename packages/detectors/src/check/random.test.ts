import { describe, expect, it } from 'vitest';
import { looksIssued, looksRandom } from './random.ts';

describe('looksRandom and looksIssued', () => {
  it.each([
    ['getUserAuthenticationToken2', false],
    ['aws-sdk-client-secrets-manager-3', false],
    ['ACME_HTTPServer.retry_limit_1000', false],
    ['q7Rk2vZx9LmT4pWc', true],
    ['oneWordAndANumberOf24680', true],
  ])('%s: %s', (value, is) => {
    expect(looksIssued(value)).toBe(is);
    expect(looksRandom(value)).toBe(is);
  });

  it.each([
    ['small letters', 'qwrtplkjhgfdszxcvbnm'],
    ['capitals', 'QWRTPLKJHGFDSZXCVBNM'],
    ['words', 'qwRtplKjhgFdszXcvb'],
    ['words and signs', 'qwr-tpl-KJH_gfd.szx/'],
  ])('a long value of %s, with a number too long for a name, is read in one go', (_what, letters) => {
    const startedAt = performance.now();
    expect(looksIssued(`${letters.repeat(200)}13579`)).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});
