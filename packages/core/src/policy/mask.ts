import { defaultMask } from '../contract/masks.ts';
import { typeMatches } from '../contract/signal.ts';
import type { CompiledPolicy, CompiledRule } from './compiled.ts';

/** The mask a redact rule puts over a match: the rule's own, or that of the type. */
export function maskFor(policy: Pick<CompiledPolicy, 'masks'>, rule: CompiledRule, type: string): string {
  return rule.mask ?? policy.masks[type] ?? defaultMask(type);
}

/** The mask of a type: what the policy writes for the closest type, or the default. */
export function maskOfType(written: { readonly [type: string]: string }, type: string): string {
  let closest: string | undefined;
  for (const wanted of Object.keys(written)) {
    if (typeMatches(type, wanted) && (closest === undefined || wanted.length > closest.length)) closest = wanted;
  }
  return (closest === undefined ? undefined : written[closest]) ?? defaultMask(type);
}
