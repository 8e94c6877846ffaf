/**
 * What is mutated together, and the tests that must notice. Paths from the root; a folder ends in `/`, and means its
 * own files.
 */
export interface Area {
  readonly sources: readonly string[];
  /** Test files, or folders of them. */
  readonly tests: readonly string[];
  /** Environment of the tests. */
  readonly env?: { readonly [name: string]: string };
  /**
   * Of `tests`, files that wait for deadlines: they run when no other test has noticed, and not at all with `--fast`.
   */
  readonly slow?: readonly string[];
}

const CORE = 'packages/core/src';
const WAITING: readonly string[] = [`${CORE}/governor/hanging-parts.test.ts`, `${CORE}/governor/listeners.test.ts`];

/** The places where a slip lets through what a policy stops. */
export const AREAS: { readonly [name: string]: Area } = {
  // Its own tables say most; what needs a whole governor to be asked stands there.
  decision: {
    sources: [`${CORE}/decision/`],
    tests: [
      `${CORE}/decision/`,
      ...['exemptions', 'history', 'record', 'refuse-event', 'rule-again', 'share'].map(
        (name) => `${CORE}/governor/${name}.test.ts`,
      ),
    ],
  },
  gate: {
    sources: [`${CORE}/gate/`],
    tests: [`${CORE}/gate/`, `${CORE}/governor`, 'test/corpus/release/', 'test/leaktest/'],
    slow: WAITING,
  },
  governor: {
    sources: [
      `${CORE}/governor.ts`,
      `${CORE}/governor/`,
      `${CORE}/governor/interaction/`,
      `${CORE}/governor/lifecycle/`,
    ],
    tests: [
      `${CORE}/governor`,
      `${CORE}/check-options.test.ts`,
      'test/faults/store.test.ts',
      'test/differential/shadow.test.ts',
    ],
    slow: WAITING,
  },
  // The arithmetic of the memory store is the twin of what other stores do in their own language.
  state: {
    sources: [`${CORE}/store/`, `${CORE}/state/`],
    tests: [
      `${CORE}/store/`,
      `${CORE}/state/`,
      'packages/testing/test/memory-store.test.ts',
      'test/faults/store.test.ts',
      // What reports, reservations, plans and an operator's hand ask of the state.
      ...[
        'calendar-limits',
        'counted-each',
        'history',
        'late-store',
        'plans',
        'repeats',
        'reports',
        'reservations',
      ].map((name) => `${CORE}/governor/${name}.test.ts`),
      ...['session-labels', 'share', 'strike', 'control/control-plane', 'control/subjects', 'lifecycle/ready'].map(
        (name) => `${CORE}/governor/${name}.test.ts`,
      ),
    ],
  },
  // Give it a Redis of its own (`REDIS_URL`): each mutant leaves a function library there, and one that loops hangs the
  // server.
  lua: {
    sources: ['packages/redis/src/lua/'],
    tests: ['model', 'redis-store', 'kept'].map((name) => `packages/redis/test/${name}.test.ts`),
    env: { FLYBALL_MODEL_RUNS: '300' },
  },
  // The files that enforce: what stops a call, a part or a piece of text, and what says whom it concerns.
  adapters: {
    sources: [
      `${CORE}/adapter/`,
      'packages/agent-kit/src/tool-calls.ts',
      'packages/agent-kit/src/tool-results.ts',
      'packages/agent-kit/src/withheld.ts',
      'packages/agent-kit/src/json-view.ts',
      'packages/agent-kit/src/identity.ts',
      'packages/ai-sdk/src/model/govern-parts.ts',
      'packages/ai-sdk/src/model/held-parts.ts',
      'packages/ai-sdk/src/model/prompt.ts',
      'packages/ai-sdk/src/tools/as-it-is.ts',
      'packages/ai-sdk/src/tools/execution.ts',
      'packages/ai-sdk/src/tools/outputs.ts',
      'packages/ai-sdk/src/tools/approval.ts',
    ],
    tests: [
      `${CORE}/adapter/`,
      'packages/agent-kit/',
      ...[
        'agents',
        'approval-stop',
        'as-it-is',
        'beside',
        'between',
        'carry-out',
        'channels',
        'generate',
        'identity',
        'late',
        'prompt',
        'slow-judge',
        'stream',
        'tools',
        'transparency',
        'waiting',
      ].map((name) => `packages/ai-sdk/test/${name}.test.ts`),
    ],
  },
  http: {
    sources: [
      'packages/express/src/enforce-input.ts',
      'packages/express/src/middleware.ts',
      'packages/http/src/body/whole.ts',
      'packages/http/src/body/streamed.ts',
      'packages/http/src/response/refusal.ts',
      'packages/http/src/response/watch.ts',
    ],
    tests: [
      ...['answers', 'carry-out', 'closed', 'input', 'output'].map((name) => `packages/express/test/${name}.test.ts`),
      'packages/http/',
    ],
  },
};
