import type { Control } from '../contract/control.ts';
import type { Mode } from '../contract/effect.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { Ladder, Limit } from '../contract/limits.ts';
import type { CompiledPolicy, RuleBucket } from '../policy/compiled.ts';
import { limitFits } from '../contract/limits.ts';
import { scopeCovers, scopeSize } from '../contract/control.ts';
import { inShare } from '../contract/share.ts';
import { fits, votes } from '../policy/rule-index.ts';

/** What scopes and selectors are matched against. */
type ScopedEvent = Pick<GovernedEvent, 'subject' | 'resource'>;

/** The mode an event runs in, and the halt that stops it whatever the mode. */
export interface ResolvedMode {
  readonly mode: Mode;
  readonly halt: Control | undefined;
}

const MODE_RANK: { readonly [M in Mode]: number } = { off: 0, shadow: 1, enforce: 2 };

/** Of two modes the one that stops more. */
export function stricterMode(a: Mode, b: Mode): Mode {
  return MODE_RANK[a] >= MODE_RANK[b] ? a : b;
}

/**
 * The mode entry that names the most scope fields of the event wins, ties go to the strictest; none: the policy's mode.
 * Of several halts the most specific is named. The caller leaves out controls that have expired.
 */
export function resolveMode(policy: CompiledPolicy, event: ScopedEvent, controls: readonly Control[]): ResolvedMode {
  if (controls.length === 0) return { mode: ownMode(policy, event), halt: undefined };
  let mode: Mode | undefined;
  let size = -1;
  let halt: Control | undefined;
  for (const control of controls) {
    if (!scopeCovers(control.scope, event)) continue;
    const fields = scopeSize(control.scope);
    if (control.kind === 'halt') {
      if (halt === undefined || beats(control, halt)) halt = control;
    } else if (control.mode !== undefined && (control.share === undefined || inShare(control.share, event))) {
      if (fields > size || (fields === size && mode !== undefined && MODE_RANK[control.mode] > MODE_RANK[mode])) {
        mode = control.mode;
        size = fields;
      }
    }
  }
  return { mode: mode ?? ownMode(policy, event), halt };
}

/** The policy's mode; for those who are not in its share, the other one. */
function ownMode({ mode, share }: CompiledPolicy, event: ScopedEvent): Mode {
  if (share === undefined) return mode;
  const { cohort, rest } = share;
  if (cohort !== undefined) {
    try {
      if (!cohort.evaluate({ event: event as GovernedEvent, signals: NO_SIGNALS })) return rest;
    } catch {
      // Whether somebody is in it cannot be said: of the two modes the one that stops more.
      return stricterMode(mode, rest);
    }
  }
  return share.percent === undefined || inShare(share.percent, event) ? mode : rest;
}

const NO_SIGNALS: readonly never[] = Object.freeze([]);

function beats(a: Control, b: Control): boolean {
  const more = scopeSize(a.scope) - scopeSize(b.scope);
  return more > 0 || (more === 0 && a.id < b.id);
}

/** The limits that an event is charged against. */
export function limitsFor(policy: CompiledPolicy, event: Pick<GovernedEvent, 'stage' | 'resource'>): readonly Limit[] {
  const { limits } = policy.stages[event.stage];
  return limits.every((limit) => limitFits(limit, event)) ? limits : limits.filter((limit) => limitFits(limit, event));
}

/**
 * The ladders whose cooldown would stop the event, sorted by id: all of the policy at `input` and `tool_call`, else
 * none.
 */
export function laddersFor(policy: CompiledPolicy, event: Pick<GovernedEvent, 'stage'>): readonly Ladder[] {
  return policy.stages[event.stage].ladders;
}

/** True when the stage blocks by default, or a limit or a voting rule names it and the event's scope. */
export function covered(
  policy: CompiledPolicy,
  event: Pick<GovernedEvent, 'stage' | 'subject' | 'resource'>,
  buckets: readonly RuleBucket[],
): boolean {
  const stage = policy.stages[event.stage];
  if (stage.default === 'block' || stage.limits.some((limit) => limitFits(limit, event))) return true;
  for (const bucket of buckets) {
    if (bucket.covers || bucket.rules.some((rule) => votes(rule) && fits(rule, event))) return true;
  }
  return false;
}
