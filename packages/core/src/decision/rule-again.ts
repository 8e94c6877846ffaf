import type { Findings } from '../contract/detector.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { Json } from '../contract/json.ts';
import type { DecisionRecord, RecordedEvent } from '../contract/record.ts';
import type { Decision, Ruling } from '../contract/ruling.ts';
import type { CompiledPolicy } from '../policy/compiled.ts';
import { decide } from './decide.ts';
import { refusalRuling } from './refusal.ts';
import { settle } from './settle.ts';
import { strengthened, withoutRecord } from './stops.ts';
import { unknownPolicyRuling } from './unknown-policy.ts';

/**
 * Makes the ruling of a record again (A4), out of the record and the compiled policy alone: no text, no store, no
 * clock. `policy` is the one of the record's behaviour version, or another to see what it would have said; absent for
 * an event whose policy nobody had loaded. Pure.
 */
export function ruleAgain(policy: CompiledPolicy | undefined, record: DecisionRecord): Ruling {
  const { decision, snapshot, answers, inputs } = record;
  if (policy === undefined) return unknownPolicyRuling(decision.policyId, decision.coverage.segments);
  // The other policy may depend on the time where the recorded one did not.
  const at = snapshot.at ?? decision.at;
  const ruling = decide(policy, eventOf(record), findingsOf(record), { ...snapshot, at });
  return settle(asMade(ruling, inputs), answers);
}

/** The ruling in a decision, without the envelope that no other run would share. */
export function rulingIn(decision: Decision): Ruling {
  const { auditId: _, interactionId: __, eventId: ___, at: ____, durationUs: _____, ...ruling } = decision;
  return ruling;
}

function asMade(ruling: Ruling, { by, refused, strengthened: cut }: DecisionRecord['inputs']): Ruling {
  if (by === 'refusal' && refused !== undefined) return refusalRuling(ruling, refused);
  if (by === 'sink_refusal') return withoutRecord(ruling);
  return cut === true ? strengthened(ruling) : ruling;
}

/** One text of the right length stands for all: `decide` reads lengths and addresses, never text. */
function eventOf({ event, decision, inputs }: DecisionRecord): GovernedEvent {
  const { segments, facts, ...rest } = event;
  const content = segments.map((segment, index) => ({
    ...segment,
    text: index === 0 ? ' '.repeat(inputs.longest) : '',
  }));
  const args = event.stage === 'tool_call' ? { args: argumentsOf(facts) } : {};
  return { ...rest, ...args, interactionId: decision.interactionId, content };
}

function findingsOf({ decision, inputs }: DecisionRecord): Findings {
  const { covered: _, ...coverage } = decision.coverage;
  const { failed, exceeded, lookedFor, conditions } = inputs;
  return {
    signals: decision.signals,
    errors: failed,
    coverage,
    lookedFor,
    conditions,
    ...(exceeded !== undefined && { exceeded }),
  };
}

/** `{ 'tool.args.a.b': 1 }` → `{ a: { b: 1 } }`. */
function argumentsOf(facts: RecordedEvent['facts']): Json {
  const args: { [key: string]: Json } = {};
  // Shorter paths first: a path below a recorded one is part of its value already.
  for (const path of Object.keys(facts).sort()) put(args, path.split('.').slice(2), facts[path]!);
  return args;
}

function put(into: { [key: string]: Json }, [step, ...rest]: readonly string[], value: Json): void {
  if (step === undefined) return;
  const has = Object.hasOwn(into, step);
  if (rest.length === 0) {
    if (!has) define(into, step, value);
    return;
  }
  const next = has ? into[step] : {};
  if (typeof next !== 'object' || next === null || Array.isArray(next) || Object.isFrozen(next)) return;
  if (!has) define(into, step, next);
  put(next as { [key: string]: Json }, rest, value);
}

/** `__proto__` is a name like any other in JSON. */
function define(into: object, key: string, value: Json): void {
  Object.defineProperty(into, key, { value, enumerable: true, writable: true, configurable: true });
}
