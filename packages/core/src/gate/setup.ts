import type { Channel, GovernedEvent, Role } from '../contract/event.ts';
import type { PlanCode, TextPlan } from '../detection/plan.ts';
import type { DetectorAnswer } from '../detection/run-detector.ts';
import type { CompiledPolicy } from '../policy/compiled.ts';
import type { OpenRules } from './open-rules.ts';

/** What a gate judges by: resolved by the governor when the stream opens, and kept to its end. */
export interface GateSetup {
  readonly policy: Pick<CompiledPolicy, 'maxHold' | 'maxInput' | 'deadlineMs'>;
  readonly event: GovernedEvent;
  /** Who wrote the text. Default `assistant`. */
  readonly role?: Role;
  /** `shadow` judges and lets everything pass. */
  readonly mode: 'enforce' | 'shadow';
  plan(channel: Channel): TextPlan;
  rules(channel: Channel): OpenRules;
  /** Ids of all detectors that the plans run, sorted. */
  readonly detectors: readonly string[];
  /** Runs a code detector. `signal` aborts when the answer is not wanted any more. */
  runCode(
    code: PlanCode,
    input: { text: string; channel: Channel; path: string; settled: number },
    signal: AbortSignal,
  ): Promise<DetectorAnswer>;
  /** Address of a block in the facts; absent: `text`, `text[id]`, and `text[id]#2` for an id that is used again. */
  pathOf?(channel: Channel, id: string, use: number): string;
  /** Milliseconds that never go back. Absent: how far detectors judge behind the text is not measured. */
  readonly now?: () => number;
  /** Called once: the stream must stop and nothing more may leave. */
  stopped(): void;
  /** Called when something may have become releasable without more text. */
  advanced(): void;
}

export function blockPath(channel: Channel, id: string, use: number): string {
  const path = id === '' ? channel : `${channel}[${id}]`;
  return use === 1 ? path : `${path}#${use}`;
}
