import type { Sink } from './audit/sink.ts';
import { NO_SINK } from './audit/no-sink.ts';
import { systemClock, type Clock } from './clock.ts';
import type { Detector } from './contract/detector.ts';
import type { GovernedEvent, Stage } from './contract/event.ts';
import type { Outcome } from './contract/effect.ts';
import type { Decision } from './contract/ruling.ts';
import { FlyballError } from './errors.ts';
import type { Governor, Interaction, InteractionJson } from './governor/api.ts';
import { accept } from './governor/commit.ts';
import { controlPlane } from './governor/lifecycle/control-plane.ts';
import { decideEvent } from './governor/decide-event.ts';
import { policyOf, type Engine } from './governor/engine.ts';
import { subjectOf } from './governor/interaction/event.ts';
import { explain } from './governor/explain.ts';
import { readState } from './governor/read-state.ts';
import { createInteraction, type InteractionHost } from './governor/interaction/interaction.ts';
import { openStream } from './governor/open-gate.ts';
import { openPolicies, stagesOf, type PolicyChange } from './governor/lifecycle/policies.ts';
import type { PolicySource } from './governor/lifecycle/policy-source.ts';
import { coversSubject, createRunning } from './governor/lifecycle/running.ts';
import { refuseEvent } from './governor/refuse-event.ts';
import { statusOf } from './governor/lifecycle/status.ts';
import { mintId } from './ids.ts';
import { createState } from './state/state.ts';
import type { Store } from './store/store.ts';

export type { Governor, Interaction, EventInit, SegmentInit } from './governor/api.ts';

export interface GovernorOptions {
  /** One policy or several, each under its own name. Events are decided by the first unless their interaction names another. */
  readonly policy: PolicySource | readonly PolicySource[];
  /** The application's own detectors: policies name their types. */
  readonly detectors?: readonly Detector[];
  /** Where cooldowns, limits, modes and halts live. Default: the memory of this process. */
  readonly store?: Store;
  /** Where records go. Default: nowhere; decisions are still answered, and told to `onDecision`. */
  readonly audit?: Sink;
  /** Called with every decision after it was recorded. What it throws is ignored. */
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
 * Everything is compiled here; decisions compile nothing. The paths of an event: `decideEvent` and `openStream`.
 */
export async function createGovernor(options: GovernorOptions): Promise<Governor> {
  if (typeof options !== 'object' || options === null) {
    throw new FlyballError('OPTIONS_INVALID', 'createGovernor takes an object with at least a `policy`');
  }
  const { clock = systemClock, audit: sink = NO_SINK } = options;
  const counts: Record<Outcome, number> = { ALLOW: 0, BLOCK: 0, COOLDOWN: 0, NO_OP: 0 };
  const wired = new Set<Stage>();
  const running = createRunning();
  let auditRefused = 0;

  const policies = await openPolicies(listOf(options.policy), options.detectors ?? [], (change) => {
    const at = clock.now();
    void accept(sink, { kind: 'policy', auditId: mintId('aud', at), at, ...change });
    options.onPolicy?.(change);
  });
  const { createKeyedHash } = await import('./audit/keyed-hash.ts');
  const state = createState({
    ...(options.store !== undefined && { store: options.store }),
    ...(options.staleAfterMs !== undefined && { staleAfterMs: options.staleAfterMs }),
    now: () => clock.monotonic(),
  });
  // Until a shared store has answered once, every event would meet a failure.
  await state.ready();
  const stopListening = state.control.onChange(({ op, control, by }) => {
    const at = clock.now();
    void accept(sink, {
      kind: 'control',
      auditId: mintId('aud', at),
      at,
      change: op === 'set' ? 'set' : 'lifted',
      control,
      ...(by !== undefined && { by }),
    });
    if (op === 'set' && control.kind === 'halt') running.halt(control);
  });
  const engine: Engine = {
    policies,
    state,
    sink,
    clock,
    running,
    parts: {
      state,
      sink,
      clock,
      keyedHash: createKeyedHash(keyBytes(options.hashKey)),
      onDecision: options.onDecision,
      counted: (outcome) => void counts[outcome]++,
      auditRefused: () => void auditRefused++,
    },
  };

  const host = interactionHost(engine);
  const begin = (json: InteractionJson, subjectMissing: boolean): Interaction =>
    createInteraction(json, subjectMissing, host).interaction;

  return {
    interaction(subject, { policy = policies.first, id } = {}) {
      const known = subject === undefined ? undefined : subjectOf(subject);
      return begin(
        { id: id ?? mintId('int', clock.now()), subject: known ?? NOBODY, policy, labels: [] },
        known === undefined,
      );
    },
    resume: (json) => begin({ ...json, subject: subjectOf(json.subject) }, false),
    // Async, so that misuse rejects.
    decide: async (event) => decideEvent(engine, event),
    decideNow: (event) => decideEvent(engine, event),
    refuse: (event, reason) => refuseEvent(engine, event, reason),
    openGate: (event) => openStream(engine, event),
    adapterSettings(id) {
      const assembled = policies.get(id);
      if (assembled === undefined) return undefined;
      const { providerTools, onBlock } = assembled.policy;
      return { providerTools, onBlock, stages: stagesOf(assembled) };
    },
    control: controlPlane(state.control),
    status: () =>
      statusOf({
        policies: policies.all(),
        wired,
        store: state.status(),
        counts,
        openGates: running.gates.size,
        auditRefused,
      }),
    explain,
    declareStages(stages) {
      for (const stage of stages) wired.add(stage);
    },
    async close() {
      if (running.closed) return;
      running.closed = true;
      policies.close();
      stopListening();
      await Promise.all([...running.gates].map((gate) => gate.abort()));
      await state.close();
      await sink.close?.();
    },
  };
}

/** Who an interaction is for when nobody could say. */
const NOBODY = Object.freeze({ tenant: 'unknown' });

function listOf(policy: GovernorOptions['policy']): readonly PolicySource[] {
  return Array.isArray(policy) ? (policy as readonly PolicySource[]) : [policy as PolicySource];
}

function keyBytes(key: string | undefined): Uint8Array {
  return key === undefined ? crypto.getRandomValues(new Uint8Array(32)) : new TextEncoder().encode(key);
}

function interactionHost(engine: Engine): InteractionHost {
  const { state, clock, policies, running } = engine;
  return {
    listen(interaction) {
      running.listen(interaction);
      const { subject } = interaction.interaction;
      const { controls } = state.controlsFor({ subject, resource: {} });
      return controls.find((control) => control.kind === 'halt' && coversSubject(control, interaction));
    },
    mint: (kind) => mintId(kind, clock.now()),
    release: async (held) => state.release(held),
    async report(event, amounts) {
      const assembled = policies.get(policyOf(engine, event));
      if (assembled === undefined) return;
      const { mode } = readState(state, assembled, event);
      if (mode === 'off') return;
      const limits = [...new Set(Object.values(assembled.policy.stages).flatMap((stage) => stage.limits))];
      for (const [unit, amount] of Object.entries(amounts)) {
        await state.report({ limits, unit, amount, event, shadow: mode === 'shadow' });
      }
    },
  };
}
