import type { Channel } from '@flyball/core/adapter';

/**
 * What is known of one value of an event. Values that no description names are judged by themselves and as what
 * continues.
 */
export type ValueRule =
  /** A piece of a text that runs on from event to event. `name` tells such texts apart, beside their identities. */
  | { readonly how: 'continued'; readonly channel: Channel; readonly name: string }
  /** A piece of JSON that is judged, decoded, when its block ends. */
  | { readonly how: 'input'; readonly name: string }
  /** A value of its own, which nothing continues. */
  | { readonly how: 'apart' }
  /** An id or a signature: not text, and not judged. */
  | { readonly how: 'exempt' };

/**
 * What a protocol says of one kind of event, by the paths of its values: `choices[index].delta.content`. In brackets
 * stands what tells the items of a list apart: a member of theirs, a position, or `*` for nothing (all items continue
 * one text). `usage.**` is everything below `usage`.
 */
export interface ShapeInit {
  readonly continued?: { readonly [path: string]: Channel | readonly [channel: Channel, name: string] };
  readonly input?: readonly string[];
  readonly apart?: readonly string[];
  readonly exempt?: readonly string[];
  /**
   * Values that repeat the text of their event in another spelling: where a mask is written, `null` takes their place.
   */
  readonly repeats?: readonly string[];
  /** Members of the event that tell the texts of different blocks apart. */
  readonly identity?: readonly string[];
  /** Names of members, beside those of the paths above, that are the protocol's own. */
  readonly names?: readonly string[];
  /** How the values are read that are not named. Default `both`: alone, and as what continues. */
  readonly otherwise?: 'both' | 'apart';
}

/** What is known of one path of an event. */
export interface PathPlan {
  readonly rule: ValueRule | undefined;
  /** Paths whose values, in turn, tell the block apart; a number where the position does. */
  readonly ids: readonly (string | { readonly path: string; readonly position: string })[];
  readonly repeats: boolean;
}

type Step = string | { readonly items: string };

interface Pattern {
  readonly steps: readonly Step[];
  readonly rule: ValueRule | undefined;
}

const ROOT = 'data';
/** Paths that are remembered; a stream may make up any number of them. */
const MAX_PATHS = 1_000;

/** The compiled description of one kind of event: what is known of a path is looked up once. */
export class Shape {
  readonly otherwise: 'both' | 'apart';
  /** The protocol's own names of members: no text of anybody's. */
  readonly names: ReadonlySet<string>;
  readonly #patterns: readonly Pattern[];
  readonly #repeats: readonly Pattern[];
  readonly #identity: readonly string[];
  readonly #plans = new Map<string, PathPlan>();

  constructor(init: ShapeInit = {}) {
    const { continued = {}, input = [], apart = [], exempt = [], repeats = [], identity = [] } = init;
    this.otherwise = init.otherwise ?? 'both';
    this.#identity = identity.map((path) => `${ROOT}.${path}`);
    this.#patterns = [
      ...Object.entries(continued).map(([path, given]): Pattern => {
        const [channel, name] = typeof given === 'string' ? [given, path] : given;
        return { steps: stepsOf(path), rule: { how: 'continued', channel, name: plainName(name) } };
      }),
      ...input.map((path): Pattern => ({ steps: stepsOf(path), rule: { how: 'input', name: plainName(path) } })),
      ...apart.map((path): Pattern => ({ steps: stepsOf(path), rule: { how: 'apart' } })),
      ...exempt.map((path): Pattern => ({ steps: stepsOf(path), rule: { how: 'exempt' } })),
    ];
    const own = this.#patterns.flatMap(({ steps }) => steps.filter((step) => typeof step === 'string'));
    this.names = new Set([...own, ...identity, ...(init.names ?? [])]);
    this.#repeats = repeats.map((path) => ({ steps: stepsOf(`${path}.${BELOW}`), rule: undefined }));
  }

  /** `path` as the values of an event are addressed: `data.choices[0].delta.content`. */
  planOf(path: string): PathPlan {
    const known = this.#plans.get(path);
    if (known !== undefined) return known;
    const plan = this.#find(path);
    if (this.#plans.size < MAX_PATHS) this.#plans.set(path, plan);
    return plan;
  }

  #find(path: string): PathPlan {
    const steps = stepsOf(path.slice(ROOT.length));
    const repeats = this.#repeats.some((pattern) => matches(pattern.steps, steps) !== undefined);
    for (const { steps: wanted, rule } of this.#patterns) {
      const ids = matches(wanted, steps);
      if (ids !== undefined) return { rule, ids: [...this.#identity, ...ids], repeats };
    }
    return { rule: undefined, ids: [], repeats };
  }
}

/** `a.b[index].c` → `a`, `b`, items by `index`, `c`. */
function stepsOf(path: string): Step[] {
  return [...path.matchAll(/\.?([^.[\]]+)|\[([^\]]*)\]/g)].map(([, name, items]): Step => name ?? { items: items! });
}

const plainName = (path: string): string => path.replaceAll(/\[[a-z_*]+\]/gi, '');

const BELOW = '**';

/** What tells the items on the way apart, or undefined where the path is another one. */
function matches(wanted: readonly Step[], steps: readonly Step[]): PathPlan['ids'] | undefined {
  const isOpen = wanted.at(-1) === BELOW;
  if (isOpen ? steps.length < wanted.length - 1 : steps.length !== wanted.length) return undefined;
  const ids: PathPlan['ids'][number][] = [];
  let path = ROOT;
  for (const [at, want] of wanted.entries()) {
    if (want === BELOW) break;
    const step = steps[at]!;
    if (typeof want === 'string') {
      if (step !== want) return undefined;
      path += `.${want}`;
      continue;
    }
    if (typeof step === 'string') return undefined;
    path += `[${step.items}]`;
    if (want.items === '*') continue;
    if (/^\d/.test(want.items)) {
      if (want.items !== step.items) return undefined;
    } else ids.push({ path: `${path}.${want.items}`, position: step.items });
  }
  return ids;
}
