import type { GovernedEvent } from '../contract/event.ts';
import type { Signal } from '../contract/signal.ts';
import { typeMatches } from '../contract/signal.ts';
import type { CompiledPolicy, CompiledRule } from '../policy/compiled.ts';
import type { ExemptTypes } from '../policy/exemptions.ts';
import { maskFor } from '../policy/mask.ts';

/** What a match does to a stream: nothing, a mask, the end, or held until the whole text is known. */
export type Action = 'none' | 'redact' | 'hold' | 'stop';

export interface MatchAction {
  readonly action: Action;
  /** The mask, with `redact`. */
  readonly mask: string;
}

/** The rules of a policy, resolved as far as the event alone allows. */
export interface OpenRules {
  /** A rule stops the output whatever its text. */
  readonly stopsAtOnce: boolean;
  /** Nothing may leave before the whole text is known. */
  readonly holdsAll: boolean;
  action(type: string, score: number): MatchAction;
  /** True when a rule that needs one of these types closes on errors: a detector that failed stops the stream. */
  closesWithout(types: readonly string[]): boolean;
}

const NOTHING: MatchAction = { action: 'none', mask: '' };
const HOLD: MatchAction = { action: 'hold', mask: '' };
const STOP: MatchAction = { action: 'stop', mask: '' };

const stops = (rule: CompiledRule): boolean => rule.then === 'block' || rule.then === 'cooldown';

/**
 * Resolves the rules that fit an event before any text is known.
 * A condition that reads signals can only be answered at the end, so its rule's matches are held until then.
 * A condition that cannot be evaluated stops at the rule's matches if the rule closes on errors.
 */
export function openRules(
  policy: CompiledPolicy,
  event: GovernedEvent,
  rules: readonly CompiledRule[],
  exempt?: ExemptTypes,
): OpenRules {
  const reading: { readonly rule: CompiledRule; readonly state: WhenState }[] = [];
  let stopsAtOnce = false;
  let allowed = policy.stages[event.stage].default === 'allow';
  let mayAllow = false;
  let holdsAll = false;
  const needed: CompiledRule[] = [];
  for (const rule of rules) {
    if (rule.then === undefined || rule.shadow) continue;
    const state = whenState(rule, event);
    if (state === 'false' || (state === 'failed' && (rule.onError === 'no_op' || rule.then === 'allow'))) continue;
    needed.push(rule);
    if (rule.then === 'allow') {
      if (rule.detect.length === 0 && state === 'true') allowed = true;
      else mayAllow = true;
    } else if (rule.detect.length > 0) reading.push({ rule, state });
    else if (state === 'open') holdsAll = true;
    else if (stops(rule) || state === 'failed') stopsAtOnce = true;
  }
  if (!allowed) {
    if (mayAllow) holdsAll = true;
    else stopsAtOnce = true;
  }
  let actions: Map<string, MatchAction> | undefined;
  const resolve = (type: string, score: number): MatchAction => {
    if (exempt?.of(type) !== undefined) return NOTHING;
    let found = NOTHING;
    for (const { rule, state } of reading) {
      if (!rule.detect.some((term) => typeMatches(type, term.type) && score >= term.min)) continue;
      // Of a value that streams the beginning may have left: what would mask the whole of it stops.
      if (state === 'failed' || (state === 'true' && (stops(rule) || rule.extent === 'value'))) return STOP;
      if (state === 'open') found = HOLD;
      else if (found.action === 'none') found = { action: 'redact', mask: maskFor(policy, rule, type) };
    }
    return found;
  };
  return {
    stopsAtOnce,
    holdsAll,
    closesWithout(types) {
      const counted = exempt === undefined ? types : types.filter((type) => exempt.of(type) === undefined);
      return needed.some((rule) => rule.onError === 'block' && readsAny(rule, counted));
    },
    action(type, score) {
      const key = `${type}\n${score}`;
      actions ??= new Map<string, MatchAction>();
      let action = actions.get(key);
      if (action === undefined) actions.set(key, (action = resolve(type, score)));
      return action;
    },
  };
}

function readsAny(rule: CompiledRule, types: readonly string[]): boolean {
  return types.some(
    (type) =>
      rule.detect.some((term) => typeMatches(type, term.type)) ||
      rule.when?.signalTypes.some((read) => typeMatches(type, read)) === true,
  );
}

/** `open`: the condition reads signals, so only the whole text answers it. */
type WhenState = 'true' | 'false' | 'open' | 'failed';

const NO_SIGNALS: readonly Signal[] = [];

function whenState(rule: CompiledRule, event: GovernedEvent): WhenState {
  if (rule.when === undefined) return 'true';
  if (rule.when.readsSignals) return 'open';
  try {
    return rule.when.evaluate({ event, signals: NO_SIGNALS }) ? 'true' : 'false';
  } catch {
    return 'failed';
  }
}
