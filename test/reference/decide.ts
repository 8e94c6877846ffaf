/**
 * The decision, written for reading: contract section 3 as plain loops, in its order, without index, cache or early
 * exit. The engine must rule exactly like this. It knows the contract's types, `typeMatches`, and how to ask a
 * condition.
 */
import type { Control, Scope } from '../../packages/core/src/contract/control.ts';
import type { Findings } from '../../packages/core/src/contract/detector.ts';
import type { Mode, OnError } from '../../packages/core/src/contract/effect.ts';
import type { GovernedEvent, Segment } from '../../packages/core/src/contract/event.ts';
import type { Limit } from '../../packages/core/src/contract/limits.ts';
import type { Edit, Failure, Ruling, Strike, Verdict } from '../../packages/core/src/contract/ruling.ts';
import type { Signal } from '../../packages/core/src/contract/signal.ts';
import type { Snapshot } from '../../packages/core/src/contract/snapshot.ts';
import type { CompiledPolicy, CompiledRule, Exemption } from '../../packages/core/src/policy/compiled.ts';

const STRICTNESS = ['allow', 'redact', 'cooldown', 'block'];
const MODE_STRICTNESS = ['off', 'shadow', 'enforce'];
const SCOPE_FIELDS = ['tenant', 'user', 'session', 'agent', 'model', 'tool', 'route'] as const;

export function referenceDecide(
  policy: CompiledPolicy,
  event: GovernedEvent,
  findings: Findings,
  snapshot: Snapshot,
): Ruling {
  const stage = policy.stages[event.stage];
  const errors: Failure[] = [...findings.errors, ...snapshot.errors];
  for (const id of event.unreadable ?? []) errors.push({ part: 'content', id, code: 'UNREADABLE' });
  const mode = modeOf(policy, event, snapshot.controls);

  // A stage is covered for an event if it blocks by default, has a limit, or a voting rule names it and the event's
  // scope.
  let covered = stage.default === 'block';
  for (const { tool } of stage.limits)
    if (tool === undefined || tool.some((one) => one === event.resource.tool)) covered = true;
  for (const rule of stage.rules) if (votes(rule) && inScope(rule, event)) covered = true;

  const ruling = (verdict: Verdict, rest: Partial<Ruling> = {}): Ruling => {
    const shadowed = mode === 'shadow' && verdict.reason !== 'HALTED';
    const enforced: Verdict = shadowed ? { outcome: 'NO_OP', reason: 'SHADOWED' } : verdict;
    const { retryAfterMs, ...others } = rest;
    return {
      ...enforced,
      verdict,
      mode,
      rules: [],
      labels: [],
      strikes: [],
      ...others,
      edits: enforced.outcome === 'NO_OP' ? [] : (rest.edits ?? []),
      ...(enforced.outcome === 'COOLDOWN' ? { retryAfterMs: retryAfterMs ?? 0 } : {}),
      signals: findings.signals,
      errors: sortedFailures(errors),
      coverage: { covered, ...findings.coverage, ...(event.media === undefined ? {} : { media: event.media.length }) },
      onError: rest.onError ?? policy.onError,
      policyId: policy.id,
      policyVersion: policy.version,
      behaviorVersion: policy.behaviorVersion,
    };
  };

  // 1. Halt in scope.
  for (const control of snapshot.controls) {
    if (control.kind === 'halt' && covers(control.scope, event)) return ruling({ outcome: 'BLOCK', reason: 'HALTED' });
  }

  // 2. Mode off.
  if (mode === 'off') return ruling({ outcome: 'NO_OP', reason: 'GOVERNANCE_OFF' });

  // 3. Active cooldown: stops what a subject starts, never what is running.
  if (event.stage === 'input' || event.stage === 'tool_call') {
    const active = snapshot.cooldowns
      .filter(({ ladder, retryAfterMs }) => ladder in policy.ladders && retryAfterMs > 0)
      .sort((a, b) => b.retryAfterMs - a.retryAfterMs || order(a.ladder, b.ladder));
    if (active[0] !== undefined) {
      const { ladder: ruleId, retryAfterMs } = active[0];
      return ruling({ outcome: 'COOLDOWN', reason: 'COOLDOWN_ACTIVE', ruleId }, { retryAfterMs });
    }
  }

  // 4. Limits. The strictest effect, then the longest wait.
  const used: { limit: Limit; retryAfterMs: number }[] = [];
  for (const answer of snapshot.limits) {
    for (const limit of stage.limits) {
      if (answer.exceeded && answer.limit === limit.id) used.push({ limit, retryAfterMs: answer.retryAfterMs });
    }
  }
  used.sort(
    (a, b) =>
      Number(b.limit.then === 'block') - Number(a.limit.then === 'block') ||
      b.retryAfterMs - a.retryAfterMs ||
      order(a.limit.id, b.limit.id),
  );
  if (used[0] !== undefined) {
    const { limit, retryAfterMs } = used[0];
    if (limit.then === 'block') return ruling({ outcome: 'BLOCK', reason: 'LIMIT_EXCEEDED', ruleId: limit.id });
    return ruling({ outcome: 'COOLDOWN', reason: 'LIMIT_EXCEEDED', ruleId: limit.id }, { retryAfterMs });
  }
  if (covered && event.content.some((segment) => segment.text.length > policy.maxInput)) {
    return ruling({ outcome: 'BLOCK', reason: 'INPUT_TOO_LARGE' });
  }

  if (covered && policy.media === 'block' && (event.media ?? []).length > 0) {
    return ruling({ outcome: 'BLOCK', reason: 'MEDIA_NOT_READ' });
  }

  // Earlier messages that were stopped before are no reason to stop again: they are masked whole.
  const stopped = snapshot.withheld ?? [];
  const withheld = stopped.map(({ path }) => path);
  const present = findings.signals.filter(({ segment }) => !withheld.includes(segment));

  // Exempt signals are there, and no rule counts them.
  const exemptions =
    event.subjectMissing === true ? [] : stage.exempt.filter((each) => isInForce(each, event, snapshot.at));
  const exemptionOf = (type: string): string | undefined =>
    exemptions.find(({ types }) => types.some((wanted) => isBelow(type, wanted)))?.id;
  const found = present.filter(({ type }) => exemptionOf(type) === undefined);
  const exempted = exemptions.flatMap(({ id }) => {
    const types = findings.signals.map(({ type }) => type).filter((type) => exemptionOf(type) === id);
    return types.length === 0 ? [] : [{ id, types: [...new Set(types)].sort() }];
  });

  // 5. Rules: each holds, does not hold, or cannot be said to, because a part it needs has failed.
  const unknown = (wanted: string): boolean => {
    for (const { part, id } of findings.errors) {
      if (part !== 'detector') continue;
      const types = policy.detectorTypes.get(id);
      if (types === undefined) return true;
      if (types.some((type) => isBelow(type, wanted) && exemptionOf(type) === undefined)) return true;
    }
    return false;
  };
  const matched: { rule: CompiledRule; signals: readonly Signal[] }[] = [];
  const failed: CompiledRule[] = [];
  for (const rule of stage.rules) {
    if (!inScope(rule, event)) continue;
    const signals = found.filter((signal) => inSegments(rule, event, signal));
    let holds: boolean | 'unknown' = true;
    if (rule.detect.length > 0) {
      if (signals.some((signal) => asksFor(rule, signal))) holds = true;
      else holds = rule.detect.some((term) => unknown(term.type)) ? 'unknown' : false;
    }
    if (holds !== false && rule.when !== undefined) {
      try {
        if (!rule.when.evaluate({ event, signals, unknown })) holds = false;
      } catch (error) {
        holds = 'unknown';
        errors.push({ part: 'condition', id: rule.id, code: (error as { code?: Failure['code'] }).code ?? 'THREW' });
      }
    }
    if (holds === true) matched.push({ rule, signals });
    if (holds === 'unknown' && votes(rule)) failed.push(rule);
  }

  // What is united: edits, labels, and per ladder the largest strike.
  const all = editsOf(policy, event, matched, stopped);
  const isFixed = ({ segment }: Edit): boolean =>
    event.content.some(({ path, fixed }) => path === segment && fixed === true);
  const edits = all.filter((edit) => !isFixed(edit));
  const notApplied = all.filter(isFixed);
  const labels = new Set<string>();
  const strikes = new Map<string, { points: number; rules: Set<string> }>();
  let firstRung = 0;
  for (const { rule } of matched) {
    if (rule.shadow) continue;
    for (const label of rule.label) labels.add(label);
    const points: [string, number][] = Object.entries(rule.strike);
    if (rule.then === 'cooldown') {
      const ladder = policy.ladders[rule.ladder!]!;
      points.push([ladder.id, ladder.after.strikes]);
      firstRung = Math.max(firstRung, ladder.forMs);
    }
    for (const [ladder, many] of points) {
      const strike = strikes.get(ladder) ?? { points: 0, rules: new Set() };
      strikes.set(ladder, strike);
      strike.points = Math.max(strike.points, many);
      strike.rules.add(rule.id);
    }
  }
  const united: Partial<Ruling> = {
    rules: matched.map(({ rule }) => (rule.shadow ? { id: rule.id, shadow: true } : { id: rule.id })),
    edits,
    ...(notApplied.length > 0 ? { notApplied } : {}),
    ...(withheld.length > 0 ? { withheld } : {}),
    ...(exempted.length > 0 ? { exempted } : {}),
    labels: [...labels].sort(),
    strikes: [...strikes]
      .map(([ladder, { points, rules }]): Strike => ({ ladder, points, rules: [...rules].sort() }))
      .sort((a, b) => order(a.ladder, b.ladder)),
  };

  // The strictest of the matching rules that vote.
  const voters = matched.map(({ rule }) => rule).filter(votes);
  voters.sort((a, b) => STRICTNESS.indexOf(b.then!) - STRICTNESS.indexOf(a.then!) || order(a.id, b.id));
  const winner = voters[0];

  // Failures that count: of voting rules that needed the part, of state and subject, and of what could not be read
  // where it matters.
  const settings: { onError: OnError; ruleId?: string }[] = failed.map(({ onError, id }) => ({ onError, ruleId: id }));
  const unread = covered && (event.unreadable ?? []).length > 0;
  if (unread || snapshot.errors.some((error) => concernsAll(policy, event, error))) {
    settings.unshift({ onError: policy.onError });
  }
  const closing = settings.find(({ onError }) => onError === 'block');
  const concern = closing ?? settings[0];
  const failure = concern === undefined ? {} : { onError: concern.onError };
  const blame = concern?.ruleId === undefined ? {} : { ruleId: concern.ruleId };

  if (winner?.then === 'block') {
    return ruling({ outcome: 'BLOCK', reason: winner.reason!, ruleId: winner.id }, { ...united, ...failure });
  }
  if (winner?.then === 'cooldown') {
    const verdict: Verdict = { outcome: 'COOLDOWN', reason: winner.reason!, ruleId: winner.id };
    return ruling(verdict, { ...united, ...failure, retryAfterMs: firstRung });
  }
  if (closing !== undefined) {
    return ruling({ outcome: 'BLOCK', reason: 'FAILED_CLOSED', ...blame }, { ...united, ...failure });
  }

  // 6. Default of the stage. Only an allow rule permits where the default is to block.
  if (stage.default === 'block' && !voters.some((rule) => rule.then === 'allow')) {
    return ruling({ outcome: 'BLOCK', reason: 'DEFAULT_BLOCK' }, { ...united, ...failure });
  }
  let verdict: Verdict;
  if (concern !== undefined) {
    verdict = { outcome: edits.length > 0 ? 'ALLOW' : 'NO_OP', reason: 'FAILED_OPEN', ...blame };
  } else if (winner !== undefined) {
    verdict = { outcome: 'ALLOW', reason: winner.reason ?? 'NO_RULE_OBJECTED', ruleId: winner.id };
  } else if (covered || edits.length > 0) verdict = { outcome: 'ALLOW', reason: 'NO_RULE_OBJECTED' };
  else verdict = { outcome: 'NO_OP', reason: 'NOT_GOVERNED' };

  // An edit that the content could not take leaves nothing to let through.
  if (edits.length > 0 && findings.errors.some((error) => error.part === 'edit')) {
    verdict = { outcome: 'BLOCK', reason: 'EDIT_NOT_APPLICABLE' };
  }
  return ruling(verdict, { ...united, ...failure });
}

/** The entry that names most of the event's scope wins; ties go to the strictest. */
function modeOf(policy: CompiledPolicy, event: GovernedEvent, controls: readonly Control[]): Mode {
  const entries = controls.filter(
    ({ kind, mode, scope }) => kind === 'mode' && mode !== undefined && covers(scope, event),
  );
  const size = (scope: Scope): number => SCOPE_FIELDS.filter((field) => scope[field] !== undefined).length;
  entries.sort(
    (a, b) => size(b.scope) - size(a.scope) || MODE_STRICTNESS.indexOf(b.mode!) - MODE_STRICTNESS.indexOf(a.mode!),
  );
  return entries[0]?.mode ?? policy.mode;
}

function covers(scope: Scope, { subject, resource }: GovernedEvent): boolean {
  const values = { ...subject, ...resource };
  return SCOPE_FIELDS.every((field) => scope[field] === undefined || scope[field] === values[field]);
}

function isInForce({ untilMs, who, where }: Exemption, event: GovernedEvent, at: number | undefined): boolean {
  if (untilMs !== undefined && (at === undefined || at >= untilMs)) return false;
  for (const field of ['tenant', 'user', 'session', 'agent'] as const)
    if (who[field] !== undefined && !who[field].some((one) => one === event.subject[field])) return false;
  for (const field of ['tool', 'model', 'route'] as const)
    if (where[field] !== undefined && !where[field].some((one) => one === event.resource[field])) return false;
  return true;
}

function votes(rule: CompiledRule): boolean {
  return rule.then !== undefined && !rule.shadow;
}

function inScope({ select }: CompiledRule, { subject, resource }: GovernedEvent): boolean {
  const fits = (wanted: readonly string[] | undefined, value: string | undefined): boolean =>
    wanted === undefined || wanted.some((each) => each === value);
  return (
    fits(select.tool, resource.tool) &&
    fits(select.model, resource.model) &&
    fits(select.route, resource.route) &&
    fits(select.tenant, subject.tenant)
  );
}

/** Signals in other segments than the rule's `role` and `channel` name do not count for it. */
function inSegments({ select }: CompiledRule, event: GovernedEvent, signal: Signal): boolean {
  const natural = {
    input: 'user',
    retrieval: 'tool',
    output: 'assistant',
    tool_call: 'assistant',
    tool_result: 'tool',
  };
  const segment: Partial<Segment> = event.content.find(({ path }) => path === signal.segment) ?? {};
  const role = segment.role ?? natural[event.stage];
  const channel = segment.channel ?? 'text';
  return (
    (select.role === undefined || select.role.some((each) => each === role)) &&
    (select.channel === undefined || select.channel.includes(channel))
  );
}

function asksFor(rule: CompiledRule, signal: Signal): boolean {
  return rule.detect.some((term) => isBelow(signal.type, term.type) && signal.score >= term.min);
}

function isBelow(type: string, wanted: string): boolean {
  return type === wanted || type.startsWith(`${wanted}.`);
}

/**
 * Which failures of state count: a ladder's where its cooldown would stop, a limit's where it is charged, and all
 * others always.
 */
function concernsAll(policy: CompiledPolicy, event: GovernedEvent, { part, id }: Failure): boolean {
  if (part === 'subject' || part === 'labels') return true;
  if (part !== 'store' && part !== 'limit') return false;
  if (['controls', 'labels'].includes(id)) return true;
  if (id in policy.ladders) return event.stage === 'input' || event.stage === 'tool_call';
  const stages = Object.entries(policy.stages).filter(([, { limits }]) => limits.some((limit) => limit.id === id));
  return stages.length === 0 || stages.some(([name]) => name === event.stage);
}

/**
 * Paints every unit that a matched redact rule covers, then reads the runs off: the union, with touching spans joined.
 */
function editsOf(
  policy: CompiledPolicy,
  event: GovernedEvent,
  matched: readonly { rule: CompiledRule; signals: readonly Signal[] }[],
  withheld: NonNullable<Snapshot['withheld']>,
): Edit[] {
  const spans: (Pick<Signal, 'segment' | 'start' | 'end' | 'type'> & { mask: string; rule: string })[] = [];
  for (const { path, length } of withheld) {
    spans.push({ segment: path, start: 0, end: length, type: '', mask: '[withheld]', rule: '' });
  }
  for (const { rule, signals } of matched) {
    if (rule.then !== 'redact' || rule.shadow) continue;
    for (const signal of signals) {
      if (!asksFor(rule, signal) || signal.start >= signal.end) continue;
      spans.push({ ...signal, mask: maskOf(policy, rule, signal.type), rule: rule.id });
    }
  }
  const edits: Edit[] = [];
  const listed = event.content.map((segment) => segment.path);
  const others = [...new Set(spans.map((span) => span.segment))].filter((path) => !listed.includes(path)).sort();
  for (const segment of [...listed, ...others]) {
    const here = spans.filter((span) => span.segment === segment);
    const painted = new Set<number>();
    for (const { start, end } of here) for (let unit = start; unit < end; unit++) painted.add(unit);
    const units = [...painted].sort((a, b) => a - b);
    for (let i = 0; i < units.length;) {
      const start = units[i]!;
      let end = start;
      for (; units[i] === end; i++) end++;
      const inside = here.filter((span) => span.start >= start && span.end <= end);
      inside.sort((a, b) => a.end - b.end || a.start - b.start || order(a.type, b.type) || order(a.rule, b.rule));
      edits.push({ segment, start, end, mask: inside[0]!.mask });
    }
  }
  return edits;
}

function maskOf(policy: CompiledPolicy, rule: CompiledRule, type: string): string {
  if (rule.mask !== undefined) return rule.mask;
  const closest = Object.keys(policy.masks)
    .filter((wanted) => isBelow(type, wanted))
    .sort((a, b) => b.length - a.length)[0];
  if (closest !== undefined) return policy.masks[closest]!;
  if (isBelow(type, 'secret')) return '[SECRET]';
  return `[${type.split('.').at(-1)!.split(/[_-]+/).join(' ').toUpperCase()}]`;
}

function sortedFailures(errors: readonly Failure[]): Failure[] {
  const once = new Map(errors.map((error) => [`${error.part}\n${error.id}\n${error.code}`, error]));
  return [...once].sort(([a], [b]) => order(a, b)).map(([, { part, id, code }]) => ({ part, id, code }));
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
