import {
  compileMaterial,
  ruleAgain,
  type CompiledPolicy,
  type DecisionRecord,
  type Json,
  type PolicyMaterial,
  type Ruling,
} from '@flyball/core/evidence';

/** What might have been otherwise, and what the decision would have been then. */
export interface Difference {
  /** "without the rule `refund-cap`", "with `tool.args.amount` at 500". */
  readonly change: string;
  /** Absent: the rules would have been asked, and of what they would have found there is no record. */
  readonly then?: { readonly outcome: Ruling['outcome']; readonly reason: Ruling['reason']; readonly ruleId?: string };
}

interface Document {
  readonly rules?: readonly { readonly id: string; readonly when?: string }[];
}

/**
 * What would have to differ for another decision: each change by itself, made again with the policy of the record. Only
 * changes that change the outcome or the reason are told. Reads no text: that a finding had been absent is one of them,
 * that the text had been another is not.
 *
 *     const [first] = await whatWouldDiffer(record, policyRecord.material);
 */
export async function whatWouldDiffer(
  record: DecisionRecord,
  material: PolicyMaterial,
): Promise<readonly Difference[]> {
  const { decision, inputs } = record;
  if (inputs.by !== 'decide' && inputs.by !== 'gate') return [];
  const before = beforeTheRules(record);
  if (before.length > 0) return before.map((change) => ({ change }));
  const policy = await compileMaterial(material);
  const found: Difference[] = [];
  const tell = (change: string, { outcome, reason, ruleId }: Ruling): void => {
    if (outcome === decision.outcome && reason === decision.reason) return;
    found.push({ change, then: { outcome, reason, ...(ruleId !== undefined && { ruleId }) } });
  };

  for (const control of record.snapshot.controls) {
    const controls = record.snapshot.controls.filter((one) => one !== control);
    const again = ruleAgain(policy, { ...record, snapshot: { ...record.snapshot, controls } });
    tell(`without the mode \`${control.mode}\` by ${control.who}`, again);
  }
  const decides = decision.verdict.ruleId;
  const document = material.document as Document;
  const rule = document.rules?.find(({ id }) => id === decides);
  if (rule === undefined) return found;
  for (const [change, record_] of otherFacts(record, rule.when ?? '', policy)) {
    // One is enough of each fact: the nearest comes first.
    if (found.some((one) => one.change.split(' at ')[0] === change.split(' at ')[0])) continue;
    tell(change, ruleAgain(policy, record_));
  }
  for (const type of new Set(decision.signals.map((signal) => signal.type))) {
    const signals = decision.signals.filter((signal) => signal.type !== type);
    tell(`without \`${type}\` in the text`, ruleAgain(policy, { ...record, decision: { ...decision, signals } }));
  }
  const less = await without(material, rule.id);
  if (less !== undefined) tell(`without the rule \`${rule.id}\``, ruleAgain(less, record));
  return found;
}

/**
 * What stood before the rules were asked: without it they would have been, and nothing is known of what they would have
 * said.
 */
function beforeTheRules({ decision, snapshot }: DecisionRecord): readonly string[] {
  const { reason, ruleId } = decision.verdict;
  if (reason === 'HALTED' || reason === 'GOVERNANCE_OFF')
    return snapshot.controls.map(({ kind, mode, who }) =>
      kind === 'halt' ? `without the halt by ${who}` : `without the mode \`${mode}\` by ${who}`,
    );
  if (reason === 'COOLDOWN_ACTIVE' || reason === 'LIMIT_EXCEEDED') {
    const waits = [...snapshot.cooldowns, ...snapshot.limits].map(({ retryAfterMs }) => retryAfterMs);
    return [`${Math.ceil(Math.max(...waits) / 1000)} s later, when \`${ruleId}\` admits again`];
  }
  return [];
}

/** The record with a number of a condition moved to where the condition may turn, the nearest values first. */
function* otherFacts(
  record: DecisionRecord,
  when: string,
  { facts: declared }: CompiledPolicy,
): Generator<readonly [change: string, record: DecisionRecord]> {
  const literals = when.match(/(?<![\w.])\d+(?:\.\d+)?/g) ?? [];
  const paths = when.match(/\b(?:tool\.args|attributes)(?:\.[A-Za-z_$][\w$]*)+/g) ?? [];
  for (const path of new Set(paths)) {
    const isArgument = path.startsWith('tool.');
    if (isArgument && !declared.includes(path)) continue;
    const name = path.slice('attributes.'.length);
    const now = isArgument ? record.event.facts[path] : record.event.attributes[name];
    if (typeof now !== 'number') continue;
    const values = new Set(literals.flatMap(around));
    for (const value of [...values].sort((a, b) => Math.abs(a - now) - Math.abs(b - now))) {
      if (value === now) continue;
      const event = isArgument
        ? { ...record.event, facts: { ...record.event.facts, [path]: value as Json } }
        : { ...record.event, attributes: { ...record.event.attributes, [name]: value } };
      // What conditions answered then, they answered for the fact as it was.
      yield [`with \`${path}\` at ${value}`, { ...record, event, inputs: { ...record.inputs, conditions: {} } }];
    }
  }
}

/** A number as it is written, and those next to it with as many decimals: `0.5` → 0.5, 0.4, 0.6. */
function around(literal: string): readonly number[] {
  const scale = 10 ** (literal.split('.')[1]?.length ?? 0);
  const scaled = Math.round(Number(literal) * scale);
  return [scaled, scaled - 1, scaled + 1].map((n) => n / scale);
}

/** The same policy less one rule. */
async function without(material: PolicyMaterial, rule: string): Promise<CompiledPolicy | undefined> {
  const document = material.document as Document;
  const rules = document.rules?.filter(({ id }) => id !== rule) ?? [];
  try {
    return await compileMaterial({ ...material, document: { ...document, rules } });
  } catch {
    // Something else names it, and makes no sense without.
    return undefined;
  }
}
