/** What is mutated together, and the tests that must notice. Paths from the root; a folder ends in `/`, and means its own files. */
export interface Area {
  readonly sources: readonly string[];
  /** Test files, or folders of them. */
  readonly tests: readonly string[];
  /** Of `tests`, files that wait for deadlines: they run when no other test has noticed, and not at all with `--fast`. */
  readonly slow?: readonly string[];
}

const CORE = 'packages/core/src';
const WAITING: readonly string[] = [`${CORE}/governor/hanging-parts.test.ts`, `${CORE}/governor/listeners.test.ts`];

/** The places where a slip lets through what a policy stops. */
export const AREAS: { readonly [name: string]: Area } = {
  decision: { sources: [`${CORE}/decision/`], tests: [`${CORE}/decision/`] },
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
    tests: [`${CORE}/governor`, 'test/faults/', 'test/differential/shadow.test.ts'],
    slow: WAITING,
  },
  // The arithmetic of the memory store is the twin of what other stores do in their own language.
  state: {
    sources: [`${CORE}/store/`, `${CORE}/state/`],
    tests: [`${CORE}/store/`, `${CORE}/state/`, 'test/faults/'],
  },
  adapters: {
    sources: ['packages/ai-sdk/src/', 'packages/express/src/', 'packages/http/src/'],
    tests: ['packages/ai-sdk/', 'packages/express/', 'packages/http/'],
  },
};
