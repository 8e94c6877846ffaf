import type { GovernedEvent } from '../contract/event.ts';
import { laddersFor, limitsFor } from '../decision/applies.ts';
import { bucketsFor, fits } from '../policy/rule-index.ts';
import { policyOf, type Engine } from './engine.ts';
import { readState } from './read-state.ts';

/** False where no decision could depend on the event: see `AdapterGovernor.covers`. Reads memory only. */
export function covers(
  engine: Engine,
  event: Pick<GovernedEvent, 'stage' | 'subject' | 'resource' | 'policy' | 'subjectMissing'>,
): boolean {
  const assembled = engine.policies.get(policyOf(engine, event));
  // Nobody loaded it: that stops the event.
  if (assembled === undefined) return true;
  const { policy } = assembled;
  const { mode, snapshot } = readState(engine.state, assembled, event);
  if (snapshot.controls.some(({ kind }) => kind === 'halt')) return true;
  if (mode === 'off') return false;
  if (snapshot.errors.length > 0 || policy.stages[event.stage].default === 'block') return true;
  if (limitsFor(policy, event).length > 0 || laddersFor(policy, event).length > 0) return true;
  return bucketsFor(policy, event).some((bucket) => bucket.rules.some((rule) => fits(rule, event)));
}
