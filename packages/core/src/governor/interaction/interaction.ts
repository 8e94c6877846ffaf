import type { GovernedEvent, Subject } from '../../contract/event.ts';
import type { Decision } from '../../contract/ruling.ts';
import type { Hold } from '../../store/store.ts';
import { FlyballError } from '../../errors.ts';
import type { EventInit, Interaction, InteractionJson } from '../api.ts';
import { interactionOf } from './event-state.ts';
import { makeEvent } from './event.ts';
import { FindingsCache } from '../../detection/findings-cache.ts';

/** What an interaction asks of its governor. */
export interface InteractionHost {
  mint(kind: 'evt'): string;
  report(event: GovernedEvent, amounts: { readonly [unit: string]: number }): Promise<void>;
  release(held: readonly Hold[]): Promise<void>;
  /** Somebody wants to know of halts from now on. Answers with one that already stands. */
  listen(state: InteractionState): unknown;
}

/** The part of an interaction that only the governor uses. */
export interface InteractionState {
  readonly interaction: Interaction;
  /** True when the subject could not be established. */
  readonly subjectMissing: boolean;
  readonly judged: FindingsCache;
  decided(decision: Decision): void;
  hold(held: readonly Hold[]): void;
  halt(reason: unknown): void;
}

const NO_LABELS: readonly string[] = Object.freeze([]);
const MAX_LABELS = 256;

export function createInteraction(
  json: InteractionJson,
  subjectMissing: boolean,
  host: InteractionHost,
): InteractionState {
  return RunningInteraction.stateOf(new RunningInteraction(json, host), {
    subjectMissing,
    judged: new FindingsCache(),
  });
}

/**
 * A class for one reason: getters of an object literal give every object a hidden class of its own, and that keeps the whole
 * interaction alive until a full collection.
 */
class RunningInteraction implements Interaction {
  readonly id: string;
  readonly subject: Subject;
  readonly policy: string;
  readonly decisions: Decision[] = [];
  readonly #host: InteractionHost;
  #labels: readonly string[];
  #held: Hold[] = [];
  #controller: AbortController | undefined;
  #state: InteractionState | undefined;

  constructor({ id, subject, policy, labels }: InteractionJson, host: InteractionHost) {
    this.id = id;
    this.subject = subject;
    this.policy = policy;
    this.#host = host;
    this.#labels = labels.length === 0 ? NO_LABELS : Object.freeze([...new Set(labels)].sort());
  }

  get labels(): readonly string[] {
    return this.#labels;
  }

  addLabels(...names: readonly string[]): void {
    if (!names.every((name) => typeof name === 'string' && name !== '')) {
      throw new FlyballError('OPTIONS_INVALID', 'a label is a name: a string that is not empty');
    }
    const more = names.filter((name) => !this.#labels.includes(name));
    if (more.length === 0) return;
    if (this.#labels.length + more.length > MAX_LABELS) {
      throw new FlyballError('OPTIONS_INVALID', `an interaction carries at most ${MAX_LABELS} labels`);
    }
    this.#labels = Object.freeze([...new Set([...this.#labels, ...more])].sort());
  }

  event(init: EventInit): GovernedEvent {
    const { id, subject, labels } = this;
    const event = makeEvent(init, { eventId: this.#host.mint('evt'), interactionId: id, subject, labels });
    interactionOf.set(event, this.#state!);
    return event;
  }

  report(event: GovernedEvent, amounts: { readonly [unit: string]: number }): Promise<void> {
    return this.#host.report(event, amounts);
  }

  end(): Promise<void> {
    return this.#host.release(this.#held.splice(0));
  }

  // Most interactions are never asked for it.
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      const halt = this.#host.listen(this.#state!);
      if (halt !== undefined) this.#controller.abort(halt);
    }
    return this.#controller.signal;
  }

  toJSON(): InteractionJson {
    return { id: this.id, subject: this.subject, policy: this.policy, labels: this.#labels };
  }

  /** The governor's side of it. */
  static stateOf(
    interaction: RunningInteraction,
    state: Omit<InteractionState, 'interaction' | 'decided' | 'hold' | 'halt'>,
  ): InteractionState {
    interaction.#state = {
      ...state,
      interaction,
      decided(decision) {
        interaction.decisions.push(decision);
        if (decision.labels.length > 0) interaction.addLabels(...decision.labels);
      },
      hold: (more) => void interaction.#held.push(...more),
      halt: (reason) => interaction.#controller?.abort(reason),
    };
    return interaction.#state;
  }
}
