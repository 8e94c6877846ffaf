type List = readonly unknown[];

/** What was there before the first application attached something, and how many have. */
interface Attached {
  readonly hadOwn: boolean;
  count: number;
}

const attached = new WeakMap<object, Map<string, Attached>>();

/**
 * Writes an enhancer among those that `key` names on a class or a handler, once for however many applications. Returns
 * what takes it back: classes outlive applications, and some have several at once.
 */
export function attach(key: string, target: object, enhancer: object, at: 'first' | 'last'): () => void {
  const listed = listOn(key, target);
  const byKey = attached.get(target) ?? new Map<string, Attached>();
  attached.set(target, byKey);
  let known = byKey.get(key);
  if (known === undefined) byKey.set(key, (known = { hadOwn: Reflect.hasOwnMetadata(key, target), count: 0 }));
  known.count++;
  if (!listed.includes(enhancer))
    Reflect.defineMetadata(key, at === 'first' ? [enhancer, ...listed] : [...listed, enhancer], target);
  return () => {
    if (--known.count > 0) return;
    byKey.delete(key);
    const rest = listOn(key, target).filter((one) => one !== enhancer);
    if (known.hadOwn) Reflect.defineMetadata(key, rest, target);
    else Reflect.deleteMetadata(key, target);
  };
}

function listOn(key: string, target: object): List {
  return (Reflect.getMetadata(key, target) as List | undefined) ?? [];
}
