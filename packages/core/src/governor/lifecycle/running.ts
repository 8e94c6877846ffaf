import type { Control } from '../../contract/control.ts';
import { scopeCovers } from '../../contract/control.ts';
import type { Failure } from '../../contract/ruling.ts';
import type { GovernedGate } from '../governed-gate.ts';
import type { InteractionState } from '../interaction/interaction-state.ts';

/** What is going on and must hear of a halt. */
export interface Running {
  readonly gates: Set<GovernedGate<unknown>>;
  /** Only interactions whose `signal` somebody has asked for; forgotten when nobody holds them any more. */
  listen(interaction: InteractionState): void;
  /** A halt reaches what is running, in any mode. */
  halt(control: Control): void;
  /** What is known of the store was not confirmed for too long: streams that run are told. */
  loseStore(): void;
  closed: boolean;
}

const STALE: Failure = Object.freeze({ part: 'store', id: 'controls', code: 'STALE' });

export function createRunning(): Running {
  const gates = new Set<GovernedGate<unknown>>();
  const listening = new Set<WeakRef<InteractionState>>();
  const forgotten = new FinalizationRegistry<WeakRef<InteractionState>>((ref) => listening.delete(ref));
  return {
    gates,
    closed: false,
    listen(interaction) {
      const ref = new WeakRef(interaction);
      listening.add(ref);
      forgotten.register(interaction, ref);
    },
    loseStore() {
      for (const gate of [...gates]) gate.loseStore(STALE);
    },
    halt(control) {
      for (const gate of [...gates]) if (scopeCovers(control.scope, gate.event)) gate.halt(control);
      for (const ref of listening) {
        const state = ref.deref();
        if (state !== undefined && coversSubject(control, state)) state.halt(control);
      }
    },
  };
}

/** A halt of a model, tool or route concerns events, not the whole interaction. */
export function coversSubject(control: Control, { interaction }: InteractionState): boolean {
  return scopeCovers(control.scope, { subject: interaction.subject, resource: {} });
}
