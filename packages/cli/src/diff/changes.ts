import type { PolicyDocument } from '@flyball/core';

/** One thing that is not the same in two policies. */
export interface Change {
  readonly what: 'new' | 'removed' | 'changed';
  /** `rule refund-cap`, `limit messages`, or the name of a field: `default`. */
  readonly name: string;
  /** Of a rule: its id. */
  readonly rule?: string;
  /** `when: tool.args.amount > 500 → tool.args.amount > 200`, one for each field. */
  readonly fields: readonly string[];
}

type Item = { readonly [field: string]: unknown };

const LISTS = [
  ['rules', 'rule', 'id'],
  ['limits', 'limit', 'id'],
  ['cooldowns', 'cooldown', 'id'],
] as const;
const HANDLED = new Set(['rules', 'limits', 'cooldowns', 'detectors', 'version']);

/**
 * What differs between two policies as they are written: order, and one value in place of a list of one, mean nothing.
 */
export function changesBetween(before: PolicyDocument, after: PolicyDocument): readonly Change[] {
  const [a, b]: readonly [Item, Item] = [{ ...before }, { ...after }];
  const changes: Change[] = [];
  for (const field of [...new Set([...Object.keys(a), ...Object.keys(b)])].sort()) {
    if (!HANDLED.has(field) && text(a[field]) !== text(b[field]))
      changes.push({ what: 'changed', name: field, fields: [arrow(a[field], b[field])] });
  }
  for (const [list, word, id] of LISTS) {
    const [old, now] = [byId(a[list], id), byId(b[list], id)];
    for (const [key, item] of now) {
      const was = old.get(key);
      const rule = word === 'rule' ? { rule: key } : {};
      const name = `${word} \`${key}\``;
      if (was === undefined) changes.push({ what: 'new', name, ...rule, fields: [inShort(item)] });
      else if (text(was) !== text(item)) changes.push({ what: 'changed', name, ...rule, fields: fieldsOf(was, item) });
    }
    for (const key of old.keys())
      if (!now.has(key))
        changes.push({
          what: 'removed',
          name: `${word} \`${key}\``,
          ...(word === 'rule' && { rule: key }),
          fields: [],
        });
  }
  return [...changes, ...detectorChanges(a['detectors'], b['detectors'])];
}

function detectorChanges(before: unknown, after: unknown): readonly Change[] {
  const named = (value: unknown): Map<string, Item> => {
    const items = Array.isArray(value) ? (value as readonly Item[]) : [];
    return new Map(items.map((item) => [say(item['id'] ?? item['use']), item]));
  };
  const [old, now] = [named(before), named(after)];
  const one = (name: string): string => `detector \`${name.replaceAll('"', '')}\``;
  return [
    ...[...now].flatMap(([name, item]): Change[] => {
      const was = old.get(name);
      if (was === undefined) return [{ what: 'new', name: one(name), fields: [] }];
      return text(was) === text(item) ? [] : [{ what: 'changed', name: one(name), fields: fieldsOf(was, item) }];
    }),
    ...[...old.keys()].flatMap((name): Change[] =>
      now.has(name) ? [] : [{ what: 'removed', name: one(name), fields: [] }],
    ),
  ];
}

const byId = (value: unknown, id: string): Map<string, Item> =>
  new Map((Array.isArray(value) ? (value as readonly Item[]) : []).map((item) => [say(item[id]), item]));

const fieldsOf = (before: Item, after: Item): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((field) => text(before[field]) !== text(after[field]))
    .sort()
    .map((field) => `${field}: ${arrow(before[field], after[field])}`);

const arrow = (before: unknown, after: unknown): string => `${say(before)} → ${say(after)}`;
const say = (value: unknown): string =>
  value === undefined ? '(none)' : typeof value === 'string' ? value : text(value);

function inShort({ on, detect, when, then }: Item): string {
  const parts = [
    ...(on === undefined ? [] : [`on ${say(on)}`]),
    ...(detect === undefined ? [] : [`detect ${say(detect)}`]),
    ...(when === undefined ? [] : [`when ${say(when)}`]),
    ...(then === undefined ? [] : [`then ${say(then)}`]),
  ];
  return parts.join(', ');
}

/** JSON with sorted keys, a list of one as its value, other lists sorted: all of them are sets. */
function text(value: unknown): string {
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => text(item));
    return items.length === 1 ? items[0]! : `[${items.sort().join(', ')}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, one]) => `${key}: ${text(one)}`).join(', ')}}`;
}
