import {
  isPromise,
  type Decision,
  type EventInit,
  type GovernedEvent,
  type Interaction,
  type MaybePromise,
  type Subject,
} from '@flyball/core/adapter';

type Exported = ReturnType<Interaction['toJSON']>;

/** How an interaction comes about, when it is asked for. */
export interface LateInteractionSetup {
  /** Begins the real one: at once, or when its subject is known. Called once; must neither throw nor reject. */
  begin(): MaybePromise<Interaction>;
  /** One whose subject is missing: stands in until the real one has begun. */
  standIn(): Interaction;
}

/**
 * An interaction that begins when somebody first asks something of it, and for which nobody waits: until its subject is
 * known, whoever asks finds one whose subject is missing. For requests on which nothing is enforced: what runs inside
 * them finds its interaction, and a resolver that is slow or hangs keeps no request waiting.
 *
 *     const interaction = new LateInteraction({ begin: () => subjectOf(req).then(open), standIn: () => open(undefined) });
 *     runWithInteraction(interaction, next); // at once
 *     await interaction.begun(); // where the subject matters
 */
export class LateInteraction implements Interaction {
  readonly #setup: LateInteractionSetup;
  #begun: MaybePromise<Interaction> | undefined;
  #real: Interaction | undefined;
  #standIn: Interaction | undefined;
  #controller: AbortController | undefined;

  constructor(setup: LateInteractionSetup) {
    this.#setup = setup;
  }

  /** The real one. Begins it, if nobody has yet. */
  begun(): MaybePromise<Interaction> {
    if (this.#real !== undefined) return this.#real;
    if (this.#begun !== undefined) return this.#begun;
    const begun = this.#setup.begin();
    if (!isPromise(begun)) return this.#become(begun);
    this.#begun = begun.then((real) => this.#become(real));
    return this.#begun;
  }

  /** The real one, where it has begun. */
  get real(): Interaction | undefined {
    return this.#real;
  }

  get id(): string {
    return this.#current.id;
  }

  get subject(): Subject {
    return this.#current.subject;
  }

  get subjectMissing(): true | undefined {
    return this.#current.subjectMissing;
  }

  get policy(): string {
    return this.#current.policy;
  }

  get labels(): readonly string[] {
    return this.#current.labels;
  }

  /** Those of the stand-in among them. Nobody who never asked for it has made any. */
  get decisions(): readonly Decision[] {
    return [...(this.#standIn?.decisions ?? NONE), ...(this.#real?.decisions ?? NONE)];
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const current = this.#current;
      this.#controller = new AbortController();
      this.#follow(current.signal);
    }
    return this.#controller.signal;
  }

  addLabels(...names: readonly string[]): void {
    this.#current.addLabels(...names);
  }

  event(init: EventInit): GovernedEvent {
    return this.#current.event(init);
  }

  report(...given: Parameters<Interaction['report']>): Promise<void> {
    return this.#current.report(...given);
  }

  reserve(...given: Parameters<Interaction['reserve']>): ReturnType<Interaction['reserve']> {
    return this.#current.reserve(...given);
  }

  canary(): string {
    return this.#current.canary();
  }

  protect(...prompts: readonly string[]): void {
    this.#current.protect(...prompts);
  }

  async end(): Promise<void> {
    await Promise.all([this.#standIn?.end(), this.#real?.end()]);
  }

  toJSON(): Exported {
    return this.#current.toJSON();
  }

  get #current(): Interaction {
    const begun = this.begun();
    if (!isPromise(begun)) return begun;
    return (this.#standIn ??= this.#setup.standIn());
  }

  #become(real: Interaction): Interaction {
    this.#real = real;
    if (this.#standIn !== undefined && this.#standIn.labels.length > 0) real.addLabels(...this.#standIn.labels);
    if (this.#controller !== undefined) this.#follow(real.signal);
    return real;
  }

  #follow(signal: AbortSignal): void {
    const controller = this.#controller!;
    if (signal.aborted) controller.abort(signal.reason);
    else signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true });
  }
}

const NONE: readonly never[] = Object.freeze([]);
