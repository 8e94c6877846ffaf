import { describe, expect, it } from 'vitest';
import { GovernanceBlockedError, governChatModel } from '../src/index.ts';
import { ADA, BLOCKING, governed, MASK, REDACTING, said, SECRET } from './harness.ts';
import { WAYS } from './ways.ts';
import { PROVIDERS, withGlobalFetch } from './wire/providers.ts';

/** Cut in the middle of the phrase. */
const TEXTS = ['We call it TOP', 'SECRET here', ', and more of it follows. ', 'The end.'];

describe.each(PROVIDERS)('$name: nothing that is blocked gets out', ({ make }) => {
  it.each(WAYS)('by $name', async ({ run }) => {
    const { model, wire } = make(TEXTS);
    const governor = await governed(BLOCKING);
    const seen = await withGlobalFetch(wire.fetch, () =>
      run(governChatModel(model, { governor, subject: ADA }), 'hello'),
    );
    expect(said([seen.values, seen.told, seen.error])).not.toContain(SECRET);
    expect(said(seen.values)).toContain('content_filter');
    expect(seen.error).toBeUndefined();
    expect(wire.requests).toHaveLength(1);
    await governor.close();
  });

  it.each(WAYS)('by $name, as an error where that is asked for', async ({ run }) => {
    const { model, wire } = make(TEXTS);
    const governor = await governed(BLOCKING);
    const options = { governor, subject: ADA, exitBehavior: 'error' } as const;
    const seen = await withGlobalFetch(wire.fetch, () => run(governChatModel(model, options), 'hello'));
    expect(said([seen.values, seen.told, seen.error])).not.toContain(SECRET);
    expect(GovernanceBlockedError.find(seen.error)?.denial.reason).toBe('P_WORD');
    await governor.close();
  });

  it.each(WAYS)('by $name, masked where the policy redacts', async ({ run }) => {
    const { model, wire } = make(TEXTS);
    const governor = await governed(REDACTING);
    const seen = await withGlobalFetch(wire.fetch, () =>
      run(governChatModel(model, { governor, subject: ADA }), 'hello'),
    );
    expect(seen.error).toBeUndefined();
    expect(said([seen.values, seen.told])).not.toContain(SECRET);
    const text = said(seen.values);
    expect(text).toContain(' here, and more of it follows. The end.');
    expect(text).toContain(`call it ${MASK}`);
    await governor.close();
  });
});
