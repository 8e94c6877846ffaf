import { argumentOf, type Limit } from '../../contract/limits.ts';
import type { GovernedEvent } from '../../contract/event.ts';
import { checkOptions } from '../../check-options.ts';
import { FlyballError } from '../../errors.ts';
import { amountsOf } from '../../state/requests.ts';
import type { Charged, ReportInit } from '../../state/state-api.ts';
import { closest } from '../../suggest.ts';
import type { ReportOptions, Reservation } from '../api.ts';
import { policyOf, type Engine } from '../engine.ts';
import { readState } from '../read-state.ts';
import { checkedEvent } from './event.ts';
import { interactionOf } from './event-state.ts';
import type { InteractionState } from './interaction-state.ts';

type Amounts = { readonly [unit: string]: number };

/**
 * Counts amounts known only afterwards, all of them or none. A copy of the event does as well: what was reserved for it
 * is then found by the interaction that reports.
 */
export async function reportAmounts(
  engine: Engine,
  given: GovernedEvent,
  amounts: Amounts,
  options: ReportOptions | undefined,
  by: InteractionState,
): Promise<void> {
  const event = checkedEvent(given);
  if (typeof amounts !== 'object' || amounts === null)
    throw new FlyballError('OPTIONS_INVALID', '`interaction.report` takes amounts by unit: `{ output_tokens: 212 }`');
  if (options !== undefined) checkOptions('interaction.report', options, { id: 'string' });
  const counting = countingFor(engine, event);
  if (counting === undefined) return;
  const { limits, shadow } = counting;
  const id = options?.id;
  const reports = Object.entries(amounts).map(([unit, amount]): ReportInit => ({
    ...{ limits, unit, amount, event, shadow },
    ...(id !== undefined && { id }),
  }));
  // All or none: a mistake in the second amount leaves the first uncounted.
  for (const report of reports) {
    checkUnit(report.unit, limits);
    amountsOf(report);
    engine.reportedUnits.add(report.unit);
  }
  for (const report of reports) {
    const isArgument = report.amount === 0 && argumentOf(report.unit) !== undefined;
    await (isArgument ? giveBack(engine, report, by) : engine.state.report(report));
  }
}

/** A call that came to nothing gives back what was reserved with it in this process. */
function giveBack({ state }: Engine, { event, limits, unit, shadow }: ReportInit, by: InteractionState): unknown {
  const reserved = (interactionOf.get(event) ?? by).reserved(event.id);
  if (reserved === undefined) return undefined;
  const keys = amountsOf({ event, limits, unit, shadow, amount: 1 }).map(({ key }) => key);
  return state.settle({ ...reserved, amounts: reserved.amounts.filter(({ key }) => keys.includes(key)) }, false);
}

/** Asks for an amount before it is spent. In shadow it is asked for, and granted whatever the answer. */
export async function reserveAmount(
  engine: Engine,
  given: GovernedEvent,
  unit: string,
  amount: number,
): Promise<Reservation> {
  const { state } = engine;
  const event = checkedEvent(given);
  const counting = countingFor(engine, event);
  const id = `reservation ${crypto.randomUUID()}`;
  const limits = counting?.limits ?? [];
  if (counting !== undefined) checkUnit(unit, limits);
  engine.reportedUnits.add(unit);
  const init = { limits, unit, amount, id, event, shadow: counting?.shadow ?? false };
  const charged = await state.reserve(init);
  const exceeded = charged.answers.find((answer) => answer.exceeded);
  const may = exceeded === undefined && (charged.errors.length === 0 || counting?.onError === 'no_op');
  if (charged.reserved !== undefined) await state.settle(charged.reserved, may);
  const granted = may || init.shadow;
  return Object.freeze({
    granted,
    ...(exceeded !== undefined && { limit: exceeded.limit }),
    retryAfterMs: granted ? 0 : longestWait(charged),
    errors: charged.errors,
    async settle(actual: number) {
      await state.report({ ...init, amount: actual, attempt: id });
    },
  });
}

function longestWait({ answers }: Charged): number {
  return Math.max(0, ...answers.map(({ retryAfterMs }) => retryAfterMs));
}

/** Nothing is counted without a policy, or in mode off. */
function countingFor(
  engine: Engine,
  event: GovernedEvent,
): { readonly limits: readonly Limit[]; readonly shadow: boolean; readonly onError: 'block' | 'no_op' } | undefined {
  const assembled = engine.policies.get(policyOf(engine, event));
  if (assembled === undefined) return undefined;
  const { mode } = readState(engine.state, assembled, event);
  if (mode === 'off') return undefined;
  const { stages, onError } = assembled.policy;
  const limits = [...new Set(Object.values(stages).flatMap((stage) => stage.limits))];
  return { limits, shadow: mode === 'shadow', onError };
}

const COUNTED_HERE: readonly string[] = ['interactions', 'events', 'in_flight', 'repeats'];

/**
 * Adapters report whatever their framework tells them, so that most units have no limit. But one that is nearly the
 * name of a limited one is a slip of the pen, and would never count.
 */
function checkUnit(unit: string, limits: readonly Limit[]): void {
  if (COUNTED_HERE.includes(unit))
    throw new FlyballError<string>('REPORT_INVALID', `\`${unit}\` are counted by the governor; report another unit`);
  const known = limits.map((limit) => limit.unit).filter((name) => !COUNTED_HERE.includes(name));
  if (known.includes(unit)) return;
  const meant = closest(unit, known, Math.min(2, Math.floor(unit.length / 3)));
  if (meant !== undefined)
    throw new FlyballError<string>('REPORT_INVALID', `no limit counts \`${unit}\`; did you mean \`${meant}\`?`);
}
