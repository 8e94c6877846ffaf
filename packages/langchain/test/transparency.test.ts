import type { PolicyDocument } from '@flyball/core';
import { describe, expect, it } from 'vitest';
import { governChatModel } from '../src/index.ts';
import { ADA, CLOSED, governed, MATCHLESS } from './harness.ts';
import { WAYS, type Seen } from './ways.ts';
import { PROVIDERS, withGlobalFetch } from './wire/providers.ts';

const TEXTS = ['Your parcel ', 'left on ', 'Monday 🚚', ' and arrives tomorrow.'];

/** Everything that could be seen, with ids that differ from run to run made alike. */
function plain({ values, told, error }: Seen, without: (value: unknown) => boolean = () => false): string {
  const written = JSON.stringify([values.filter((value) => !without(value)), told, error], (_key, value: unknown) =>
    typeof value === 'string' && value.startsWith('lc-tool-call') ? 'call' : value,
  );
  return written.replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f-]{21}/g, 'run');
}

const MODES: readonly { readonly name: string; readonly policy: PolicyDocument }[] = [
  { name: 'off', policy: { ...CLOSED, mode: 'off' } },
  { name: 'shadow, under a policy that blocks everything', policy: { ...CLOSED, mode: 'shadow' } },
  { name: 'enforce, with a policy that matches nothing', policy: MATCHLESS },
];

/** Verbatim payloads of the provider repeat text that has not been judged: while enforcing they stay inside. */
const isProvidersOwn = (value: unknown): boolean =>
  ['provider', 'on_custom_event'].includes(String((Object(value) as { readonly event?: unknown }).event));

/**
 * This class tells callbacks of tokens by itself, without chunks and on `invoke` too: governed, it tells them as all
 * others do.
 */
const tellsByItself = (name: string): boolean => name === 'ChatGoogleGenerativeAI';

describe.each(MODES)('E4: $name, a governed model is as it was', ({ name, policy }) => {
  describe.each(PROVIDERS)('$name', ({ name: provider, make }) => {
    it.each(WAYS)('by $name: chunks, events, messages and callbacks', async ({ run }) => {
      const governor = await governed(policy);
      const bare = make(TEXTS);
      const ungoverned = await withGlobalFetch(bare.wire.fetch, () => run(bare.model, 'hello'));
      const { model, wire } = make(TEXTS);
      const seen = await withGlobalFetch(wire.fetch, () =>
        run(governChatModel(model, { governor, subject: ADA }), 'hello'),
      );
      const enforcing = name.startsWith('enforce');
      const left = enforcing ? isProvidersOwn : undefined;
      const heard = ({ values, told, ...rest }: Seen): Seen =>
        enforcing && tellsByItself(provider) ? { ...rest, values, told: [] } : { ...rest, values, told };
      expect(plain(heard(seen), left)).toBe(plain(heard(ungoverned), left));
      expect(wire.requests.map(({ body }) => body)).toEqual(bare.wire.requests.map(({ body }) => body));
      await governor.close();
    });
  });
});
