import { SCOPE_FIELDS, type Scope } from '../../contract/control.ts';
import { MODES, type Mode } from '../../contract/effect.ts';
import { FlyballError } from '../../errors.ts';
import type { OperatorControls } from '../../state/operator.ts';
import type { ControlInit, ControlPlane } from '../api.ts';

/**
 * Operators' instructions, checked before they reach the store.
 * INVARIANT: a scope with a misspelt field never stands. The field would be ignored, and what was meant for one tenant (a mode
 * of `off`, say) would cover everyone.
 */
export function controlPlane(control: OperatorControls): ControlPlane {
  return {
    halt: async (scope, init) => control.halt(checkedScope(scope), checkedInit(init)),
    resume: async (scope, init) => void (await control.resume(checkedScope(scope), checkedInit(init))),
    setMode: async (scope, mode, init) => control.setMode(checkedScope(scope), checkedMode(mode), checkedInit(init)),
    clearMode: async (scope, init) => void (await control.clearMode(checkedScope(scope), checkedInit(init))),
    list: () => control.list(),
    history: (limit) => control.history(limit),
    onChange: (listener) => control.onChange(listener),
  };
}

function checkedScope(scope: Scope): Scope {
  if (typeof scope !== 'object' || scope === null) throw invalid('the scope must be an object; `{}` covers everything');
  const fields: readonly string[] = SCOPE_FIELDS;
  const checked: { [field: string]: string } = {};
  for (const [field, value] of Object.entries(scope as { readonly [field: string]: unknown })) {
    if (!fields.includes(field)) throw invalid(`\`${field}\` is no field of a scope; it has ${fields.join(', ')}`);
    // An absent value would widen the scope as a misspelt field does.
    if (typeof value !== 'string' || value === '') throw invalid(`\`${field}\` of the scope must be a name`);
    // As the names of events are: the two are compared.
    checked[field] = value.toWellFormed();
  }
  return checked;
}

function checkedMode(mode: Mode): Mode {
  if (MODES.includes(mode)) return mode;
  throw invalid(`\`${mode}\` is no mode; it is one of ${MODES.join(', ')}`);
}

function checkedInit(init: ControlInit): ControlInit {
  const { who, why, forMs } = (init ?? {}) as Partial<ControlInit>;
  const said = { who: '', why: '' };
  for (const [field, value] of Object.entries({ who, why })) {
    if (typeof value !== 'string' || value === '')
      throw invalid(`\`${field}\` is missing: a control says who gave it and why`);
    said[field as keyof typeof said] = value.toWellFormed();
  }
  if (forMs !== undefined && !(Number.isFinite(forMs) && forMs > 0)) {
    throw invalid('`forMs` must be a number of milliseconds above 0');
  }
  return { ...said, ...(forMs !== undefined && { forMs }) };
}

function invalid(message: string): FlyballError {
  return new FlyballError('CONTROL_INVALID', message);
}
