import type { Sink } from './audit/sink.ts';
import { createMemorySink } from './audit/memory-sink.ts';
import type { AssembledPolicy } from './assemble.ts';
import { systemClock, type Clock } from './clock.ts';
import { scopeCovers, type Control } from './contract/control.ts';
import type { Detector, Findings } from './contract/detector.ts';
import type { GovernedEvent, Stage } from './contract/event.ts';
import type { Decision } from './contract/ruling.ts';
import type { Snapshot } from './contract/snapshot.ts';
import { FlyballError } from './errors.ts';
import type { Governor, InteractionJson } from './governor/api.ts';
import { accept, conclude, type ConcludeParts } from './governor/conclude.ts';
import { checkedEvent, subjectOf } from './governor/event.ts';
import { explain } from './governor/explain.ts';
import { charge, standing, type Standing } from './governor/gather.ts';
import { createInteraction, interactionOf, type InteractionHost, type InteractionState } from './governor/interaction.ts';
import { GovernedGate } from './governor/open-gate.ts';
import { openPolicies, type PolicyChange } from './governor/policies.ts';
import type { PolicySource } from './governor/policy-source.ts';
import { recordedEvent } from './governor/record.ts';
import { scanEvent } from './governor/scan.ts';
import { statusOf } from './governor/status.ts';
import { refusedRuling, unknownPolicy } from './governor/unknown-policy.ts';
import { mintId } from './ids.ts';
import { limitsFor } from './policy/applies.ts';
import { decide } from './policy/decide.ts';
import { isPromise } from './state/deadline.ts';
import { createState } from './state/state.ts';
import type { MaybePromise, Store } from './state/store.ts';

export type { Governor, Interaction, EventInit, SegmentInit } from './governor/api.ts';

export interface GovernorOptions {
  /** One policy or several, each under its own name. Events are decided by the first unless their interaction names another. */
  readonly policy: PolicySource | readonly PolicySource[];
  /** The application's own detectors: policies name their types. */
  readonly detectors?: readonly Detector[];
  /** Where cooldowns, limits, modes and halts live. Default: the memory of this process. */
  readonly store?: Store;
  /** Where records go. Default: the newest 1,000 in memory. */
  readonly audit?: Sink;
  /** Called with every decision after it was recorded. */
  readonly onDecision?: (decision: Decision, event: GovernedEvent) => void;
  /** Called when a policy was loaded, or a new version of it was refused. */
  readonly onPolicy?: (change: PolicyChange) => void;
  /** Key of the hashes that stand for text in state and records. Give all processes that share a store the same. Default: random. */
  readonly hashKey?: string;
  /** How long a store may be silent before what is known of it counts as failed, in milliseconds. Default 5,000. */
  readonly staleAfterMs?: number;
  readonly clock?: Clock;
}

/**
 * Makes a governor. Rejects with a `PolicyError` that lists every problem of a policy, or with a `FlyballError`.
 * Everything is compiled here; decisions compile nothing.
 */
export async function createGovernor(options: GovernorOptions): Promise<Governor> {
  const clock = options.clock ?? systemClock;
  const sink = options.audit ?? createMemorySink();
  const counts: Record<Decision['outcome'], number> = { ALLOW: 0, BLOCK: 0, COOLDOWN: 0, NO_OP: 0 };
  const wired = new Set<Stage>();
  const gates = new Set<GovernedGate<unknown>>();
  const interactions = new Set<WeakRef<InteractionState>>();
  let auditRefused = 0;
  let closed = false;

  const report = (change: PolicyChange): void => {
    const at = clock.now();
    void accept(sink, { kind: 'policy', auditId: mintId('aud', at), at, ...change });
    options.onPolicy?.(change);
  };
  const sources = Array.isArray(options.policy) ? (options.policy as readonly PolicySource[]) : [options.policy as PolicySource];
  const policies = await openPolicies(sources, options.detectors ?? [], report);
  const { createKeyedHash } = await import('./audit/keyed-hash.ts');
  const keyedHash = createKeyedHash(options.hashKey === undefined ? crypto.getRandomValues(new Uint8Array(32)) : new TextEncoder().encode(options.hashKey));
  const state = createState({
    ...(options.store !== undefined && { store: options.store }),
    ...(options.staleAfterMs !== undefined && { staleAfterMs: options.staleAfterMs }),
  });
  const parts: ConcludeParts = {
    state,
    sink,
    clock,
    keyedHash,
    onDecision: options.onDecision,
    counted: (outcome) => void counts[outcome]++,
    auditRefused: () => void auditRefused++,
  };

  const stopListening = state.control.onChange(({ op, control }) => {
    const at = clock.now();
    void accept(sink, { kind: 'control', auditId: mintId('aud', at), at, change: op === 'set' ? 'set' : 'lifted', control });
    if (op === 'set' && control.kind === 'halt') halted(control);
  });

  /** A halt reaches what is running, in any mode. */
  function halted(control: Control): void {
    for (const gate of [...gates]) if (scopeCovers(control.scope, gate.event)) gate.halt(control);
    for (const ref of interactions) {
      const running = ref.deref();
      if (running === undefined) interactions.delete(ref);
      else if (scopeCovers(control.scope, { subject: running.interaction.subject, resource: {} })) running.halt(control);
    }
  }

  function host(): InteractionHost {
    return {
      mint: (kind) => mintId(kind, clock.now()),
      release: async (held) => state.release(held),
      async report(event, amounts) {
        const assembled = policies.get(policyOf(event));
        if (assembled === undefined) return;
        const { mode } = standing(state, assembled, event);
        const limits = Object.values(assembled.policy.stages).flatMap((stage) => stage.limits);
        for (const [unit, amount] of Object.entries(amounts)) {
          if (mode !== 'off') await state.report({ limits: [...new Set(limits)], unit, amount, event, shadow: mode === 'shadow' });
        }
      },
    };
  }

  function begin(json: InteractionJson, subjectMissing: boolean): InteractionState['interaction'] {
    const begun = createInteraction(json, subjectMissing, host());
    interactions.add(new WeakRef(begun));
    return begun.interaction;
  }

  const policyOf = (event: GovernedEvent): string => interactionOf.get(event)?.interaction.policy ?? policies.first;

  function open(): void {
    if (closed) throw new FlyballError('GOVERNOR_CLOSED', 'the governor is closed: make a new one, or close it later');
  }

  /**
   * 1. controls, mode and cooldowns, from memory; 2. limits from the store, beside 3. signals from the detectors, under one
   * deadline; 4. the pure decision; 5. strikes, record, announcement.
   */
  async function decideEvent(given: GovernedEvent): Promise<Decision> {
    open();
    const startedAt = clock.monotonic();
    const event = checkedEvent(given);
    const assembled = policies.get(policyOf(event));
    if (assembled === undefined) return conclude(parts, unknownPolicy(policyOf(event), event, startedAt));
    const { policy } = assembled;
    const stand = standing(state, assembled, event);
    let snapshot: MaybePromise<Snapshot> = stand.snapshot;
    let findings: MaybePromise<Findings> = UNREAD;
    if (!stand.settled) {
      const output = event.stage === 'output' && countsRepeats(assembled) ? keyedHash(event.content.map(({ text }) => text).join('')) : undefined;
      snapshot = charge(state, assembled, event, stand, policy.deadlineMs, output);
      findings = scanEvent(assembled, event, policy.deadlineMs);
    }
    if (isPromise(snapshot)) snapshot = await snapshot;
    if (isPromise(findings)) findings = await findings;
    const ruling = decide(policy, event, findings, snapshot);
    return conclude(parts, { policy, event, ruling, snapshot, startedAt });
  }

  async function openGate<T>(given: GovernedEvent): Promise<GovernedGate<T>> {
    open();
    const startedAt = clock.monotonic();
    const event = checkedEvent(given);
    if (event.stage !== 'output') throw new FlyballError('EVENT_INVALID', `a gate is opened for \`output\`, not \`${event.stage}\`: use decide`);
    const assembled = policies.get(policyOf(event)) ?? policies.all()[0]!;
    const known = policies.get(policyOf(event)) !== undefined;
    const { policy } = assembled;
    const stand = known ? standing(state, assembled, event) : UNSETTLED;
    const snapshot = stand.settled || !known ? stand.snapshot : await charge(state, assembled, event, stand, policy.deadlineMs);
    const refusal = known ? refusedRuling(decide(policy, event, UNREAD, snapshot)) : unknownPolicy(policyOf(event), event, startedAt).ruling;
    let refused = refusal === undefined ? undefined : await conclude(parts, { policy, event, ruling: refusal, snapshot, startedAt });
    refused ??= await opened(assembled, event, stand, snapshot, startedAt);
    const gate: GovernedGate<T> = new GovernedGate<T>(
      { assembled, event, mode: stand.mode, snapshot, ...(refused !== undefined && { refused }) },
      {
        conclude: (ruling, streamed, at) => {
          const state = interactionOf.get(event);
          if (state !== undefined) interactionOf.set(streamed, state);
          return conclude(parts, { policy, event: streamed, ruling, snapshot: at, startedAt });
        },
        countsRepeats: countsRepeats(assembled),
        repeats: (text, at) => charge(state, assembled, event, { ...stand, snapshot: at }, policy.deadlineMs, keyedHash(text)),
        closed: () => void gates.delete(gate as GovernedGate<unknown>),
      },
    );
    if (refused === undefined) gates.add(gate as GovernedGate<unknown>);
    return gate;
  }

  /** The stream's first record, accepted before its first unit leaves. A sink that refuses it stops the stream under `onError: block`. */
  async function opened(
    { policy }: AssembledPolicy,
    event: GovernedEvent,
    { mode }: Standing,
    snapshot: Snapshot,
    startedAt: number,
  ): Promise<Decision | undefined> {
    const at = clock.now();
    const { interactionId } = event;
    const { behaviorVersion } = policy;
    const refusal = await accept(sink, {
      kind: 'opened',
      auditId: mintId('aud', at),
      at,
      interactionId,
      event: recordedEvent(event, policy.facts),
      mode,
      behaviorVersion,
    });
    if (refusal === undefined) return undefined;
    auditRefused++;
    if (mode !== 'enforce' || policy.onError === 'no_op') return undefined;
    const ruling = decide(policy, event, UNREAD, snapshot);
    const verdict = { outcome: 'BLOCK', reason: 'AUDIT_UNAVAILABLE' } as const;
    return conclude(parts, { policy, event, ruling: Object.freeze({ ...ruling, ...verdict, verdict, edits: [] }), snapshot, startedAt });
  }

  return {
    interaction(subject, { policy = policies.first, id } = {}) {
      const known = subject === undefined ? undefined : subjectOf(subject);
      return begin({ id: id ?? mintId('int', clock.now()), subject: known ?? NOBODY, policy, labels: [] }, known === undefined);
    },
    resume: (json) => begin({ ...json, subject: subjectOf(json.subject) }, false),
    decide: decideEvent,
    openGate,
    control: {
      halt: (scope, init) => state.control.halt(scope, init),
      resume: async (scope, init) => void (await state.control.resume(scope, init)),
      setMode: (scope, mode, init) => state.control.setMode(scope, mode, init),
      clearMode: async (scope, init) => void (await state.control.clearMode(scope, init)),
      list: () => state.control.list(),
      history: (limit) => state.control.history(limit),
      onChange: (listener) => state.control.onChange(listener),
    },
    status: () => statusOf({ policies: policies.all(), wired, store: state.status(), counts, openGates: gates.size, auditRefused }),
    explain,
    wire(stages) {
      for (const stage of stages) wired.add(stage);
    },
    async close() {
      if (closed) return;
      closed = true;
      policies.close();
      stopListening();
      await Promise.all([...gates].map((gate) => gate.abort()));
      await state.close();
      await sink.close?.();
    },
  };
}

const NOBODY = Object.freeze({ tenant: 'unknown' });

const UNREAD: Findings = Object.freeze({
  signals: Object.freeze([]),
  errors: Object.freeze([]),
  coverage: Object.freeze({ detectors: Object.freeze([]), segments: Object.freeze([]), unjudged: Object.freeze([]) }),
});

const UNSETTLED: Standing = {
  mode: 'enforce',
  snapshot: { controls: [], cooldowns: [], limits: [], errors: [] },
  settled: true,
};

const countsRepeats = ({ policy }: AssembledPolicy): boolean =>
  limitsFor(policy, { stage: 'output' }).some((limit) => limit.unit === 'repeats');
