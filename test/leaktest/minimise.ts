import { isEqual } from './compare.ts';
import type { GateCase } from './policy-case.ts';
import { runCase } from './run-cases.ts';

/** The smallest case found that still goes wrong, by leaving out one thing after the other. */
export async function minimise(failing: GateCase): Promise<GateCase> {
  let best = failing;
  for (let shrunk = true; shrunk;) {
    shrunk = false;
    for (const candidate of smaller(best)) {
      const difference = await runCase(candidate);
      if (difference === undefined || isEqual(difference)) continue;
      best = candidate;
      shrunk = true;
      break;
    }
  }
  return best;
}

function* smaller(from: GateCase): Generator<GateCase> {
  const { patterns, arrivals } = from;
  if (from.maxStates !== undefined) {
    const { maxStates: _, ...rest } = from;
    yield rest;
  }
  if (patterns.length > 1) for (const left of patterns.keys()) yield { ...from, patterns: patterns.toSpliced(left, 1) };
  for (const left of arrivals.keys()) yield { ...from, arrivals: arrivals.toSpliced(left, 1) };
  for (const [index, arrival] of arrivals.entries()) {
    if (!('text' in arrival)) continue;
    for (let at = 0; at < arrival.text.length; at++) {
      const text = arrival.text.slice(0, at) + arrival.text.slice(at + 1);
      if (text !== '') yield { ...from, arrivals: arrivals.with(index, { ...arrival, text }) };
    }
  }
  for (const [index, arrival] of arrivals.entries()) {
    const next = arrivals[index + 1];
    if (next === undefined || !('text' in arrival) || !('text' in next)) continue;
    if (arrival.channel !== next.channel || arrival.block !== next.block) continue;
    yield { ...from, arrivals: arrivals.toSpliced(index, 2, { ...arrival, text: arrival.text + next.text }) };
  }
  for (const [index, { phrase: _, ...pattern }] of patterns.entries()) {
    if (pattern.source === undefined) continue;
    const { fold: _fold, ...unfolded } = pattern;
    if (pattern.fold !== undefined) yield { ...from, patterns: patterns.with(index, unfolded) };
    const { hash: _hash, longest: _longest, ...unvalidated } = pattern;
    if (pattern.hash !== undefined) yield { ...from, patterns: patterns.with(index, unvalidated) };
    for (let at = 0; at < pattern.source.length; at++) {
      const source = pattern.source.slice(0, at) + pattern.source.slice(at + 1);
      if (isExpression(source, pattern.flags))
        yield { ...from, patterns: patterns.with(index, { ...pattern, source }) };
    }
  }
}

function isExpression(source: string, flags: string | undefined): boolean {
  if (source === '') return false;
  try {
    RegExp(source, flags);
    return true;
  } catch {
    return false;
  }
}
