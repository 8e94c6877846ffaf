import { PACK_NAMES, type Pack, type Recogniser } from '@flyball/detectors';
import { typeMatches } from '../contract/signal.ts';

/** The packs that come with the governor, each loaded when a policy names something of it. */
const BUILT_IN: { readonly [name: string]: () => Promise<Pack> } = {
  pii: async () => (await import('@flyball/detectors/pii')).PII,
  secrets: async () => (await import('@flyball/detectors/secrets')).SECRETS,
  injection: async () => (await import('@flyball/detectors/injection')).INJECTION,
  hidden: async () => (await import('@flyball/detectors/hidden')).HIDDEN,
  harmful: async () => (await import('@flyball/detectors/harmful')).HARMFUL,
  leakage: async () => (await import('@flyball/detectors/leakage')).LEAKAGE,
  exfiltration: async () => (await import('@flyball/detectors/exfiltration')).EXFILTRATION,
};

/** Everything that `use:` can name, and the packs that the names lead to. */
export interface Packs {
  readonly names: readonly string[];
  readonly loaded: readonly Pack[];
}

/** Loads the packs that a policy's names lead to. `own` are those of the application. */
export async function loadPacks(uses: readonly string[], own: readonly Pack[]): Promise<Packs> {
  const needed = Object.keys(BUILT_IN).filter((pack) =>
    uses.some((use) => PACK_NAMES[pack]!.some((name) => name === use)),
  );
  const loaded = await Promise.all(needed.map((pack) => BUILT_IN[pack]!()));
  const names = [...Object.values(PACK_NAMES).flat(), ...own.flatMap(namesOf)];
  return { names, loaded: [...loaded, ...own] };
}

/** Names that `use:` takes of a pack: the pack, its parts, its types and what is above them. */
export function namesOf({ name, parts }: Pack): readonly string[] {
  const types = Object.values(parts).flatMap((members) => members.map(({ type }) => type));
  const above = types.flatMap((type) => {
    const steps = type.split('.');
    return steps.slice(1, -1).map((_, index) => steps.slice(0, index + 2).join('.'));
  });
  return [...new Set([name, ...Object.keys(parts).map((part) => `${name}/${part}`), ...above, ...types])];
}

/** What `use` names, with the pack it is of; empty if nobody knows the name. */
export function membersOf(
  use: string,
  packs: readonly Pack[],
): readonly { readonly pack: Pack; readonly recogniser: Recogniser }[] {
  for (const pack of packs) {
    const { name, parts, onRequest = [] } = pack;
    const usual = Object.entries(parts).flatMap(([part, members]) => (onRequest.includes(part) ? [] : members));
    const chosen =
      use === name
        ? usual
        : use.startsWith(`${name}/`)
          ? (parts[use.slice(name.length + 1)] ?? [])
          : use.includes('.')
            ? [...usual.filter(({ type }) => typeMatches(type, use)), ...requested(pack, use)]
            : [];
    if (chosen.length > 0) return chosen.map((recogniser) => ({ pack, recogniser }));
  }
  return [];
}

/** What is on request only its own name takes, or that of its part. */
function requested({ parts, onRequest = [] }: Pack, use: string): readonly Recogniser[] {
  return onRequest.flatMap((part) => parts[part]!.filter(({ type }) => type === use));
}
