// For authors of adapters: the suite that every adapter passes, and what a harness tells it.
export { ADAPTER_CASES, describeAdapter, type SuiteOptions, type Unsupported } from './adapter-suite.ts';
export type { AdapterHarness, Answer, AppSetup, Ask, GovernedApp, Said, Step, ToldDenial, Turn } from './harness.ts';
export { chunks } from './chunks.ts';
