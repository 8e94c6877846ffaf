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

/** Blanks as long as the longest text stand for each: `decide` reads lengths and addresses, never text. */
function eventOf({ event, decision, inputs }: DecisionRecord): GovernedEvent {
  const { segments, facts, ...rest } = event;
  const text = ' '.repeat(inputs.longest);
  const content = segments.map((segment) => ({ ...segment, text }));
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
  for (const [path, value] of Object.entries(facts)) {
    const steps = path.split('.');
    // A path below a recorded one is part of its value already.
    const within = steps.some((_, depth) => Object.hasOwn(facts, steps.slice(0, depth).join('.')));
    if (!within) put(args, steps.slice(2), value);
  }
  return args;
}

function put(into: { [key: string]: Json }, [step, ...below]: readonly string[], value: Json): void {
  if (below.length === 0) {
    define(into, step!, value);
    return;
  }
  if (!Object.hasOwn(into, step!)) define(into, step!, {});
  put(into[step!] as { [key: string]: Json }, below, value);
}

/** `__proto__` is a name like any other in JSON. */
function define(into: object, key: string, value: Json): void {
  Object.defineProperty(into, key, { value, enumerable: true });
}
