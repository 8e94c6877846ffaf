import type { GovernedEvent } from '../contract/event.ts';
import type { Decision } from '../contract/ruling.ts';
import { limitFits } from '../contract/limits.ts';
import { resolveMode, stricterMode } from '../decision/applies.ts';
import { bucketsFor, fits } from '../policy/rule-index.ts';
import { policyOf, type Engine } from './engine.ts';

/**
 * False where no decision could depend on the event: see `AdapterGovernor.covers`. Reads memory only, and makes nothing
 * in the usual case: adapters ask it with every request.
 */
export function covers(
  engine: Engine,
  event: Pick<GovernedEvent, 'stage' | 'subject' | 'resource' | 'policy' | 'subjectMissing'>,
): boolean {
  const assembled = engine.policies.get(policyOf(engine, event));
  // Nobody loaded it: that stops the event.
  if (assembled === undefined) return true;
  const { policy } = assembled;
  const { controls, errors } = engine.state.controlsFor(event);
  const { mode, halt } = resolveMode(policy, event, controls);
  if (halt !== undefined) return true;
  if (mode === 'off') return false;
  if (errors.length > 0 || event.subjectMissing === true) return true;
  const stage = policy.stages[event.stage];
  if (stage.default === 'block' || stage.ladders.length > 0) return true;
  if (stage.limits.some((limit) => limitFits(limit, event))) return true;
  if (stage.index.always.rules.length > 0) return true;
  return bucketsFor(policy, event).some((bucket) => bucket.rules.some((rule) => fits(rule, event)));
}

/** True where a decision on the event holds still: see `AdapterGovernor.stands`. Reads memory only. */
export function stands(
  engine: Engine,
  { mode: before }: Pick<Decision, 'mode'>,
  event: Pick<GovernedEvent, 'subject' | 'resource' | 'policy' | 'subjectMissing'>,
): boolean {
  const assembled = engine.policies.get(policyOf(engine, event));
  if (assembled === undefined) return false;
  const { controls, errors } = engine.state.controlsFor(event);
  const { mode, halt } = resolveMode(assembled.policy, event, controls);
  return halt === undefined && errors.length === 0 && stricterMode(before, mode) === before;
}
