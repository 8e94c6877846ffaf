import { describe, expect, it } from 'vitest';
import { ADAPTER_CASES } from '../src/index.ts';
import { collect } from './collect.ts';
import { flawed } from './flaws.ts';
import { FLAWS } from './flaws-of-adapters.ts';
import { straight } from './straight-adapter.ts';

describe.each(Object.entries(FLAWS))('an adapter that %s', (_flaw, [flaw, cases]) => {
  // A busy machine loads what the first case needs for seconds.
  const tests = collect(flawed(flaw), { timeoutMs: 20_000 });

  it.concurrent.each(cases)('fails `%s`', async (name) => {
    const error = await tests.get(name)!().then(
      () => undefined,
      (error: Error) => error.message,
    );
    // By what it did, and not by being late.
    expect(error).toContain(' is not ');
  });
});

describe('the suite', () => {
  it('has no case that no flaw fails', () => {
    const failed = new Set(Object.values(FLAWS).flatMap(([, cases]) => cases));
    expect(ADAPTER_CASES.filter((name) => !failed.has(name))).toEqual([]);
    expect([...failed].filter((name) => !ADAPTER_CASES.includes(name))).toEqual([]);
  });

  it('names each case once', () => {
    expect(new Set(ADAPTER_CASES).size).toBe(ADAPTER_CASES.length);
  });
});

describe('the list of what an adapter does not support', () => {
  const [name = ''] = ADAPTER_CASES;
  const result = async (
    unsupported: { readonly [name: string]: string },
    test: string,
    harness = straight,
  ): Promise<string> => {
    const run = [...collect(harness, { unsupported })].find(([sentence]) => sentence.startsWith(test))?.[1];
    if (run === undefined) return 'not run';
    return run().then(
      () => 'passes',
      () => 'fails',
    );
  };
  const deaf = flawed(FLAWS['refuses everything']![0]);

  it('excuses a case that fails', async () => {
    expect(await result({}, name, deaf)).toBe('fails');
    expect(await result({ [name]: 'it refuses everything' }, name, deaf)).toBe('passes');
  });

  it('fails for a case that passes', async () => {
    expect(await result({ [name]: 'it is shy' }, name)).toBe('fails');
  });

  it('fails for a name that no case has, and for a reason that says nothing', async () => {
    const listed = 'is listed by the names of cases, with reasons';
    expect(await result({ [name]: 'it is shy' }, listed)).toBe('passes');
    expect(await result({ 'a case nobody wrote': 'it is shy' }, listed)).toBe('fails');
    expect(await result({ [name]: ' ' }, listed)).toBe('fails');
  });
});
