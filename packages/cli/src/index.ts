// The command line as a function: for those who run it inside another tool, and for its tests.
export { run } from './run.ts';
export type { Answer, Exit, Io } from './io.ts';
