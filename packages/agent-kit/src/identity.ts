import {
  ambientInteraction,
  FlyballError,
  isPromise,
  mapMaybe,
  resolvePolicy,
  resolveSubject,
  type AdapterGovernor,
  type Failure,
  type Interaction,
  type MaybePromise,
  type Subject,
} from '@flyball/core/adapter';

/** Whose calls these are. Give one; without either, the interaction of the surrounding HTTP request is taken. */
export interface Identity<C = undefined> {
  /** Who acts, from trusted code: a subject, or a function that finds it in the configuration of the run. */
  readonly subject?: Subject | ((config: C) => Subject | undefined | PromiseLike<Subject | undefined>);
  /** The request these calls belong to: labels and limits then span all its steps. */
  readonly interaction?: Interaction | ((config: C) => Interaction);
  /**
   * The policy that decides, with `subject`: its name, or a function that chooses it at once. One that fails, or names
   * none that is loaded, stops the call (`POLICY_UNKNOWN`). Default: the governor's own default.
   */
  readonly policy?: string | ((config: C) => string);
}

/** An interaction that was opened here, for a subject: nobody else ends it. */
const opened = new WeakSet<Interaction>();

/** True for an interaction that `resolveInteraction` opened: its adapter ends it. */
export const isOwn = (interaction: Interaction): boolean => opened.has(interaction);

/**
 * The calls it was opened for are over: places it holds in `in_flight` limits become free. Waits for nothing, and never
 * throws.
 */
export function endOwn(interaction: Interaction): void {
  // How the store takes it is the store's to report.
  if (isOwn(interaction)) void Promise.allSettled([interaction.end()]);
}

/**
 * The interaction a run belongs to. `config` is what the framework runs with: resolvers are given it. A resolver that
 * fails or answers something else has established nobody: the interaction's subject is missing, the policy's `onError`
 * says what that means, and the governor's listeners are told why. Throws `NO_INTERACTION` where the options name
 * nobody and no HTTP request is under way.
 */
export function resolveInteraction<C>(
  governor: AdapterGovernor,
  { interaction, subject, policy }: Identity<C>,
  config: C,
): MaybePromise<Interaction> {
  const note = (failure: Failure, cause: unknown): void => governor.noteFailure(failure, cause);
  const open = (who: Subject | undefined): Interaction => {
    const chosen = resolvePolicy(policy, [config], note);
    const made = governor.interaction(who, chosen === undefined ? undefined : { policy: chosen });
    opened.add(made);
    return made;
  };
  if (typeof interaction === 'function') return answered(() => interaction(config), note) ?? open(undefined);
  if (interaction !== undefined) return interaction;
  if (subject !== undefined) return mapMaybe(resolveSubject(subject, [config], note), open);
  const ambient = ambientInteraction();
  if (ambient !== undefined) return ambient;
  throw new FlyballError(
    'NO_INTERACTION',
    'no subject for this call: give `subject` or `interaction`, or make the call inside a request that `@flyball/express` or `@flyball/http` governs',
  );
}

/** The same for a framework whose hook cannot wait: a resolver that answers with a promise has established nobody. */
export function resolveInteractionNow<C>(governor: AdapterGovernor, identity: Identity<C>, config: C): Interaction {
  const { subject } = identity;
  const at = typeof subject === 'function' ? { ...identity, subject: (given: C) => atOnce(subject(given)) } : identity;
  // INVARIANT: resolvers answer at once or throw, so there is nothing to wait for.
  return resolveInteraction(governor, at, config) as Interaction;
}

function atOnce<T>(found: T | PromiseLike<T>): T {
  if (!isPromise(found as MaybePromise<T>)) return found as T;
  // Nobody waits for it: that it fails as well needs no report of its own.
  Promise.resolve(found).catch(() => undefined);
  throw new TypeError('the subject must be found at once here: await it before, and give the subject itself');
}

/** True for what can carry a run's events. */
export function isInteraction(value: unknown): value is Interaction {
  const methods: readonly (keyof Interaction)[] = ['event', 'end', 'addLabels'];
  const given = value as { readonly [name: string]: unknown };
  return typeof value === 'object' && value !== null && methods.every((name) => typeof given[name] === 'function');
}

function answered(find: () => Interaction, note: (failure: Failure, cause: unknown) => void): Interaction | undefined {
  try {
    const answer = find();
    if (isInteraction(answer)) return answer;
    note({ part: 'subject', id: 'interaction', code: 'INVALID_ANSWER' }, undefined);
  } catch (cause) {
    note({ part: 'subject', id: 'interaction', code: 'THREW' }, cause);
  }
  return undefined;
}
