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
import type { DeferredDecision, HoldWatcher, InteractionState } from './interaction-state.ts';

/** What an interaction asks of its governor. */
export interface InteractionHost {
  mint(kind: 'evt' | 'int'): string;
  report(
    event: GovernedEvent,
    amounts: { readonly [unit: string]: number },
    options: ReportOptions | undefined,
    by: InteractionState,
  ): Promise<void>;
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

/**
 * What is known of an interaction when it begins. Without `id` it gets one of its own when somebody asks: most are
 * never asked.
 */
export type InteractionBegin = Omit<InteractionJson, 'id'> & { readonly id?: string | undefined };

/** `begin` was checked. `isNew`: its id is made for it, so nobody knows it yet. */
export function createInteraction(begin: InteractionBegin, host: InteractionHost, isNew: boolean): Interaction {
  return new RunningInteraction(begin, host, isNew);
}

/** The governor's part of an interaction that it made itself; nothing for one that stands in front of another. */
export function stateOf(interaction: Interaction): InteractionState | undefined {
  return inside.stateOf(interaction);
}

/** What only the governor's part of an interaction reaches, and nobody who holds the interaction. */
let inside: {
  stateOf(interaction: Interaction): InteractionState | undefined;
  take(interaction: RunningInteraction, decision: Decision): void;
  defer(interaction: RunningInteraction, made: DeferredDecision): void;
  holds(interaction: RunningInteraction): boolean;
  hold(interaction: RunningInteraction, held: readonly Hold[]): void;
  whenHolding(interaction: RunningInteraction, watcher: HoldWatcher): void;
  halt(interaction: RunningInteraction, reason: unknown): void;
  prompts(interaction: RunningInteraction): readonly string[];
};

/**
 * A class for one reason: getters of an object literal give every object a hidden class of its own, and that keeps the
 * whole interaction alive until a full collection.
 */
class RunningInteraction implements Interaction {
  readonly subject: Subject;
  declare readonly subjectMissing?: true;
  readonly policy: string;
  readonly #host: InteractionHost;
  #id: string | undefined;
  #labels: readonly string[];
  /** In their order. Once the list was handed out, no deferred decision is put into it any more. */
  readonly #decisions: (Decision | DeferredDecision)[] = [];
  #deferred = false;
  #shown = false;
  #held: Hold[] | undefined;
  #holdWatcher: HoldWatcher | undefined;
  #controller: AbortController | undefined;
  readonly #state: RunningState;
  #canary: string | undefined;
  #prompts: readonly string[] = NO_PROMPTS;

  constructor(
    { id, subject, policy, labels, subjectMissing }: InteractionBegin,
    host: InteractionHost,
    isNew: boolean,
  ) {
    this.#id = id;
    this.subject = subject;
    if (subjectMissing === true) this.subjectMissing = true;
    this.policy = policy;
    this.#host = host;
    this.#labels = labels.length === 0 ? NO_LABELS : Object.freeze([...new Set(labels)].sort());
    this.#state = new RunningState(this, isNew);
  }

  static {
    inside = {
      stateOf: (interaction) => (#state in interaction ? interaction.#state : undefined),
      take: (interaction, decision) => interaction.#take(decision),
      defer: (interaction, made) => interaction.#defer(made),
      holds: (interaction) => interaction.#holds,
      hold: (interaction, held) => interaction.#hold(held),
      whenHolding: (interaction, watcher) => interaction.#whenHolding(watcher),
      halt: (interaction, reason) => interaction.#controller?.abort(reason),
      prompts: (interaction) => interaction.#prompts,
    };
  }

  get id(): string {
    return (this.#id ??= this.#host.mint('int'));
  }

  get decisions(): readonly Decision[] {
    this.#shown = true;
    if (this.#deferred) {
      this.#deferred = false;
      for (const [at, one] of this.#decisions.entries()) if ('make' in one) this.#decisions[at] = one.make();
    }
    return this.#decisions as Decision[];
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
    return this.#host.report(event, amounts, options, this.#state);
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
    return this.#held === undefined ? Promise.resolve() : this.#host.release(this.#held.splice(0));
  }

  // Most interactions are never asked for it.
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      const halt = this.#host.listen(this.#state);
      if (halt !== undefined) this.#controller.abort(halt);
    }
    return this.#controller.signal;
  }

  toJSON(): InteractionJson {
    const { id, subject, policy, labels, subjectMissing } = this;
    return { id, subject, policy, labels, ...(subjectMissing === true && { subjectMissing }) };
  }

  #take(decision: Decision): void {
    this.#decisions.push(decision);
    if (decision.labels.length === 0) return;
    // INVARIANT: never throws. That not all of them fit was said in the decision that brought them.
    const more = decision.labels.filter((label) => !this.#labels.includes(label));
    this.#add(more.slice(0, MAX_LABELS - this.#labels.length));
  }

  #defer(made: DeferredDecision): void {
    if (this.#shown) return void this.#decisions.push(made.make());
    this.#deferred = true;
    this.#decisions.push(made);
  }

  get #holds(): boolean {
    return this.#held !== undefined && this.#held.length > 0;
  }

  #hold(held: readonly Hold[]): void {
    const begins = !this.#holds;
    (this.#held ??= []).push(...held);
    if (begins && this.#holds) this.#holdWatcher?.holding(this);
  }

  #whenHolding(watcher: HoldWatcher): void {
    this.#holdWatcher = watcher;
    if (this.#holds) watcher.holding(this);
  }

  #protect(prompt: string): void {
    const kept = this.#prompts.reduce((units, { length }) => units + length, 0);
    if (prompt === '' || this.#prompts.includes(prompt) || kept >= MAX_PROTECTED) return;
    this.#prompts = Object.freeze([...this.#prompts, prompt.slice(0, MAX_PROTECTED - kept)]);
    // What was found in a text before says nothing of the prompt that is known now.
    this.#state.cache.clear();
  }

  #add(more: readonly string[]): void {
    if (more.length > 0) this.#labels = Object.freeze([...this.#labels, ...more].sort());
  }
}

/** What the governor alone does with an interaction: kept from those who hold the interaction. */
class RunningState implements InteractionState {
  readonly interaction: RunningInteraction;
  #cache: FindingsCache | undefined;
  #uncharged: boolean;
  #reservations: Map<string, Reserved> | undefined;

  constructor(interaction: RunningInteraction, isNew: boolean) {
    this.interaction = interaction;
    this.#uncharged = isNew;
  }

  get cache(): FindingsCache {
    return (this.#cache ??= new FindingsCache());
  }

  decided(decision: Decision): void {
    inside.take(this.interaction, decision);
  }

  deferred(made: DeferredDecision): void {
    inside.defer(this.interaction, made);
  }

  firstCharge(): boolean {
    const isFirst = this.#uncharged;
    this.#uncharged = false;
    return isFirst;
  }

  get holds(): boolean {
    return inside.holds(this.interaction);
  }

  hold(held: readonly Hold[]): void {
    inside.hold(this.interaction, held);
  }

  whenHolding(watcher: HoldWatcher): void {
    inside.whenHolding(this.interaction, watcher);
  }

  reserve(eventId: string, reserved: Reserved): void {
    (this.#reservations ??= new Map()).set(eventId, reserved);
  }

  reserved(eventId: string): Reserved | undefined {
    return this.#reservations?.get(eventId);
  }

  halt(reason: unknown): void {
    inside.halt(this.interaction, reason);
  }

  get prompts(): readonly string[] {
    return inside.prompts(this.interaction);
  }
}
