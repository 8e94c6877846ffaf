import { FlyballError } from '../errors.ts';
import type { AdapterGovernor, Governor } from '../governor/api.ts';

const METHODS = [
  'decide',
  'decideNow',
  'refuse',
  'openGate',
  'declareStages',
  'adapterSettings',
  'covers',
  'stands',
  'strictestMode',
  'routeNamed',
  'quiet',
  'countUnasked',
  'noteFailure',
  'watchFailures',
] as const;

/**
 * The governor an adapter was given, with what only adapters use of it, or an error that says what is missing. `caller`
 * is the adapter's function as its user writes it; `policy` the policy its options name, which must be loaded: a
 * misspelt name would otherwise block every request. A promise is what one has who forgot to await `createGovernor`.
 */
export function requireGovernor(governor: Governor | undefined, caller: string, policy?: string): AdapterGovernor {
  const given = governor as Partial<AdapterGovernor> | undefined;
  if (!METHODS.every((name) => typeof given?.[name] === 'function')) {
    const isPromise = typeof (governor as { readonly then?: unknown } | undefined)?.then === 'function';
    const advice = isPromise
      ? 'it was given a promise: write `await createGovernor(…)`'
      : 'pass what `await createGovernor(…)` answers';
    throw new FlyballError('OPTIONS_INVALID', `\`${caller}\` needs a \`governor\`; ${advice}`);
  }
  const checked = given as AdapterGovernor;
  if (policy !== undefined && checked.adapterSettings(policy) === undefined) {
    const loaded = checked.status().policies.map(({ id }) => `\`${id}\``);
    throw new FlyballError(
      'OPTIONS_INVALID',
      `\`${caller}\`: no policy \`${policy}\` is loaded; the governor has ${loaded.join(', ')}`,
    );
  }
  return checked;
}
