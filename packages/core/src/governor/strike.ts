import type { GovernedEvent } from '../contract/event.ts';
import type { Ruling } from '../contract/ruling.ts';
import type { StrikeAnswer } from '../contract/snapshot.ts';
import { counts } from '../decision/evaluate-rules.ts';
import { isPromise, type MaybePromise } from '../outside/maybe-promise.ts';
import type { CompiledPolicy, CompiledRule } from '../policy/compiled.ts';
import type { Offence, State } from '../state/state.ts';

const NO_ANSWERS: readonly StrikeAnswer[] = Object.freeze([]);

export interface StrikeEnv {
  readonly state: State;
  readonly keyedHash: (text: string) => string;
}

export interface StrikingRuling {
  readonly policy: CompiledPolicy | undefined;
  readonly event: GovernedEvent;
  readonly ruling: Ruling;
}

/** Counts the strikes of a ruling. Answers what is in force on each ladder now. */
export function strike(
  { state, keyedHash }: StrikeEnv,
  { policy, event, ruling }: StrikingRuling,
): MaybePromise<readonly StrikeAnswer[]> {
  if (policy === undefined || ruling.strikes.length === 0) return NO_ANSWERS;
  const rules = matchedRules(policy, event, ruling);
  const struck = state.strike({
    strikes: ruling.strikes,
    ladders: policy.ladders,
    event,
    shadow: ruling.mode === 'shadow',
    offences: offencesOf(rules, event, ruling, keyedHash),
  });
  return isPromise(struck) ? struck.then(({ answers }) => answers) : struck.answers;
}

function matchedRules(policy: CompiledPolicy, event: GovernedEvent, ruling: Ruling): readonly CompiledRule[] {
  const matched = new Set(ruling.rules.filter((rule) => rule.shadow !== true).map((rule) => rule.id));
  return policy.stages[event.stage].rules.filter((rule) => matched.has(rule.id));
}

/** Where in the text each striking rule was offended, so that history that is sent again is no new offence. */
function offencesOf(
  rules: readonly CompiledRule[],
  event: GovernedEvent,
  ruling: Ruling,
  keyedHash: (text: string) => string,
): readonly Offence[] {
  const offences: Offence[] = [];
  const hashes = new Map<string, string>();
  for (const rule of rules) {
    if (Object.keys(rule.strike).length === 0 && rule.then !== 'cooldown') continue;
    const offence = {
      rule: rule.id,
      strike: rule.strike,
      ...(rule.then === 'cooldown' && rule.ladder !== undefined && { ladder: rule.ladder }),
    };
    const paths = new Set(ruling.signals.filter((signal) => counts(rule, signal)).map((signal) => signal.segment));
    const places = event.content.filter(({ path, text }) => paths.has(path) && text !== '');
    if (places.length === 0) offences.push(offence);
    for (const { path, text, history } of places) {
      let segment = hashes.get(path);
      if (segment === undefined) hashes.set(path, (segment = keyedHash(text)));
      offences.push({ ...offence, segment, ...(history === true && { history }) });
    }
  }
  return offences;
}
