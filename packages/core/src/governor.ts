import type { Sink } from './audit/sink.ts';
import { checkOptions, withMethods, type OptionShape } from './check-options.ts';
import { systemClock, type Clock } from './clock.ts';
import type { Detector } from './contract/detector.ts';
import type { Outcome } from './contract/effect.ts';
import type { GovernedEvent, Stage } from './contract/event.ts';
import type { Decision } from './contract/ruling.ts';
import type { AdapterGovernor, Governor } from './governor/api.ts';
import { covers } from './governor/covers.ts';
import { decideEvent } from './governor/decide-event.ts';
import type { Engine } from './governor/engine.ts';
import { explain } from './governor/explain.ts';
import { beginInteraction, resumeInteraction } from './governor/interaction/begin.ts';
import { closeEngine } from './governor/lifecycle/close.ts';
import { controlPlane } from './governor/lifecycle/control-plane.ts';
import { createEventHub, type GovernorEventListener } from './governor/lifecycle/events.ts';
import { openPolicies, stagesOf, type PolicyChange } from './governor/lifecycle/policies.ts';
import type { PolicySource } from './governor/lifecycle/policy-source.ts';
import { createRecorder } from './governor/lifecycle/recorder.ts';
import { createRunning } from './governor/lifecycle/running.ts';
import { statusOf } from './governor/lifecycle/status.ts';
import { openStream } from './governor/open-gate.ts';
import { refuseEvent } from './governor/refuse-event.ts';
import { createState, type State } from './state/state.ts';
import type { Store } from './store/store.ts';

export interface GovernorOptions {
  /** One policy or several, each under its own name. Events are decided by the first unless their interaction names another. */
  readonly policy: PolicySource | readonly PolicySource[];
  /** The application's own detectors: policies name their types. */
  readonly detectors?: readonly Detector[];
  /** Where cooldowns, limits, modes and halts live. Default: the memory of this process. */
  readonly store?: Store;
  /** Where records go. Default: nowhere; decisions are still answered, and told to listeners. */
  readonly audit?: Sink;
  /** Told of everything that happens, from the start on; `governor.events.subscribe` comes later. What it throws changes nothing. */
  readonly onEvent?: GovernorEventListener;
  /** Told of every decision after it was recorded: the `decision` and `refusal` events alone. */
  readonly onDecision?: (decision: Decision, event: GovernedEvent) => void;
  /** Told when a policy was loaded, or a new version of it was refused: the `policy` events alone. */
  readonly onPolicy?: (change: PolicyChange) => void;
  /** Key of the hashes that stand for text in state and records. Give all processes that share a store the same. Default: random. */
  readonly hashKey?: string;
  /** How long a store may be silent before what is known of it counts as failed, in milliseconds. Default 5,000. */
  readonly staleAfterMs?: number;
  readonly clock?: Clock;
}

const OPTIONS: { readonly [name in keyof GovernorOptions]-?: OptionShape } = {
  // What a policy may be, `openPolicies` says better.
  policy: { is: () => true, words: 'a policy' },
  detectors: { is: Array.isArray, words: 'a list of detectors' },
  store: withMethods(
    'a store, such as `createMemoryStore()`',
    ...['charge', 'report', 'release', 'strike', 'labels', 'control', 'history', 'sync', 'subscribe', 'close'],
  ),
  audit: withMethods('a sink with an `accept` method, such as `createMemorySink()`', 'accept'),
  onEvent: 'function',
  onDecision: 'function',
  onPolicy: 'function',
  hashKey: { is: (value) => typeof value === 'string' && value !== '', words: 'a string that is not empty' },
  staleAfterMs: {
    is: (value) => typeof value === 'number' && value > 0 && value < Infinity,
    words: 'a number of milliseconds above 0',
  },
  clock: withMethods('a clock with `now` and `monotonic`', 'now', 'monotonic'),
};

/**
 * Makes a governor. Rejects with a `PolicyError` that lists every problem of a policy, or with a `FlyballError`.
 * Everything is compiled here; decisions compile nothing. The paths of an event: `decideEvent` and `openStream`.
 */
export async function createGovernor(options: GovernorOptions): Promise<Governor> {
  checkOptions('createGovernor', options, OPTIONS, ['policy']);
  const { clock = systemClock, audit: sink, onDecision, onPolicy, onEvent } = options;
  const counts: Record<Outcome, number> = { ALLOW: 0, BLOCK: 0, COOLDOWN: 0, NO_OP: 0 };
  const wired = new Set<Stage>();
  const running = createRunning();
  let auditRefused = 0;

  const events = createEventHub(() => clock.now());
  if (onEvent !== undefined) events.subscribe(onEvent);
  if (onDecision !== undefined) {
    events.subscribe((event) =>
      event.kind === 'decision' || event.kind === 'refusal' ? onDecision(event.decision, event.event) : undefined,
    );
  }
  if (onPolicy !== undefined) {
    events.subscribe((event) => (event.kind === 'policy' ? onPolicy(event.change) : undefined));
  }
  const recorder = createRecorder({ sink, clock, events, refused: () => void auditRefused++ });

  const policies = await openPolicies(options.policy, options.detectors ?? [], recorder.policy);
  const state = await openState(options, clock).catch((error: unknown) => {
    policies.close();
    throw error;
  });
  const { createKeyedHash } = await import('./audit/keyed-hash.ts');
  const stopListening = state.control.onChange((notice) => {
    // INVARIANT: what runs is stopped before anybody is told.
    if (notice.op === 'set' && notice.control.kind === 'halt') running.halt(notice.control);
    recorder.control(notice);
  });
  state.onStale(() => running.loseStore());
  const engine: Engine = {
    policies,
    state,
    sink,
    clock,
    running,
    events,
    parts: {
      state,
      sink,
      clock,
      events,
      keyedHash: createKeyedHash(keyBytes(options.hashKey)),
      counted: (outcome) => void counts[outcome]++,
      auditRefused: () => void auditRefused++,
    },
  };
  policies.follow();

  const governor: AdapterGovernor = {
    interaction: (subject, init) => beginInteraction(engine, subject, init),
    resume: (json) => resumeInteraction(engine, json),
    // Async, so that misuse rejects.
    decide: async (event) => decideEvent(engine, event),
    decideNow: (event) => decideEvent(engine, event),
    refuse: (event, reason, insteadOf) => refuseEvent(engine, event, reason, insteadOf),
    openGate: (event) => openStream(engine, event),
    covers: (event) => covers(engine, event),
    adapterSettings(id) {
      const assembled = policies.get(id);
      if (assembled === undefined) return undefined;
      const { providerTools, onBlock } = assembled.policy;
      return { providerTools, onBlock, stages: stagesOf(assembled) };
    },
    control: controlPlane(state.control),
    events: { subscribe: (listener) => events.subscribe(listener) },
    noteFailure: (failure, cause) => events.fail(failure, cause),
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
    close: (init) => closeEngine(engine, init, stopListening),
  };
  events.emit({
    kind: 'started',
    at: clock.now(),
    policies: policies.all().map(({ policy: { id, version, behaviorVersion } }) => ({ id, version, behaviorVersion })),
  });
  return governor;
}

async function openState({ store, staleAfterMs }: GovernorOptions, clock: Clock): Promise<State> {
  const state = createState({
    ...(store !== undefined && { store }),
    ...(staleAfterMs !== undefined && { staleAfterMs }),
    now: () => clock.monotonic(),
  });
  // Until a shared store has answered once, every event would meet a failure.
  await state.ready();
  return state;
}

function keyBytes(key: string | undefined): Uint8Array {
  return key === undefined ? crypto.getRandomValues(new Uint8Array(32)) : new TextEncoder().encode(key);
}
