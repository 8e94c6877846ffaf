// Whose run this is. Agents, graphs and models are made once and used by everybody, so it is asked for each run.
import { createRunRegistry, isOwn, endOwn, resolveInteraction } from '@flyball/agent-kit';
import { isPromise, type AdapterGovernor, type Interaction, type MaybePromise } from '@flyball/core/adapter';
import { AsyncLocalStorageProviderSingleton } from '@langchain/core/singletons';
import type { Checked, RunConfig } from './options.ts';

/** A configuration as LangChain hands it on: with what a run is known by. */
export interface Invocation extends RunConfig {
  /** LangGraph's: one function for all of a run, another for the next. Everything else is copied from hook to hook. */
  readonly writer?: unknown;
}

// Symbols do not come out of JSON: no caller can write one into `configurable`. Registered, so that two copies of this
// package agree.
const CARRIED: unique symbol = Symbol.for('flyball.langchain.interaction') as never;

type Carrier = { readonly [CARRIED]?: ReadonlyMap<AdapterGovernor, Interaction> };
type Runs = Map<AdapterGovernor, MaybePromise<Interaction>>;

const runs = createRunRegistry<Runs>();

/** The configuration of whatever runs at the moment, in every hook and on every version. */
export function currentInvocation(): Invocation | undefined {
  return AsyncLocalStorageProviderSingleton.getRunnableConfig() as Invocation | undefined;
}

/**
 * The interaction of a run: the one that the options name; else the one that a tool's call has carried into what runs
 * inside of it; else that of the LangGraph run; else a new one, for this call alone.
 */
export function interactionOf(options: Checked, given?: Invocation): MaybePromise<Interaction> {
  const { governor } = options;
  const invocation = given?.writer === undefined ? { ...given, ...currentInvocation(), ...named(given) } : given;
  if (options.interaction !== undefined) return resolveInteraction(governor, options, invocation);
  const carried = (invocation.configurable as Carrier | undefined)?.[CARRIED]?.get(governor);
  if (carried !== undefined) return carried;
  const { writer } = invocation;
  if (typeof writer !== 'function') return resolveInteraction(governor, options, invocation);
  const known = runs.of(writer, () => new Map());
  const found = known.get(governor);
  if (found !== undefined) return found;
  const resolved = resolveInteraction(governor, options, invocation);
  known.set(governor, resolved);
  if (isPromise(resolved)) void resolved.then((interaction) => known.set(governor, interaction)).catch(() => undefined);
  return resolved;
}

/** The fields that a call has of its own: they are nearer than those of what surrounds it. */
function named(given: Invocation | undefined): Invocation {
  return Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== undefined));
}

/**
 * A configuration that carries the interaction into everything that runs inside: an agent that is invoked by a tool.
 */
export function carrying<C extends object>(config: C, governor: AdapterGovernor, interaction: Interaction): C {
  const { configurable } = config as { readonly configurable?: Carrier };
  const carried = new Map(configurable?.[CARRIED]).set(governor, interaction);
  return { ...config, configurable: { ...configurable, [CARRIED]: carried } };
}

const NOTHING = (): void => undefined;
const holders = new WeakMap<Interaction, number>();

/**
 * Something goes on in this interaction: a run, or a call that may belong to none. The last one to let go of an
 * interaction that was opened here ends it, so that a run keeps its places in limits whatever else is asked in it
 * meanwhile. Letting go twice is letting go once.
 */
export function hold(governor: AdapterGovernor, interaction: Interaction, given?: Invocation): () => void {
  // What runs inside a tool's call ends before that call does, and holds nothing of its own.
  const inside = [given, currentInvocation()].some(
    (invocation) => (invocation?.configurable as Carrier | undefined)?.[CARRIED]?.get(governor) === interaction,
  );
  if (inside || !isOwn(interaction)) return NOTHING;
  holders.set(interaction, (holders.get(interaction) ?? 0) + 1);
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    const left = (holders.get(interaction) ?? 1) - 1;
    holders.set(interaction, left);
    if (left === 0) endOwn(interaction);
  };
}
