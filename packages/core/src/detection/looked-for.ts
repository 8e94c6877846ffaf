import type { CompiledPolicy } from '../policy/compiled.ts';

const known = new WeakMap<readonly string[], { readonly policy: CompiledPolicy; readonly said: readonly string[] }>();

/**
 * Types that were looked for, as a record says it: `pii` stands for all types below it that detectors report under this
 * policy, if every one was looked for. With packs of hundreds the list would be longer than the rest of the record, and
 * say no more.
 *
 *     `pii.card, pii.email` → `pii` where the policy's detectors report these two, and `pii.card, pii.email` where they report more
 */
export function lookedForInShort(types: readonly string[], policy: CompiledPolicy): readonly string[] {
  const before = known.get(types);
  if (before?.policy === policy) return before.said;
  const looked = new Set(types);
  const missed = new Set<string>();
  for (const reported of policy.detectorTypes.values())
    for (const type of reported) if (!looked.has(type)) for (const family of familiesOf(type)) missed.add(family);
  const said = new Set<string>();
  for (const type of types) said.add(familiesOf(type).find((family) => !missed.has(family)) ?? type);
  const list = Object.freeze([...said].sort());
  known.set(types, { policy, said: list });
  return list;
}

/** `secret.aws.key` → `secret`, `secret.aws`, `secret.aws.key`. */
function familiesOf(type: string): readonly string[] {
  const names = type.split('.');
  return names.map((_, index) => names.slice(0, index + 1).join('.'));
}
