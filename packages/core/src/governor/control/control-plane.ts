import type { OperatorControls } from '../../state/operator.ts';
import type { ControlPlane, SubjectPlane } from './api.ts';
import {
  checkedHalt,
  checkedInit,
  checkedLimit,
  checkedMode,
  checkedModeInit,
  checkedScope,
  invalid,
} from './check.ts';

/**
 * Operators' instructions, checked before they reach the store. INVARIANT: a scope with a misspelt field never stands.
 * The field would be ignored, and what was meant for one tenant (a mode of `off`, say) would cover everyone. Nor does
 * one with a misspelt option.
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
      if (scopes.length > MAX_SCOPES) {
        throw invalid(`\`setModes\` takes at most ${MAX_SCOPES} scopes: all of them stand at once, or none`);
      }
      const [checked, wanted, given] = [scopes.map(checkedScope), checkedMode(mode), checkedModeInit(init)];
      return checked.length === 0 ? [] : control.setModes(checked, wanted, given);
    },
    clearMode: async (scope, init) => void (await control.clearMode(checkedScope(scope), checkedInit(init))),
    list: () => control.list(),
    history: async (limit) => control.history(limit === undefined ? undefined : checkedLimit(limit)),
    onChange(listener) {
      if (typeof listener !== 'function') throw invalid('`onChange` takes a function');
      return control.onChange(listener);
    },
  };
}

/** A store does nothing else meanwhile. */
const MAX_SCOPES = 1000;
