import type { Mode } from '../contract/effect.ts';
import type { Channel, GovernedEvent, Point, Resource, Role, Stage, Subject } from '../contract/event.ts';
import type { Json } from '../contract/json.ts';
import type { Decision, Failure } from '../contract/ruling.ts';
import type { OutputGate } from '../gate/types.ts';
import type { MaybePromise } from '../outside/maybe-promise.ts';
import type { ControlPlane } from './control/api.ts';
import type { PolicyWarning } from '../policy/document/policy-error.ts';
import type { FailureWatcher, GovernorEvents } from './lifecycle/events.ts';

/** Everything an application tells about one thing about to happen; the interaction adds who, ids and labels. */
export interface EventInit {
  readonly stage: Stage;
  readonly point?: Point;
  readonly resource?: Resource;
  readonly attributes?: { readonly [name: string]: Json };
  /** Parsed arguments of a tool call. Their text is scanned decoded; conditions read them as `tool.args.*`. */
  readonly args?: Json;
  /** The text: one string, or addressed segments. Absent on `tool_call`: taken from `args`. */
  readonly content?: string | readonly SegmentInit[];
  /** Addresses of what could not be read, such as `args`: where the stage is covered, a failure by `onError`. */
  readonly unreadable?: readonly string[];
  /** Addresses of media that no detector reads: counted, and refused where the policy says `media: block`. */
  readonly media?: readonly string[];
  /** Default: minted. Give one to make retries of the same event count once. */
  readonly id?: string;
}

export interface SegmentInit {
  readonly text: string;
  readonly path?: string;
  readonly role?: Role;
  readonly channel?: Channel;
  readonly block?: string;
  readonly separate?: true;
  /** Nobody may rewrite it: what a rule would redact in it is recorded and stays. */
  readonly fixed?: true;
  /** An earlier message of a conversation, sent again: what was stopped before in its session is masked whole. */
  readonly history?: true;
}

/** One request with its prompts, tool calls and answers. Explicit, passed along, exportable to another process. */
export interface Interaction {
  readonly id: string;
  readonly subject: Subject;
  /** The subject could not be established: `subject` is a stand-in, and `onError` decides. */
  readonly subjectMissing?: true | undefined;
  /** Name of the policy its events are decided by. */
  readonly policy: string;
  /** Append-only names, sorted. */
  readonly labels: readonly string[];
  addLabels(...names: readonly string[]): void;
  event(init: EventInit): GovernedEvent;
  /** Decisions made so far, oldest first. */
  readonly decisions: readonly Decision[];
  /**
   * Numbers known only afterwards, for limits of that unit: `report(event, { output_tokens: 212 })`. All of them count,
   * or none. `tool.args.amount` settles what the call reserved: what it came to, 0 if nothing happened. Rejects with
   * `REPORT_INVALID` for what is no amount, and for a unit that is nearly the name of another that is limited.
   */
  report(event: GovernedEvent, amounts: { readonly [unit: string]: number }, options?: ReportOptions): Promise<void>;
  /**
   * Reserves an amount before it is spent, in every limit of that unit, all of it or nothing; so what runs at once
   * never passes the limit. What is never settled counts until the window has passed.
   *
   *     const budget = await interaction.reserve('cost', 0.25);
   *     if (!budget.granted) return tryLater(budget.retryAfterMs);
   *     const answer = await model.generate(prompt);
   *     await budget.settle(answer.cost);
   *
   * `event` says which tool, model or route it is for, where limits are keyed by them. Rejects with `REPORT_INVALID` as
   * `report` does.
   */
  reserve(unit: string, amount: number, event?: GovernedEvent): Promise<Reservation>;
  /**
   * A token to put into the system prompt: wherever it turns up later, text of that prompt has left. The pack `leakage`
   * recognises it, in this process or another, without being told. The same for the whole interaction.
   *
   *     const system = `${instructions}\n\nInternal reference: ${interaction.canary()}`;
   */
  canary(): string;
  /**
   * Text that answers must not repeat: system prompts that the governor does not see, because no adapter governs the
   * model's input. System messages of events to the model are protected without being named. Kept in this process, for
   * this interaction, up to 65,536 units.
   */
  protect(...prompts: readonly string[]): void;
  /** The request is over: places it holds in `in_flight` limits become free. */
  end(): Promise<void>;
  /** Aborts when something in the interaction was stopped for good (a halt). */
  readonly signal: AbortSignal;
  toJSON(): InteractionJson;
}

export interface ReportOptions {
  /** Reports with one id on one event count once. Default: each is a report of its own. */
  readonly id?: string;
}

/** An amount that was asked for before it is spent. */
export interface Reservation {
  /**
   * False: a limit has no room for all of it, or the store could not be asked and the policy blocks then. Nothing is
   * taken.
   */
  readonly granted: boolean;
  /** Id of the limit that has no room. */
  readonly limit?: string;
  /** Milliseconds until there may be room; 0 if granted. */
  readonly retryAfterMs: number;
  /** What could not be asked. */
  readonly errors: readonly Failure[];
  /** What it came to, once: it takes the place of what was reserved. 0 gives it back. */
  settle(amount: number): Promise<void>;
}

export interface InteractionJson {
  readonly id: string;
  readonly subject: Subject;
  readonly policy: string;
  readonly labels: readonly string[];
  /** The subject could not be established. */
  readonly subjectMissing?: true;
}

export interface InteractionOptions {
  /** Name of a loaded policy. Default: the first one given to `createGovernor`. */
  readonly policy?: string;
  /** Default: minted. */
  readonly id?: string;
}

export interface GovernorStatus {
  readonly policies: readonly {
    readonly id: string;
    readonly version: string;
    readonly behaviorVersion: string;
    readonly mode: Mode;
    /** Stages that rules name and no adapter in this process produces. */
    readonly stageNotWired: readonly Stage[];
    /**
     * What of the policy has no effect as it stands, or costs what its author may not expect, each with its code and
     * place.
     */
    readonly warnings: readonly PolicyWarning[];
  }[];
  readonly store: {
    readonly name: string;
    readonly connected: boolean;
    /** Age of the last confirmation, 0 for a store of this process. */
    readonly staleMs: number;
    /** Writes waiting for the store, and writes given up because there were too many. */
    readonly queued: number;
    readonly lost: number;
    /**
     * Calls that were not answered in time. Many of them while `connected`: the store's deadline is too short for it.
     */
    readonly timeouts: number;
    /** What went wrong last, for a person. */
    readonly lastError?: { readonly code: string; readonly message: string; readonly at: number };
    /** The shortest of the latest round trips to a shared store. */
    readonly roundTripMs?: number;
    /**
     * What will not work as it is set up: a deadline that is shorter than a round trip, a database that may forget
     * halts.
     */
    readonly warning?: string;
    /**
     * Subjects held, and how many there can be, of a store with a bound of its own: of the memory store, and of no
     * database.
     */
    readonly fill?: { readonly held: number; readonly max: number };
  };
  /** Records the sink refused. */
  readonly auditRefused: number;
  readonly decisions: { readonly [outcome: string]: number };
  readonly openGates: number;
}

/** Why an adapter stops what no rule stopped. */
export type RefusalReason =
  | 'EDIT_NOT_APPLICABLE'
  | 'PROVIDER_TOOLS'
  | 'OUTPUT_NOT_GATED'
  | 'MAX_HOLD'
  | 'UNREADABLE'
  | 'FAILED_CLOSED';

/** What a policy tells adapters beside decisions. */
export interface AdapterSettings {
  /** Whether requests that offer tools which the provider runs are accepted although rules name tools (T5). */
  readonly providerTools: 'refuse' | 'allow';
  /** What a stopped tool call does to the run: the model reads the denial, or the run ends (T4). */
  readonly onBlock: 'continue' | 'stop';
  /** Stages that its rules name. */
  readonly stages: readonly Stage[];
}

/** What an application does with its governor. */
export interface Governor {
  /**
   * Begins an interaction. `undefined` says that the subject could not be established: its events are decided as the
   * policy's `onError` says.
   */
  interaction(subject: Subject | undefined, options?: InteractionOptions): Interaction;
  /**
   * Continues an interaction that another process exported. Throws `OPTIONS_INVALID` for anything `toJSON` would not
   * write.
   */
  resume(json: InteractionJson): Interaction;
  /** Decides on a complete event. Rejects only for misuse: what cannot be evaluated is a decision too. */
  decide(event: GovernedEvent): Promise<Decision>;
  /** Opens streaming enforcement of one output. The event's content is empty; the gate supplies it. */
  openGate<T = never>(event: GovernedEvent): Promise<OutputGate<T>>;
  readonly control: ControlPlane;
  /** Everything that happens here, as it happens: what consoles, metrics and traces are made from. */
  readonly events: GovernorEvents;
  status(): GovernorStatus;
  /** The decision in a few lines of plain words. */
  explain(decision: Decision): string;
  /**
   * Ends every running answer as cut short, writes what is queued, and lets go of store and sink. Later calls reject.
   */
  close(options?: CloseOptions): Promise<void>;
}

export interface CloseOptions {
  /**
   * Milliseconds that running answers get to finish by themselves; what arrives meanwhile is still decided. What they
   * leave of it the sink has to write what is queued, and at least 5 seconds. Default 0.
   */
  readonly drain?: number;
}

/** A complete event that an adapter has read by itself: its texts, and all of it for whoever looks. */
export interface QuietEvent {
  /**
   * The texts of the content, in its order. Names of members come again with every event of their kind: they are judged
   * once.
   */
  readonly texts: readonly (Pick<SegmentInit, 'text' | 'role' | 'channel'> & { readonly isName?: boolean })[];
  /**
   * The event, of the lane's stage: asked for now or much later, and then of the same texts. An event that
   * `interaction.event` would refuse, that lists media or something unreadable, is not for the lane; nor is an output
   * whose segments are not all `separate`.
   */
  init(): Omit<EventInit, 'stage' | 'media' | 'unreadable'>;
}

/** Where nothing can object to an event but what is found in its texts: see `AdapterGovernor.quiet`. */
export interface QuietLane {
  /** The mode in which it decides. */
  readonly mode: Exclude<Mode, 'off'>;
  /** Somebody keeps records or listens: `init` of every event that passes is called, and at once. */
  readonly asksAll: boolean;
  /**
   * `passed`: the event goes on as it is; its record, where one is kept, was accepted, and the decision is made when
   * somebody looks at it. A decision is handed over where somebody listens, and where its record was not accepted at
   * once. `undefined`: something was found, or the texts are long; nothing is decided, use `decideNow`.
   */
  decide(interaction: Interaction, event: QuietEvent): MaybePromise<Decision> | 'passed' | undefined;
}

/** How a route is to be named. */
export interface RouteNaming {
  /** Whose names count; default: the first policy. */
  readonly policy?: string;
  /** The application tells `/Chat` from `/chat`. */
  readonly isCaseSensitive?: boolean;
}

/**
 * What adapters use besides: `requireGovernor` checks that it is there. An object that wraps a governor must hand on
 * all of it.
 */
export interface AdapterGovernor extends Governor {
  /**
   * As `decide`, with the decision itself as the answer where nothing had to be waited for (no limit in a shared store,
   * no detector of code, a text short enough to be scanned in one piece). Throws for misuse.
   */
  decideNow(event: GovernedEvent): MaybePromise<Decision>;
  /**
   * Stops an event that the adapter cannot carry out or may not offer, and records it. `NO_OP` where nothing is
   * enforced, unless it stands `insteadOf` a decision: then it is enforced in the mode in which that one was made.
   */
  refuse(event: GovernedEvent, reason: RefusalReason, insteadOf?: Decision): MaybePromise<Decision>;
  /**
   * False where no decision could depend on the event: its mode is off, or no rule, limit, default, cooldown or halt
   * concerns its stage and scope. What builds its content may then be skipped.
   */
  covers(event: Pick<GovernedEvent, 'stage' | 'subject' | 'resource' | 'policy' | 'subjectMissing'>): boolean;
  /**
   * True where what was decided on an event before holds for it still: no operator has halted it since, nor made its
   * mode stricter, and this process knows so. Else it is to be decided on again.
   */
  stands(
    decision: Pick<Decision, 'mode'>,
    event: Pick<GovernedEvent, 'subject' | 'resource' | 'policy' | 'subjectMissing'>,
  ): boolean;
  /**
   * The strictest mode in which anything that this policy (default: the first one) decides can run now, whoever acts on
   * whatever: its own, or what operators have set somewhere; `enforce` where a halt stands or no such policy is loaded.
   * While it is `shadow` or `off`, no decision can stop anything: an adapter waits for none, and no failure of its own
   * may show.
   */
  strictestMode(policy?: string): Mode;
  /**
   * A route that is known by the path that a caller asked for: routers take `/Chat/` for `/chat`, and rules and limits
   * of the one must not be escaped by the other. Answers the name that the policy writes it by, else `unknown`, or the
   * path as asked where an expression of the policy reads routes. Controls compare routes by themselves.
   *
   *     governor.routeNamed('/Chat/', '/chat', {}); // '/chat'
   */
  routeNamed(asked: string, unknown: string, naming: RouteNaming): string;
  /**
   * The shorter way for events of which nothing but the text can matter: no control stands, nothing has failed, the
   * event is covered, and the stage has no limit, no cooldown, no rule without a detector and no detector of code. What
   * it decides is what `decideNow` would, and it is to be used at once: in a later turn other things may matter.
   * `undefined`: there is no such way for this event.
   *
   *     const done = governor.quiet({ stage: 'input', subject, policy, resource })?.decide(interaction, event);
   *     if (done === 'passed') return goOn();
   */
  quiet(
    where: Pick<GovernedEvent, 'stage' | 'subject' | 'resource' | 'policy' | 'subjectMissing'>,
  ): QuietLane | undefined;
  /**
   * Counts events that an adapter lets pass without asking because everything is off (`NO_OP` in `status().decisions`).
   * False, and nothing is counted, where somebody keeps records or listens: then the adapter decides on them as on any
   * other.
   */
  countUnasked(events: number): boolean;
  /** What the policy of this name tells adapters; `undefined` when none of that name is loaded. */
  adapterSettings(policy: string): AdapterSettings | undefined;
  /** Says which stages the adapter produces, so that a rule for a stage nobody produces is named in `status()`. */
  declareStages(stages: readonly Stage[]): void;
  /**
   * Tells the listeners of `events` that a part of the application failed: a subject resolver, the wording of a
   * refusal.
   */
  noteFailure(failure: Failure, cause?: unknown): void;
  /**
   * Hears of failures, and of what they stopped, for as long as the governor lives. Costs nothing until something
   * fails.
   */
  watchFailures(watcher: FailureWatcher): void;
}
