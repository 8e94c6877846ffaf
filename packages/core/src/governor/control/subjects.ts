import { SCOPE_FIELDS, type Scope } from '../../contract/control.ts';
import { STAGES } from '../../contract/event.ts';
import type { Ladder, Limit } from '../../contract/limits.ts';
import { lookOf, readCause, usedOf, type LadderCause } from '../../state/requests.ts';
import type { SubjectControls } from '../../state/subjects.ts';
import { readKey, stateKey, type KeyParts } from '../../store/keys.ts';
import type { Amendment, Look } from '../../store/store.ts';
import type {
  CoolingFilter,
  CoolingSubject,
  PutOnInit,
  SubjectInit,
  SubjectOptions,
  SubjectPlane,
  SubjectScope,
  SubjectState,
} from './api.ts';
import type { SubjectChange } from '../lifecycle/events.ts';
import type { Policies } from '../lifecycle/policies.ts';
import { checkedInit, checkedLimit, checkedScope, checkKnown, invalid } from './check.ts';

type LadderPlace = { readonly key: string; readonly ladder: Ladder };
type LimitPlace = { readonly key: string; readonly limit: Limit };

interface Parts {
  readonly policies: Policies;
  readonly subjects: SubjectControls;
  record(change: SubjectChange): void;
}

export function subjectPlane({ policies, subjects, record }: Parts): SubjectPlane {
  const ladders = (): readonly Ladder[] => policies.all().flatMap(({ policy }) => Object.values(policy.ladders));
  const limits = (): readonly Limit[] =>
    policies.all().flatMap(({ policy }) => STAGES.flatMap((stage) => policy.stages[stage].limits));

  async function cooling(
    filter: CoolingFilter,
  ): Promise<readonly { key: string; parts: KeyParts; retryAfterMs: number }[]> {
    const all = (await subjects.cooling()).map((one) => ({ ...one, parts: readKey(one.key) }));
    return all.filter(
      ({ parts }) =>
        parts.shadow === (filter.shadow === true) &&
        (filter.ladder === undefined || parts.id === filter.ladder) &&
        names(parts, filter.scope ?? {}),
    );
  }

  /**
   * Where ladders keep a subject: at keys that `scope` spells out, and where a cooldown runs under a key that names all
   * of it.
   */
  async function ladderPlaces(scope: SubjectScope, shadow: boolean, only?: string): Promise<readonly LadderPlace[]> {
    const known = ladders().filter(({ id }) => only === undefined || id === only);
    if (only !== undefined && known.length === 0) throw invalid(`no loaded policy has a ladder \`${only}\``);
    const places = new Map<string, LadderPlace>();
    for (const ladder of known) {
      if (missing(ladder, scope) !== undefined) continue;
      const key = keyOf('ladder', ladder, scope, shadow);
      if (!places.has(key)) places.set(key, { key, ladder });
    }
    for (const { key, parts } of await cooling({ scope, shadow })) {
      const ladder = known.find(({ id }) => id === parts.id);
      if (ladder !== undefined && !places.has(key)) places.set(key, { key, ladder });
    }
    return [...places.values()];
  }

  function limitPlaces(scope: SubjectScope, shadow: boolean, only?: string): readonly LimitPlace[] {
    const known = limits().filter(({ id, unit }) => unit !== 'repeats' && (only === undefined || id === only));
    if (only !== undefined) {
      const [named] = known;
      if (named === undefined) throw invalid(`no loaded policy has a limit \`${only}\` that counts by subject`);
      const field = missing(named, scope);
      if (field !== undefined) throw invalid(`limit \`${only}\` is counted by ${field}: name it`);
    }
    const places = new Map<string, LimitPlace>();
    for (const limit of known) {
      if (missing(limit, scope) !== undefined) continue;
      const key = keyOf('limit', limit, scope, shadow);
      if (!places.has(key)) places.set(key, { key, limit });
    }
    return [...places.values()];
  }

  async function stateOf(
    scope: SubjectScope,
    { shadow = false, attributes = {} }: SubjectOptions,
  ): Promise<SubjectState> {
    const [onLadders, inLimits] = [await ladderPlaces(scope, shadow), limitPlaces(scope, shadow)];
    const asked: readonly Look[] = [
      ...onLadders.map(({ key, ladder }) => ({ of: 'ladder' as const, key, ladder: termsOf(ladder) })),
      ...inLimits.map(({ key, limit }) => lookOf(key, limit)),
    ];
    const looked = await subjects.look(asked);
    return {
      ladders: onLadders.flatMap(({ key, ladder }, i) => {
        const one = looked[i]!;
        if (one.of !== 'ladder') return [];
        const { points, level, retryAfterMs } = one;
        const place = { ladder: ladder.id, scope: scopeOf(key), points, level, retryAfterMs };
        return [{ ...place, strikes: ladder.after.strikes, ...withCause(one.cause) }];
      }),
      limits: inLimits.flatMap(({ key, limit }, i) => {
        const one = looked[onLadders.length + i]!;
        if (one.of !== 'limit') return [];
        const { id, unit } = limit;
        const used = usedOf(unit, one.remaining);
        const allow = allowOf(limit, scope, attributes);
        const left = allow === undefined ? {} : { allow, remaining: Math.max(0, allow - used) };
        return [{ limit: id, scope: scopeOf(key), unit, used, ...left, resetMs: one.resetMs }];
      }),
    };
  }

  async function amend(amendment: Amendment, change: Omit<SubjectChange, 'scope'>): Promise<void> {
    await subjects.amend(amendment);
    record({ ...change, scope: scopeOf(amendment.key) });
  }

  async function onLadders(op: 'lift' | 'forgive', given: SubjectScope, init: SubjectInit): Promise<SubjectState> {
    const { scope, by, shadow, only } = checked(given, init, 'only');
    for (const { key, ladder } of await ladderPlaces(scope, shadow, only)) {
      const cause = JSON.stringify({ by: 'operator', op, ...by });
      const change = { change: op, of: ladder.id, by, ...(shadow && { shadow }) };
      await amend({ op, key, ladder: termsOf(ladder), cause }, change);
    }
    return stateOf(scope, { shadow });
  }

  return {
    async cooling(filter = {}) {
      const scope = checkedScope(filter.scope ?? {});
      const limit = checkedLimit(filter.limit ?? 100);
      checkOptions(filter, ['scope', 'ladder', 'limit', ...OPTIONS]);
      const found = await cooling({ ...filter, scope });
      const listed = found.toSorted((a, b) => b.retryAfterMs - a.retryAfterMs).slice(0, limit);
      const all = ladders();
      const asked = listed.map(({ key, parts }) => {
        const ladder = all.find(({ id }) => id === parts.id);
        return ladder === undefined ? undefined : { of: 'ladder' as const, key, ladder: termsOf(ladder) };
      });
      const looked = (await subjects.look(asked.filter((one) => one !== undefined))).values();
      return listed.map(({ key, parts, retryAfterMs }, i): CoolingSubject => {
        const known = asked[i] === undefined ? undefined : looked.next().value;
        const one = { ladder: parts.id, scope: scopeOf(key), retryAfterMs };
        if (known?.of !== 'ladder') return one;
        return { ...one, points: known.points, level: known.level, ...withCause(known.cause) };
      });
    },

    async subject(scope, options = {}) {
      checkOptions(options, OPTIONS);
      return stateOf(checkedSubject(scope), options);
    },

    lift: (scope, init) => onLadders('lift', scope, init),
    forgive: (scope, init) => onLadders('forgive', scope, init),

    async reset(given, init) {
      const { scope, by, shadow, only } = checked(given, init, 'only');
      for (const { key, limit } of limitPlaces(scope, shadow, only)) {
        const { of: _, ...terms } = lookOf(key, limit);
        await amend({ op: 'reset', ...terms }, { change: 'reset', of: limit.id, by, ...(shadow && { shadow }) });
      }
      return stateOf(scope, { shadow });
    },

    async putOn(given, init) {
      const { scope, by, shadow } = checked(given, init, 'ladder', 'forMs');
      const ladder = ladders().find(({ id }) => id === init.ladder);
      if (ladder === undefined) throw invalid(`no loaded policy has a ladder \`${init.ladder}\``);
      const field = missing(ladder, scope);
      if (field !== undefined) throw invalid(`ladder \`${ladder.id}\` is counted by ${field}: name it`);
      const forMs = init.forMs ?? ladder.forMs;
      const key = keyOf('ladder', ladder, scope, shadow);
      const cause = JSON.stringify({ by: 'operator', op: 'put_on', ...by });
      const change = { change: 'put_on', of: ladder.id, forMs, by, ...(shadow && { shadow }) } as const;
      await amend({ op: 'put_on', key, ladder: termsOf(ladder), cause, forMs }, change);
      return stateOf(scope, { shadow });
    },
  };
}

/** `undefined` where it cannot be said without an event. */
function allowOf(
  { allow, on }: Limit,
  scope: SubjectScope,
  attributes: NonNullable<SubjectOptions['attributes']>,
): number | undefined {
  if (typeof allow === 'number') return allow;
  const { tenant, user, session, agent, model, tool, route } = scope;
  const subject = { tenant, ...(user !== undefined && { user }), ...(session !== undefined && { session }) };
  const resource = { ...(model !== undefined && { model }), ...(tool !== undefined && { tool }) };
  try {
    return allow.evaluate({
      ...{ id: '', interactionId: '', stage: on[0] ?? 'input', point: 'model', labels: [], content: [], attributes },
      subject: { ...subject, ...(agent !== undefined && { agent }) },
      resource: { ...resource, ...(route !== undefined && { route }) },
    });
  } catch {
    return undefined;
  }
}

function checkedSubject(scope: SubjectScope): SubjectScope {
  const { tenant, ...rest } = checkedScope(scope);
  if (tenant === undefined) throw invalid('`tenant` is missing: a subject belongs to a tenant');
  return { tenant, ...rest };
}

function checked(given: SubjectScope, init: SubjectInit | PutOnInit, ...more: readonly string[]) {
  const { who, why } = checkedInit(init, ['who', 'why', ...more, ...OPTIONS]);
  checkKinds(init);
  const only = 'only' in init ? init.only : undefined;
  return { scope: checkedSubject(given), by: { who, why }, shadow: init.shadow === true, only };
}

const OPTIONS: readonly string[] = ['shadow', 'attributes'];

function checkOptions(options: SubjectOptions, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) throw invalid('options must be an object');
  checkKnown(options, known);
  checkKinds(options);
}

/** Anything else would mean the real state where that of shadow was meant, or all of it where one part was. */
function checkKinds(options: SubjectOptions & { readonly only?: unknown; readonly ladder?: unknown }): void {
  const { shadow, attributes, only, ladder } = options;
  if (shadow !== undefined && typeof shadow !== 'boolean') throw invalid('`shadow` must be true or false');
  if (attributes !== undefined && (typeof attributes !== 'object' || attributes === null))
    throw invalid('`attributes` must be an object');
  for (const [name, value] of Object.entries({ only, ladder })) {
    if (value !== undefined && (typeof value !== 'string' || value === '')) throw invalid(`\`${name}\` must be an id`);
  }
}

const keyOf = (kind: 'ladder' | 'limit', of: Ladder | Limit, scope: SubjectScope, shadow: boolean): string =>
  stateKey(kind, of.id, of.key, { subject: scope, resource: scope }, shadow);

/** A field that the key has and the scope does not name: what is meant is not one place. */
const missing = ({ key }: Pick<Ladder | Limit, 'key'>, scope: Scope): string | undefined =>
  key.find((field) => scope[field] === undefined);

/** True when the key has every field that the scope names, with its value. */
const names = ({ fields }: KeyParts, scope: Scope): boolean =>
  SCOPE_FIELDS.every((field) => scope[field] === undefined || fields[field] === scope[field]);

function scopeOf(key: string): SubjectScope {
  const { fields } = readKey(key);
  const named = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(named) as unknown as SubjectScope;
}

const termsOf = ({ after, forMs, escalate }: Ladder) => ({ after, forMs, ...(escalate !== undefined && { escalate }) });

function withCause(text: string | undefined): { readonly cause?: LadderCause } {
  const cause = readCause(text);
  return cause === undefined ? {} : { cause };
}
