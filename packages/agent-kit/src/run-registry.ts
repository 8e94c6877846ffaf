/**
 * What an adapter knows of the runs that are under way, by whatever object a framework's hooks have in common: an
 * interaction, a signal, a configuration, a callback manager. A run is forgotten with its keys: nothing has to be
 * cleaned up.
 *
 *     const runs = createRunRegistry<Run>();
 *     runs.set(config, run); // where it begins
 *     runs.get(config);      // in a hook that is given the same object
 */
export interface RunRegistry<R> {
  get(key: object): R | undefined;
  /** Also under a further key: frameworks copy and wrap what they hand on. */
  set(key: object, run: R): R;
  /** The run of this key, begun now if there is none. */
  of(key: object, begin: () => R): R;
}

export function createRunRegistry<R extends object>(): RunRegistry<R> {
  const runs = new WeakMap<object, R>();
  const set = (key: object, run: R): R => {
    runs.set(key, run);
    return run;
  };
  return { get: (key) => runs.get(key), set, of: (key, begin) => runs.get(key) ?? set(key, begin()) };
}
