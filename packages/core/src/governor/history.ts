import type { GovernedEvent, Segment } from '../contract/event.ts';
import type { Ruling } from '../contract/ruling.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import { counts, signalsFor } from '../decision/evaluate-rules.ts';
import { votes } from '../policy/rule-index.ts';
import { mapMaybe, type MaybePromise } from '../outside/maybe-promise.ts';
import type { CompiledPolicy } from '../policy/compiled.ts';
import type { State } from '../state/state.ts';

/** How long a text that was stopped is known as such, from when the last one of its session was. */
const REMEMBER_MS = 24 * 60 * 60 * 1000;

export interface HistoryEnv {
  readonly state: State;
  readonly keyedHash: (text: string) => string;
}

/**
 * Clients send the whole conversation again with each turn, so a message that was stopped once would stop every later
 * one. Which of the earlier messages that stop this event were stopped before in its session (contract section 3,
 * "History"), as facts of the decision. `undefined`: nothing is asked, because no earlier message stops it. A clean
 * conversation costs nothing.
 */
export function recallStopped(
  { state, keyedHash }: HistoryEnv,
  policy: CompiledPolicy,
  event: GovernedEvent,
  ruling: Ruling,
): MaybePromise<Pick<Snapshot, 'withheld' | 'errors'>> | undefined {
  if (policy.history === 'block' || !isRemembered(event)) return undefined;
  const earlier = stoppedSegments(policy, event, ruling).filter(
    ({ history, fixed }) => history === true && fixed !== true,
  );
  if (earlier.length === 0) return undefined;
  const asked = state.stoppedTexts({
    event,
    add: NOTHING,
    rememberMs: REMEMBER_MS,
    shadow: ruling.mode === 'shadow',
  });
  return mapMaybe(asked, ({ hashes, errors }) => {
    const known = new Set(hashes);
    const withheld = earlier.filter(({ text }) => known.has(keyedHash(text)));
    return { withheld: withheld.map(({ path, text }) => ({ path, length: text.length })), errors };
  });
}

/**
 * Keeps which texts a decision stopped, by keyed hash, before it takes effect: the next turn may be another process's.
 */
export function rememberStopped(
  { state, keyedHash }: HistoryEnv,
  policy: CompiledPolicy | undefined,
  event: GovernedEvent,
  ruling: Ruling,
): MaybePromise<unknown> {
  if (policy === undefined || policy.history === 'block' || !isRemembered(event)) return undefined;
  const stopped = stoppedSegments(policy, event, ruling);
  if (stopped.length === 0) return undefined;
  const add = [...new Set(stopped.slice(0, MAX_PER_EVENT).map(({ text }) => keyedHash(text)))];
  return state.stoppedTexts({ event, add, rememberMs: REMEMBER_MS, shadow: ruling.mode === 'shadow' });
}

const NOTHING: readonly string[] = Object.freeze([]);

/** A session keeps 256 in all: one event must not fill it. */
const MAX_PER_EVENT = 32;

/** By tenant alone, what one caller wrote would be withheld from another. */
function isRemembered({ stage, subject }: GovernedEvent): boolean {
  return stage === 'input' && (subject.session !== undefined || subject.user !== undefined);
}

/** The texts in which a rule that stopped the event found something; none where it was stopped by anything else. */
function stoppedSegments(policy: CompiledPolicy, event: GovernedEvent, ruling: Ruling): readonly Segment[] {
  const { outcome, ruleId } = ruling.verdict;
  if ((outcome !== 'BLOCK' && outcome !== 'COOLDOWN') || ruling.signals.length === 0) return NO_SEGMENTS;
  const matched = new Set(ruling.rules.map(({ id }) => id));
  if (ruleId === undefined || !matched.has(ruleId)) return NO_SEGMENTS;
  const withheld = new Set(ruling.withheld);
  const paths = new Set<string>();
  for (const rule of policy.stages[event.stage].rules) {
    if (!matched.has(rule.id) || !votes(rule) || (rule.then !== 'block' && rule.then !== 'cooldown')) continue;
    for (const signal of signalsFor(rule, event, ruling.signals)) if (counts(rule, signal)) paths.add(signal.segment);
  }
  return event.content.filter(({ path, text }) => text !== '' && paths.has(path) && !withheld.has(path));
}

const NO_SEGMENTS: readonly Segment[] = Object.freeze([]);
