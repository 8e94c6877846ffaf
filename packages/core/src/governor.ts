import { checkOptions } from './check-options.ts';
import type { Governor } from './governor/api.ts';
import { GOVERNOR_OPTIONS, type GovernorOptions } from './governor/lifecycle/options.ts';

export type { GovernorOptions } from './governor/lifecycle/options.ts';

/**
 * Makes a governor. Rejects with a `PolicyError` that lists every problem of a policy, or with a `FlyballError`.
 * Everything is compiled here; decisions compile nothing.
 */
export async function createGovernor(options: GovernorOptions): Promise<Governor> {
  checkOptions('createGovernor', options, GOVERNOR_OPTIONS, ['policy']);
  // Most of the core waits until somebody governs: an import costs every process, a governor only those that have one.
  const [{ startGovernor }, { loadPolicy }] = await Promise.all([
    import('./governor/lifecycle/start.ts'),
    import('./governor/lifecycle/load-policy.ts'),
  ]);
  return startGovernor(options, loadPolicy);
}
