/**
 * What is mutated together, and the tests that must notice. Paths from the root; a folder ends in `/`, and means its
 * own files.
 */
export interface Area {
  readonly sources: readonly string[];
  /** Its own test files, or folders of them. */
  readonly tests: readonly string[];
  /** Environment of the tests. */
  readonly env?: { readonly [name: string]: string };
  /** The tests need a Redis. Each process that runs them is given one of its own. */
  readonly redis?: boolean;
  /**
   * More files: those that wait for deadlines or need a whole governor. They run when no other test has noticed, and
   * not at all with `--fast`.
   */
  readonly slow?: readonly string[];
}

const CORE = 'packages/core/src';
const governors = (...names: readonly string[]): readonly string[] =>
  names.map((name) => `${CORE}/governor/${name}.test.ts`);
const WAITING: readonly string[] = governors('hanging-parts', 'listeners');

const AI_SDK: readonly string[] = [
  ...[
    'admit-prompt',
    'after-stop',
    'agents',
    'approval-before',
    'approval-stop',
    'as-it-is',
    'beside',
    'between',
    'carry-out',
    'channels',
    'execution',
    'generate',
    'govern-parts',
    'govern-parts-calls',
    'govern-parts-end',
    'govern-parts-json',
    'held-parts',
    'identity',
    'late',
  ],
  ...['prompt', 'slow-judge', 'stream', 'streamed-input', 'tools', 'transparency', 'unenforced-parts', 'waiting'],
].map((name) => `packages/ai-sdk/test/${name}.test.ts`);

/** The places where a slip lets through what a policy stops. */
export const AREAS: { readonly [name: string]: Area } = {
  decision: {
    sources: [`${CORE}/decision/`],
    tests: [`${CORE}/decision/`],
    slow: governors('exemptions', 'history', 'record', 'refuse-event', 'rule-again', 'share'),
  },
  gate: {
    sources: [`${CORE}/gate/`],
    tests: [`${CORE}/gate/`, 'test/corpus/release/', 'test/leaktest/'],
    // Those that drive a gate.
    slow: [
      ...governors('audit-policy', 'commit', 'exemptions', 'gate-end', 'gate-states', 'gated-detectors'),
      ...governors('governed-gate', 'governed-leaf', 'kept-content', 'leaf-detectors', 'leakage', 'open-gate'),
      ...governors('paced-gate', 'redact-extent', 'safety-lines', 'settled'),
      ...WAITING,
      `${CORE}/governor.test.ts`,
    ],
    env: { LEAK_POLICIES: '30' },
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
    ],
    // What reports, reservations, plans and an operator's hand ask of the state.
    slow: [
      ...governors('calendar-limits', 'counted-each', 'history', 'late-store', 'plans', 'repeats', 'reports'),
      ...governors('reservations', 'session-labels', 'share', 'strike'),
      ...governors('control/control-plane', 'control/subjects', 'lifecycle/ready'),
    ],
  },
  lua: {
    sources: ['packages/redis/src/lua/'],
    tests: ['model', 'redis-store', 'kept', 'kept-controls', 'portions'].map(
      (name) => `packages/redis/test/${name}.test.ts`,
    ),
    // Starts processes.
    slow: ['packages/redis/test/operator.test.ts'],
    redis: true,
    // A sequence is not made smaller where one that fails is all that is asked for.
    env: { FLYBALL_MODEL_RUNS: '300', FLYBALL_MODEL_SHRINK: 'no' },
  },
  // What every adapter enforces with: what stops a call or a piece of text, and what says whom it concerns.
  adapters: {
    sources: [
      `${CORE}/adapter/`,
      'packages/agent-kit/src/tool-calls.ts',
      'packages/agent-kit/src/tool-results.ts',
      'packages/agent-kit/src/withheld.ts',
      'packages/agent-kit/src/json-view.ts',
      'packages/agent-kit/src/identity.ts',
    ],
    tests: [`${CORE}/adapter/`, 'packages/agent-kit/'],
    slow: AI_SDK,
  },
  'ai-sdk': {
    sources: [
      'packages/ai-sdk/src/model/govern-parts.ts',
      'packages/ai-sdk/src/model/held-parts.ts',
      'packages/ai-sdk/src/model/prompt.ts',
      'packages/ai-sdk/src/tools/attempt.ts',
      'packages/ai-sdk/src/tools/execution.ts',
      'packages/ai-sdk/src/tools/outputs.ts',
      'packages/ai-sdk/src/tools/approval.ts',
    ],
    tests: AI_SDK,
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
      ...[
        'answers',
        'carry-out',
        'closed',
        'input',
        'layers',
        'output',
        'policy-choice',
        'requests',
        'unreadable-requests',
      ].map((name) => `packages/express/test/${name}.test.ts`),
      ...['adapter', 'body', 'response'].map((folder) => `packages/http/src/${folder}/`),
    ],
    slow: ['modes', 'outside', 'unenforced'].map((name) => `packages/express/test/${name}.test.ts`),
  },
};
