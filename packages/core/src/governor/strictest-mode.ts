import type { Mode } from '../contract/effect.ts';
import { scopeSize } from '../contract/control.ts';
import { stricterMode } from '../decision/applies.ts';
import type { Engine } from './engine.ts';

/**
 * The strictest mode in which anything that a policy decides can run now: see `AdapterGovernor.strictestMode`. Reads
 * memory only, and with no control standing it is the policy's own.
 */
export function strictestMode({ policies, state }: Engine, policy: string | undefined): Mode {
  const assembled = policies.get(policy ?? policies.first);
  // Nobody loaded it: that stops every event.
  if (assembled === undefined) return 'enforce';
  const controls = state.standingControls();
  let strictest: Mode = 'off';
  let everybody = false;
  for (const { mode, scope, share } of controls) {
    // A halt.
    if (mode === undefined) return 'enforce';
    strictest = stricterMode(strictest, mode);
    everybody ||= scopeSize(scope) === 0 && share === undefined;
  }
  // A mode set for everybody stands in place of the policy's own.
  if (everybody) return strictest;
  const { mode, share } = assembled.policy;
  return stricterMode(strictest, share === undefined ? mode : stricterMode(mode, share.rest));
}
