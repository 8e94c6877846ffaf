import { defaultMask } from '../contract/masks.ts';
import { typeMatches } from '../contract/signal.ts';
import type { CompiledPolicy, CompiledRule } from './compiled.ts';

/** The mask a redact rule puts over a match: the rule's own, the policy's for the closest type, or the default for the type. */
export function maskFor(policy: Pick<CompiledPolicy, 'masks'>, rule: CompiledRule, type: string): string {
  if (rule.mask !== undefined) return rule.mask;
  let closest: string | undefined;
  for (const wanted of Object.keys(policy.masks)) {
    if (typeMatches(type, wanted) && (closest === undefined || wanted.length > closest.length)) closest = wanted;
  }
  return closest === undefined ? defaultMask(type) : policy.masks[closest]!;
}
