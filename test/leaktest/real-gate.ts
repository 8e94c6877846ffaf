import type { Channel, GovernedEvent } from '../../packages/core/src/contract/event.ts';
import { Gate } from '../../packages/core/src/gate/gate.ts';
import type { PlanSet, TextPlan } from '../../packages/core/src/detection/plan.ts';
import type { Piece } from '../../packages/core/src/gate/types.ts';
import { compileWithContext } from '../../packages/core/src/detection/compile-with-context.ts';
import type { Arrival, Reaction } from '../reference/release.ts';
import { toPattern, type CasePattern, type GateCase } from './policy-case.ts';

/** What the real gate let out. */
export interface GateRun {
  /** By channel and block, after each arrival and after the end: everything that has left. */
  readonly moments: readonly ReadonlyMap<string, string>[];
  readonly stopped: boolean;
  /** Surrogate pairs that left in two pieces. */
  readonly cutPairs: number;
  /** What was found and how far was looked, as the decision reads it. */
  readonly facts: string;
}

export const placeOf = ({ channel, block }: { readonly channel: string; readonly block: string }): string =>
  `${channel}/${block}`;

/** A policy compiled once and run over many texts. */
export class RealGate {
  readonly #plan: TextPlan;
  readonly #maxHold: number;
  readonly #reactions: { readonly [type: string]: Reaction };

  private constructor(plan: TextPlan, reactions: { readonly [type: string]: Reaction }, maxHold: number) {
    this.#plan = plan;
    this.#reactions = reactions;
    this.#maxHold = maxHold;
  }

  /** Rejects with the scanner's refusal if a pattern cannot be governed. */
  static async compile({
    patterns,
    reactions,
    maxStates,
    maxHold = 1_000_000,
  }: Omit<GateCase, 'arrivals'>): Promise<RealGate> {
    const votes = ({ type }: CasePattern): boolean => reactions[type]!.kind !== 'none';
    const setOf = async (members: readonly CasePattern[]): Promise<PlanSet | undefined> => {
      if (members.length === 0) return undefined;
      const own = members.map(toPattern);
      const set = await compileWithContext(own, maxStates === undefined ? {} : { maxStates });
      return { set, patterns: members.map(({ type }) => ({ type, score: 1, detector: type, usedAs: type })) };
    };
    const plan = {
      voting: await setOf(patterns.filter(votes)),
      listening: await setOf(patterns.filter((pattern) => !votes(pattern))),
      code: [],
    };
    return new RealGate(plan, reactions, maxHold);
  }

  run(arrivals: readonly Arrival[]): GateRun {
    const gate = new Gate<never>({
      policy: { maxHold: { units: this.#maxHold, then: 'block' }, maxInput: 10_000_000, deadlineMs: 50 },
      event: EVENT,
      mode: 'enforce',
      plan: () => this.#plan,
      rules: () => ({
        stopsAtOnce: false,
        holdsAll: false,
        closesWithout: () => true,
        action: (type) => {
          const reaction = this.#reactions[type]!;
          return { action: reaction.kind, mask: reaction.kind === 'redact' ? reaction.mask : '' };
        },
      }),
      detectors: [],
      runCode: () => Promise.reject(new Error('there is no code detector')),
      stopped: () => undefined,
      advanced: () => undefined,
    });
    let cutPairs = 0;
    const left = new Map<string, string>();
    const moments: ReadonlyMap<string, string>[] = [];
    const collect = (pieces: readonly Piece<never>[]): void => {
      for (const piece of pieces) {
        if (piece.kind !== 'text') continue;
        const before = left.get(placeOf(piece)) ?? '';
        if (/[\uD800-\uDBFF]$/.test(before) && /^[\uDC00-\uDFFF]/.test(piece.text)) cutPairs++;
        left.set(placeOf(piece), before + piece.text);
      }
      moments.push(new Map(left));
    };
    for (const arrival of arrivals) {
      const out: Piece<never>[] = [];
      if ('ends' in arrival) gate.endBlock(arrival.channel as Channel, arrival.block, out);
      else gate.write(arrival.channel as Channel, arrival.block, arrival.text, out);
      collect(out);
    }
    const out: Piece<never>[] = [];
    gate.end(out);
    collect(out);
    return { moments, stopped: gate.isStopped, cutPairs, facts: JSON.stringify(gate.findings) };
  }
}

const EVENT: GovernedEvent = {
  id: 'evt_leaktest',
  interactionId: 'int_leaktest',
  stage: 'output',
  point: 'model',
  subject: { tenant: 'leaktest' },
  resource: {},
  attributes: {},
  labels: [],
  content: [],
};
