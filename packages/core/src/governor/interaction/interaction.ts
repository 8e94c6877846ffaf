import { canaryOf } from '@flyball/detectors';
import type { GovernedEvent, Subject } from '../../contract/event.ts';
import type { Decision } from '../../contract/ruling.ts';
import { FindingsCache } from '../../detection/findings-cache.ts';
import { FlyballError } from '../../errors.ts';
import type { Reserved } from '../../state/state-api.ts';
import type { Hold } from '../../store/store.ts';
import type { EventInit, Interaction, InteractionJson, ReportOptions, Reservation } from '../api.ts';
import { makeEvent } from './event.ts';
import { interactionOf } from './event-state.ts';
import type { InteractionState } from './interaction-state.ts';

/** What an interaction asks of its governor. */
export interface InteractionHost {
  mint(kind: 'evt'): string;
  report(event: GovernedEvent, amounts: { readonly [unit: string]: number }, options?: ReportOptions): Promise<void>;
  reserve(event: GovernedEvent, unit: string, amount: number): Promise<Reservation>;
  release(held: readonly Hold[]): Promise<void>;
  /** Somebody wants to know of halts from now on. Answers with one that already stands. */
  listen(state: InteractionState): unknown;
}

const NO_LABELS: readonly string[] = Object.freeze([]);
const NO_PROMPTS: readonly string[] = Object.freeze([]);
/** Units of protected prompts that one interaction keeps. */
const MAX_PROTECTED = 65_536;

/** Most labels that one interaction carries. */
export const MAX_LABELS = 256;

/** `json` was checked. `isNew`: its id was made for it, so nobody knows it yet. */
export function createInteraction(json: InteractionJson, host: InteractionHost, isNew: boolean): Interaction {
  return RunningInteraction.begin(json, host, isNew);
}

/**
 * A class for one reason: getters of an object literal give every object a hidden class of its own, and that keeps the whole
 * interaction alive until a full collection.
 */
class RunningInteraction implements Interaction {
  readonly id: string;
  readonly subject: Subject;
  declare readonly subjectMissing?: true;
  readonly policy: string;
  readonly decisions: Decision[] = [];
  readonly #host: InteractionHost;
  #labels: readonly string[];
  #held: Hold[] = [];
  #controller: AbortController | undefined;
  #state: InteractionState | undefined;
  #canary: string | undefined;
  #prompts: readonly string[] = NO_PROMPTS;

  private constructor({ id, subject, policy, labels, subjectMissing }: InteractionJson, host: InteractionHost) {
    this.id = id;
    this.subject = subject;
    if (subjectMissing === true) this.subjectMissing = true;
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
    const more = [...new Set(names.map((name) => name.toWellFormed()))].filter((name) => !this.#labels.includes(name));
    if (this.#labels.length + more.length > MAX_LABELS) {
      throw new FlyballError('OPTIONS_INVALID', `an interaction carries at most ${MAX_LABELS} labels`);
    }
    this.#add(more);
  }

  event(init: EventInit): GovernedEvent {
    const { id, subject, policy, labels } = this;
    const event = makeEvent(init, {
      eventId: this.#host.mint('evt'),
      interactionId: id,
      subject,
      subjectMissing: this.subjectMissing === true,
      policy,
      labels,
    });
    interactionOf.set(event, this.#state);
    if (event.stage === 'input' && event.point === 'model')
      for (const { role, text } of event.content) if (role === 'system') this.#protect(text);
    return event;
  }

  report(event: GovernedEvent, amounts: { readonly [unit: string]: number }, options?: ReportOptions): Promise<void> {
    return this.#host.report(event, amounts, options);
  }

  reserve(unit: string, amount: number, event?: GovernedEvent): Promise<Reservation> {
    return this.#host.reserve(event ?? this.event({ stage: 'input' }), unit, amount);
  }

  canary(): string {
    return (this.#canary ??= canaryOf(crypto.getRandomValues(new Uint8Array(16))));
  }

  protect(...prompts: readonly string[]): void {
    if (!prompts.every((prompt) => typeof prompt === 'string'))
      throw new FlyballError('OPTIONS_INVALID', '`protect` takes the texts of system prompts');
    for (const prompt of prompts) this.#protect(prompt);
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
    const { id, subject, policy, labels, subjectMissing } = this;
    return { id, subject, policy, labels, ...(subjectMissing === true && { subjectMissing }) };
  }

  static begin(json: InteractionJson, host: InteractionHost, isNew: boolean): RunningInteraction {
    const interaction = new RunningInteraction(json, host);
    let uncharged = isNew;
    let reservations: Map<string, Reserved> | undefined;
    interaction.#state = {
      interaction,
      cache: new FindingsCache(),
      fresh: (labels) => labels.filter((label) => !interaction.#labels.includes(label)),
      decided(decision) {
        interaction.decisions.push(decision);
        if (decision.labels.length === 0) return;
        // INVARIANT: never throws. That not all of them fit was said in the decision that brought them.
        const more = decision.labels.filter((label) => !interaction.#labels.includes(label));
        interaction.#add(more.slice(0, MAX_LABELS - interaction.#labels.length));
      },
      firstCharge() {
        const isFirst = uncharged;
        uncharged = false;
        return isFirst;
      },
      hold: (more) => void interaction.#held.push(...more),
      reserve: (eventId, reserved) => void (reservations ??= new Map()).set(eventId, reserved),
      reserved: (eventId) => reservations?.get(eventId),
      halt: (reason) => interaction.#controller?.abort(reason),
      get prompts() {
        return interaction.#prompts;
      },
    };
    return interaction;
  }

  #protect(prompt: string): void {
    const kept = this.#prompts.reduce((units, { length }) => units + length, 0);
    if (prompt === '' || this.#prompts.includes(prompt) || kept >= MAX_PROTECTED) return;
    this.#prompts = Object.freeze([...this.#prompts, prompt.slice(0, MAX_PROTECTED - kept)]);
    // What was found in a text before says nothing of the prompt that is known now.
    this.#state!.cache.clear();
  }

  #add(more: readonly string[]): void {
    if (more.length > 0) this.#labels = Object.freeze([...this.#labels, ...more].sort());
  }
}
