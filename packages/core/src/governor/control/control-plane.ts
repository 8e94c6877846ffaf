import type { OperatorControls } from '../../state/operator.ts';
import type { ControlPlane, SubjectPlane } from './api.ts';
import { checkedHalt, checkedInit, checkedMode, checkedModeInit, checkedScope, invalid } from './check.ts';
import type { Control } from '../../contract/control.ts';

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
    setMode: async (scope, mode, init) =>
      control.setMode(checkedScope(scope), checkedMode(mode), checkedModeInit(init)),
    async setModes(scopes, mode, init) {
      if (!Array.isArray(scopes)) throw invalid('`setModes` takes a list of scopes');
      const [checked, wanted, given] = [scopes.map(checkedScope), checkedMode(mode), checkedModeInit(init)];
      const controls: Control[] = [];
      for (let i = 0; i < checked.length; i += AT_ONCE) {
        const some = checked.slice(i, i + AT_ONCE).map((scope) => control.setMode(scope, wanted, given));
        controls.push(...(await Promise.all(some)));
      }
      return controls;
    },
    clearMode: async (scope, init) => void (await control.clearMode(checkedScope(scope), checkedInit(init))),
    list: () => control.list(),
    history: (limit) => control.history(limit),
    onChange: (listener) => control.onChange(listener),
  };
}

/** Changes that are under way together, of many: a store answers others between them. */
const AT_ONCE = 100;
