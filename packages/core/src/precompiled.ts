// A governor of policies that were compiled before: neither the readers of policies nor the compilers of patterns and
// conditions are in it.
import { checkOptions } from './check-options.ts';
import type { Governor } from './governor/api.ts';
import { GOVERNOR_OPTIONS, type GovernorOptions } from './governor/lifecycle/options.ts';
import { startGovernor } from './governor/lifecycle/start.ts';
import { FlyballError } from './errors.ts';
import { isPrecompiled, type PrecompiledPolicy } from './precompiled/format.ts';
import { loadPrecompiled } from './precompiled/load.ts';

export { FlyballError } from './errors.ts';
export type { Governor } from './governor/api.ts';
export type { GovernorOptions } from './governor/lifecycle/options.ts';
export type { PrecompiledPolicy } from './precompiled/format.ts';
export { standardExpressions, type Expressions } from './policy/condition/condition.ts';
export { standardLooking, type Looking } from './detectors/looking.ts';
export { standardFolding } from './scanner/unicode/folding.ts';

/** As `GovernorOptions`, with policies that `flyball compile` has compiled. */
export interface PrecompiledGovernorOptions extends Omit<GovernorOptions, 'policy'> {
  readonly policy: PrecompiledPolicy | readonly PrecompiledPolicy[];
}

/**
 * Makes a governor of policies that `flyball compile` has compiled: it decides as one that compiles them at its start,
 * under the same behaviour version. For edge functions and browsers, where the compiler would be most of the download.
 * Rejects with a `FlyballError` whose code is `PRECOMPILED_MISMATCH` where a policy was compiled by or for other
 * versions than those that are there.
 *
 *     import policy from './policy.compiled.js';
 *     const governor = await createGovernor({ policy });
 */
export async function createGovernor(options: PrecompiledGovernorOptions): Promise<Governor> {
  checkOptions('createGovernor', options, GOVERNOR_OPTIONS, ['policy']);
  return startGovernor(options, async (source, detectors, packs) => {
    if (!isPrecompiled(source))
      throw new FlyballError(
        'OPTIONS_INVALID',
        '`createGovernor` of `@flyball/core/precompiled` takes what `flyball compile` wrote; that of `@flyball/core` compiles policies itself',
      );
    return loadPrecompiled(source, detectors, packs);
  });
}
