import { SCOPE_FIELDS, type Scope } from '../../contract/control.ts';
import { MODES, type Mode } from '../../contract/effect.ts';
import { FlyballError } from '../../errors.ts';
import type { HaltInit } from '../../state/operator.ts';
import { KEY_FIELDS } from '../../contract/limits.ts';
import type { Share } from '../../contract/share.ts';
import { didYouMean } from '../../suggest.ts';
import type { ControlInit, ModeInit } from './api.ts';

// What operators say, as it came from their tools. Each function answers it, or throws `CONTROL_INVALID`.

export function checkedScope(scope: Scope): Scope {
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

export function checkedMode(mode: Mode): Mode {
  if (MODES.includes(mode)) return mode;
  throw invalid(`\`${mode}\` is no mode; it is one of ${MODES.join(', ')}`);
}

export function checkedInit(init: ControlInit, known: readonly string[] = CONTROL): ControlInit {
  checkKnown(init, known);
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

/** What `halt` is given besides. */
export function checkedHalt(init: HaltInit): HaltInit {
  checkKnown(init, HALT);
  const { waitFor, waitMs } = (init ?? {}) as Partial<HaltInit>;
  if (waitFor !== undefined && waitFor !== 'all' && waitFor !== 'majority') {
    throw invalid('`waitFor` is `all` or `majority`');
  }
  if (waitMs !== undefined && !(Number.isFinite(waitMs) && waitMs > 0)) {
    throw invalid('`waitMs` must be a number of milliseconds above 0');
  }
  return {
    ...checkedInit(init, HALT),
    ...(waitFor !== undefined && { waitFor }),
    ...(waitMs !== undefined && { waitMs }),
  };
}

/** What `setMode` is given besides. */
export function checkedModeInit(init: ModeInit): ControlInit & { readonly share?: Share } {
  const checked = checkedInit(init, MODE);
  const { share } = init;
  if (share === undefined) return checked;
  checkKnown(share, SHARE, 'share.');
  const { percent, by = ['tenant', 'user'], seed = 'share' } = (share ?? {}) as Partial<Share>;
  if (typeof percent !== 'number' || !(percent >= 0 && percent <= 100)) {
    throw invalid('`share.percent` must be a number from 0 to 100');
  }
  if (!Array.isArray(by) || !by.every((field) => (KEY_FIELDS as readonly unknown[]).includes(field))) {
    throw invalid(`\`share.by\` lists fields: ${KEY_FIELDS.join(', ')}`);
  }
  if (typeof seed !== 'string' || seed === '') throw invalid('`share.seed` must be a text');
  const fields = KEY_FIELDS.filter((field) => by.includes(field));
  return { ...checked, share: Object.freeze({ percent, by: Object.freeze(fields), seed: seed.toWellFormed() }) };
}

/** How many changes of the history are asked for. */
export function checkedLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1) return limit;
  throw invalid('`limit` must be a whole number above 0');
}

/**
 * INVARIANT: an option with a misspelt name never stands: without `forMs` a halt lasts for ever, without `share` a mode
 * holds for everybody, without `only` all is forgiven.
 */
export function checkKnown(options: unknown, known: readonly string[], of = ''): void {
  for (const name of typeof options === 'object' && options !== null ? Object.keys(options) : []) {
    if (!known.includes(name))
      throw invalid(
        `\`${of}${name}\` is no option here${didYouMean(name, known) || `; there are ${known.join(', ')}`}`,
      );
  }
}

const CONTROL: readonly string[] = ['who', 'why', 'forMs'];
const HALT: readonly string[] = [...CONTROL, 'waitFor', 'waitMs'];
const MODE: readonly string[] = [...CONTROL, 'share'];
const SHARE: readonly string[] = ['percent', 'by', 'seed'];

export function invalid(message: string): FlyballError {
  return new FlyballError('CONTROL_INVALID', message);
}
