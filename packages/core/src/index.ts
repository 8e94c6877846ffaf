export type { Governor } from './governor.ts';
