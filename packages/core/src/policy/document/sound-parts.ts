import { STAGES } from '../../contract/event.ts';
import type { DetectorDocument, PolicyDocument, RuleDocument } from './document.ts';
import type { Problem } from './locate.ts';
import { POLICY_SCHEMA } from './schema.ts';

export interface SoundParts {
  /** What can be looked into further. Its rules and detectors stand where they stood. */
  readonly document: PolicyDocument;
  /** A detector is gone, and with it what it would have reported. */
  readonly isUnsure: boolean;
}

/**
 * A policy without what the schema refused: fields that are wrong are left out, and an entry that is beyond that is
 * replaced by one that does nothing. It never runs. It is there so that one load names every problem.
 */
export function soundParts(written: PolicyDocument, refused: readonly Problem[]): SoundParts {
  const bad = (section: string, index: number): ReadonlySet<unknown> =>
    new Set(refused.filter(({ path }) => path[0] === section && path[1] === index).map(({ path }) => path[2]));
  let isUnsure = refused.some(({ path }) => path[0] === 'detectors' && path.length < 2);
  const rules = listOf(written.rules).map((rule, i): RuleDocument => {
    const fields = bad('rules', i);
    const nothing: RuleDocument = { id: `unnamed-${i}`, on: STAGES, label: 'unnamed' };
    if (fields.size === 0) return rule as RuleDocument;
    if (typeof rule !== 'object' || rule === null) return nothing;
    const kept = Object.fromEntries(Object.entries(rule).filter(([field]) => !fields.has(field)));
    return { ...nothing, ...kept };
  });
  const detectors = listOf(written.detectors).map((detector, i): DetectorDocument => {
    if (bad('detectors', i).size === 0) return detector as DetectorDocument;
    const named = namedBy(detector);
    if (named === undefined) isUnsure = true;
    return named ?? { id: `unnamed.n${i}`, phrases: ['unnamed'] };
  });
  const document = {
    ...(typeof written.extends === 'string' && { extends: written.extends }),
    policy: refused.some(({ path }) => path[0] === 'policy') ? 'unnamed' : (written.policy ?? 'unnamed'),
    version: 0,
    ...(rules.length > 0 && { rules }),
    ...(detectors.length > 0 && { detectors }),
  };
  // Whatever else a stranger's text may hold: what goes on is what the schema accepts.
  return POLICY_SCHEMA.safeParse(document).success
    ? { document, isUnsure }
    : { document: { policy: 'unnamed', version: 0 }, isUnsure: true };
}

const listOf = (list: unknown): readonly unknown[] => (Array.isArray(list) ? (list as readonly unknown[]) : []);

/** What an entry names, though something else about it is wrong. */
function namedBy(detector: unknown): DetectorDocument | undefined {
  if (typeof detector !== 'object' || detector === null) return undefined;
  const { use, id } = detector as { readonly use?: unknown; readonly id?: unknown };
  const named = typeof use === 'string' ? { use } : typeof id === 'string' ? { id, phrases: 'unnamed' } : undefined;
  return named !== undefined && POLICY_SCHEMA.safeParse({ policy: 'p', version: 0, detectors: [named] }).success
    ? named
    : undefined;
}
