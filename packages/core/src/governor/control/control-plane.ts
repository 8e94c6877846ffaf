import type { OperatorControls } from '../../state/operator.ts';
import type { ControlPlane, SubjectPlane } from './api.ts';
import { checkedHalt, checkedInit, checkedMode, checkedScope } from './check.ts';

/**
 * Operators' instructions, checked before they reach the store.
 * INVARIANT: a scope with a misspelt field never stands. The field would be ignored, and what was meant for one tenant (a mode
 * of `off`, say) would cover everyone.
 */
export function controlPlane(control: OperatorControls, subjects: SubjectPlane): ControlPlane {
  return {
    ...subjects,
    halt: async (scope, init) => control.halt(checkedScope(scope), checkedHalt(init)),
    resume: async (scope, init) => void (await control.resume(checkedScope(scope), checkedInit(init))),
    setMode: async (scope, mode, init) => control.setMode(checkedScope(scope), checkedMode(mode), checkedInit(init)),
    clearMode: async (scope, init) => void (await control.clearMode(checkedScope(scope), checkedInit(init))),
    list: () => control.list(),
    history: (limit) => control.history(limit),
    onChange: (listener) => control.onChange(listener),
  };
}
