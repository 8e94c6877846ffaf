import { sealWith } from '../../audit/content-key.ts';
import { createKeyedHash } from '../../audit/keyed-hash.ts';
import { systemClock, type Clock } from '../../clock.ts';
import type { Outcome } from '../../contract/effect.ts';
import type { Stage } from '../../contract/event.ts';
import { FlyballError } from '../../errors.ts';
import { createState, type State } from '../../state/state.ts';
import type { AdapterGovernor } from '../api.ts';
import { controlPlane } from '../control/control-plane.ts';
import { subjectPlane } from '../control/subjects.ts';
import { covers, stands } from '../covers.ts';
import { decideEvent } from '../decide-event.ts';
import type { Engine } from '../engine.ts';
import { explain } from '../explain.ts';
import { beginInteraction, resumeInteraction } from '../interaction/begin.ts';
import { openStream } from '../open-gate.ts';
import { routeNamed } from '../named-route.ts';
import { quietLane } from '../quiet.ts';
import { contentKeeper } from '../kept-content.ts';
import { refuseEvent } from '../refuse-event.ts';
import { strictestMode } from '../strictest-mode.ts';
import { closeEngine } from './close.ts';
import { createEventHub } from './events.ts';
import type { LoadPolicy } from './load-policy.ts';
import { isNamedLog, openNamedLog } from './named-log.ts';
import type { GovernorOptions, OpenedOptions } from './options.ts';
import { openPolicies, stagesOf } from './policies.ts';
import { createRecorder } from './recorder.ts';
import { createRunning } from './running.ts';
import { statusOf } from './status.ts';

/** Makes a governor of options that are checked, with the log that they name opened. */
export async function startGovernor(options: GovernorOptions, loadPolicy: LoadPolicy): Promise<AdapterGovernor> {
  const { audit, ...rest } = options;
  if (audit === undefined) return wire(rest, loadPolicy);
  if (!isNamedLog(audit)) return wire({ ...rest, audit }, loadPolicy);
  const log = await openNamedLog(audit);
  try {
    return await wire({ ...rest, audit: log }, loadPolicy);
  } catch (error) {
    // Nobody else could close it.
    await log.close?.();
    throw error;
  }
}

/** The paths of an event start at `decideEvent` and `openStream`. */
async function wire(options: OpenedOptions, loadPolicy: LoadPolicy): Promise<AdapterGovernor> {
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

  const policies = await openPolicies(loadPolicy, options.policy, options, recorder.policy);
  const state = await openState(options, clock).catch((error: unknown) => {
    policies.close();
    throw error;
  });
  const stopListening = state.control.onChange((notice) => {
    // INVARIANT: what runs is stopped before anybody is told.
    if (notice.op === 'set' && notice.control.kind === 'halt') running.halt(notice.control);
    recorder.control(notice);
  });
  state.onStale(() => running.loseStore());
  const keyedHash = createKeyedHash(keyBytes(options.hashKey));
  const seal = options.contentKey === undefined ? undefined : await sealWith(options.contentKey);
  const engine: Engine = {
    policies,
    state,
    sink,
    clock,
    running,
    events,
    reportedUnits: new Set(),
    parts: {
      state,
      sink,
      clock,
      events,
      keyedHash,
      keepContent: contentKeeper(keyedHash, seal),
      counted: (outcome) => void counts[outcome]++,
      auditRefused: () => void auditRefused++,
    },
  };
  policies.follow();

  const governor: AdapterGovernor = {
    interaction: (subject, init) => beginInteraction(engine, subject, init),
    resume: (json) => resumeInteraction(engine, json),
    // Misuse rejects. Not async: a promise that is handed on through an async function takes three turns more.
    decide(event) {
      try {
        return Promise.resolve(decideEvent(engine, event));
      } catch (error) {
        return rejected(error);
      }
    },
    decideNow: (event) => decideEvent(engine, event),
    refuse: (event, reason, insteadOf) => refuseEvent(engine, event, reason, insteadOf),
    openGate: (event) => openStream(engine, event),
    covers: (event) => covers(engine, event),
    stands: (decision, event) => stands(engine, decision, event),
    strictestMode: (policy) => strictestMode(engine, policy),
    routeNamed: (asked, unknown, naming) => routeNamed(engine, asked, unknown, naming),
    quiet: (where) => quietLane(engine, where),
    countUnasked(count) {
      if (sink !== undefined || events.heard) return false;
      counts.NO_OP += count;
      return true;
    },
    adapterSettings(id) {
      const assembled = policies.get(id);
      if (assembled === undefined) return undefined;
      const { providerTools, onBlock } = assembled.policy;
      return { providerTools, onBlock, stages: stagesOf(assembled) };
    },
    control: controlPlane(
      state.control,
      subjectPlane({ policies, subjects: state.subjects, record: recorder.subject }),
    ),
    events: {
      subscribe(listener) {
        if (typeof listener !== 'function')
          throw new FlyballError('OPTIONS_INVALID', '`governor.events.subscribe` takes a function');
        return events.subscribe(listener);
      },
    },
    noteFailure: (failure, cause) => events.fail(failure, cause),
    watchFailures: (watcher) => events.watchFailures(watcher),
    status: () =>
      statusOf({
        policies: policies.all(),
        refused: (id) => policies.refused(id),
        wired,
        reportedUnits: engine.reportedUnits,
        store: state.status(),
        hashesAlone: options.store?.shared === true && options.hashKey === undefined,
        counts,
        openGates: running.gates.size,
        auditRefused,
        now: clock.now(),
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

async function openState({ store, staleAfterMs, ready = 'try' }: OpenedOptions, clock: Clock): Promise<State> {
  const state = createState({
    ...(store !== undefined && { store }),
    ...(staleAfterMs !== undefined && { staleAfterMs }),
    now: () => clock.monotonic(),
  });
  // Until a shared store has answered once, every event would meet a failure.
  for (;;) {
    const failed = await state.ready();
    if (failed === undefined || ready === 'try') return state;
    if (ready === 'require') {
      await state.close();
      throw failed;
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

/** A store that is waited for is asked so often. */
const RETRY_MS = 250;

function keyBytes(key: string | undefined): Uint8Array {
  return key === undefined ? crypto.getRandomValues(new Uint8Array(32)) : new TextEncoder().encode(key);
}

async function rejected(error: unknown): Promise<never> {
  throw error;
}
