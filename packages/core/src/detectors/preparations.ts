import type { Detector } from '../contract/detector.ts';

/** What must be compiled before a detector that is code may be asked. */
const preparations = new WeakMap<Detector, () => Promise<unknown>>();

/** Says what there is to do. */
export function prepareWith(detector: Detector, compile: () => Promise<unknown>): void {
  preparations.set(detector, compile);
}

/** Prepares a detector for its first event: nothing is compiled inside one. */
export async function prepare(detector: Detector): Promise<void> {
  await preparations.get(detector)?.();
}
