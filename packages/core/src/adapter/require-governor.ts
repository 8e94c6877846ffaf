import { FlyballError } from '../errors.ts';
import type { Governor } from '../governor.ts';

/**
 * The governor an adapter was given, or an error that says what is missing. `caller` is the adapter's function as its user
 * writes it. A promise is what one has who forgot to await `createGovernor`.
 */
export function requireGovernor(governor: Governor | undefined, caller: string): Governor {
  if (typeof governor?.decide === 'function' && typeof governor.declareStages === 'function') return governor;
  const given = typeof (governor as { readonly then?: unknown } | undefined)?.then === 'function';
  const advice = given
    ? 'it was given a promise: write `await createGovernor(…)`'
    : 'pass what `await createGovernor(…)` answers';
  throw new FlyballError('OPTIONS_INVALID', `\`${caller}\` needs a \`governor\`; ${advice}`);
}
