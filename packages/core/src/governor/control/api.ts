import type { Control, Scope } from '../../contract/control.ts';
import type { Mode } from '../../contract/effect.ts';
import type { Json } from '../../contract/json.ts';
import type { Share } from '../../contract/share.ts';
import type { ControlNotice } from '../../state/near-cache.ts';
import type { Halted, HaltInit } from '../../state/operator.ts';
import type { LadderCause } from '../../state/requests.ts';
import type { ControlChange } from '../../store/store.ts';

export interface ControlInit {
  readonly who: string;
  readonly why: string;
  /** Milliseconds from now after which the control ends by itself. */
  readonly forMs?: number;
}

/** KnownState instructions of operators, true on every replica that shares the store. */
export interface ModeInit extends ControlInit {
  /**
   * For this part of the subjects, by default of tenants' users: the mode holds for them, and what held before for the
   * others. A larger percentage under the same seed has them all.
   *
   *     await governor.control.setMode({}, 'enforce', { who: 'olga', why: 'step 1', share: { percent: 10 } });
   */
  readonly share?: Pick<Share, 'percent'> & Partial<Share>;
}

export interface ControlPlane extends SubjectPlane {
  /**
   * Stops everything in the scope. Resolves once the store has it; the answer says in how many processes it is in force
   * by then.
   */
  halt(scope: Scope, init: HaltInit): Promise<Halted>;
  /** Lifts the halt of exactly this scope. */
  resume(scope: Scope, init: ControlInit): Promise<void>;
  /** Sets a mode, for everybody in the scope or for a share of them. */
  setMode(scope: Scope, mode: Mode, init: ModeInit): Promise<Control>;
  /**
   * The same mode for at most 1,000 scopes. Resolves once the store has all of them; where it rejects, the store has
   * taken none.
   */
  setModes(scopes: readonly Scope[], mode: Mode, init: ModeInit): Promise<readonly Control[]>;
  /** Takes back the mode of exactly this scope. */
  clearMode(scope: Scope, init: ControlInit): Promise<void>;
  /** What stands now, re-read from the store. */
  list(): Promise<readonly Control[]>;
  /** Changes, newest first. */
  history(limit?: number): Promise<readonly ControlChange[]>;
  /**
   * Calls back in this process whenever a control comes to stand or is lifted, by whomever. Returns how to stop
   * listening.
   */
  onChange(listener: (notice: ControlNotice) => void): () => void;
}

/** Whom an operator means: a tenant, and any fields that ladders and limits are keyed by. */
export type SubjectScope = Scope & { readonly tenant: string };

export interface SubjectOptions {
  /** The state of mode `shadow` in place of the real one. */
  readonly shadow?: boolean;
  /** With `subject`: what limits that allow by attributes read, such as `{ plan: 'pro' }`. */
  readonly attributes?: { readonly [name: string]: Json };
}

export interface CoolingFilter extends SubjectOptions {
  /** Those whose key names all of it. */
  readonly scope?: Scope;
  readonly ladder?: string;
  /** Most that are listed, those that wait longest first. Default 100. */
  readonly limit?: number;
}

/** Somebody whom a cooldown stops now. */
export interface CoolingSubject {
  readonly ladder: string;
  /** The fields that the ladder is keyed by, as far as the subject has them. */
  readonly scope: SubjectScope;
  readonly retryAfterMs: number;
  /**
   * Points that count towards the next cooldown, and cooldowns remembered. Absent where no loaded policy has the
   * ladder.
   */
  readonly points?: number;
  readonly level?: number;
  /** Why: the rules of the latest offence, or what an operator did since. Absent where the store does not know. */
  readonly cause?: LadderCause;
}

/** What is kept of one subject, by the ladders and limits of the policies that are loaded. */
export interface SubjectState {
  readonly ladders: readonly (CoolingSubject & {
    readonly points: number;
    readonly level: number;
    readonly strikes: number;
  })[];
  /** Limits on `repeats` are not among them: they count by text. */
  readonly limits: readonly SubjectLimit[];
}

export interface SubjectLimit {
  readonly limit: string;
  readonly scope: SubjectScope;
  readonly unit: string;
  readonly used: number;
  /** Absent where it depends on attributes that were not given. */
  readonly allow?: number;
  readonly remaining?: number;
  /**
   * Milliseconds until the window starts over, or, where it slides, until the oldest of what counts leaves it. 0 when
   * nothing counts.
   */
  readonly resetMs: number;
}

export interface SubjectInit extends Omit<ControlInit, 'forMs'>, SubjectOptions {
  /** Id of a ladder, or with `reset` of a limit: only that one. */
  readonly only?: string;
}

export interface PutOnInit extends ControlInit, SubjectOptions {
  readonly ladder: string;
  /** Milliseconds that the cooldown lasts at least. Default: the ladder's first one. */
  readonly forMs?: number;
}

/**
 * An operator's hand on single subjects: seen and done in the store, and so in every process. Each change is an audit
 * record of the process in which it was made, with who and why. Rejects with a `StoreError`, and changes nothing, when
 * the store does not answer in time.
 */
export interface SubjectPlane {
  /** Whom cooldowns stop now, and why. */
  cooling(filter?: CoolingFilter): Promise<readonly CoolingSubject[]>;
  /**
   * What is kept of one subject: ladders and limits whose key has no field that `scope` does not name, and every
   * cooldown that runs under a key which names all of it.
   */
  subject(scope: SubjectScope, options?: SubjectOptions): Promise<SubjectState>;
  /** Ends the cooldowns of a subject. Strikes and level stay: the next cooldown is as long as it would have been. */
  lift(scope: SubjectScope, init: SubjectInit): Promise<SubjectState>;
  /** Ends the cooldowns of a subject, and forgets its strikes and levels. What it sent again still counts once. */
  forgive(scope: SubjectScope, init: SubjectInit): Promise<SubjectState>;
  /** Forgets what limits have counted for a subject. */
  reset(scope: SubjectScope, init: SubjectInit): Promise<SubjectState>;
  /** Puts a subject on a cooldown that no offence started. */
  putOn(scope: SubjectScope, init: PutOnInit): Promise<SubjectState>;
}
