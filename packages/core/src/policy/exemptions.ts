import type { GovernedEvent } from '../contract/event.ts';
import type { CompiledPolicy, Exemption } from './compiled.ts';
import { typeMatches } from '../contract/signal.ts';

/** The exemptions in force for one event. */
export interface ExemptTypes {
  /** Id of the first exemption, by id, that covers signals of the type; `undefined`: they count. */
  of(type: string): string | undefined;
}

type ExemptedEvent = Pick<GovernedEvent, 'stage' | 'subject' | 'resource' | 'subjectMissing'>;

/** True when the exemptions of the stage end at some time, so that a decision depends on when it is made. */
export function dependsOnTime(policy: CompiledPolicy, { stage }: Pick<GovernedEvent, 'stage'>): boolean {
  const { exempt } = policy.stages[stage];
  return exempt.some(({ untilMs }) => untilMs !== undefined);
}

/**
 * What is exempt for an event; `undefined` where nothing is, which is nearly always. `at`: the time of the decision, in
 * milliseconds since the epoch. INVARIANT: without it nothing that ends is in force, and nobody is exempt who is not
 * known.
 */
export function exemptTypes(
  policy: CompiledPolicy,
  event: ExemptedEvent,
  at: number | undefined,
): ExemptTypes | undefined {
  const { exempt } = policy.stages[event.stage];
  if (exempt.length === 0 || event.subjectMissing === true) return undefined;
  const inForce = exempt.filter((exemption) => isInForce(exemption, event, at));
  if (inForce.length === 0) return undefined;
  return { of: (type) => inForce.find(({ types }) => types.some((covered) => typeMatches(type, covered)))?.id };
}

function isInForce({ untilMs, who, where }: Exemption, event: ExemptedEvent, at: number | undefined): boolean {
  if (untilMs !== undefined && (at === undefined || at >= untilMs)) return false;
  return fits(who, event.subject) && fits(where, event.resource);
}

function fits<K extends string>(
  wanted: { readonly [F in K]?: readonly string[] },
  given: { readonly [F in K]?: string },
): boolean {
  return (Object.keys(wanted) as K[]).every((field) => {
    const value = given[field];
    return value !== undefined && wanted[field]!.includes(value);
  });
}
