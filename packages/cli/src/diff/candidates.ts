import type { EventInit, PolicyDocument } from '@flyball/core';
import type { ExampleText } from '@flyball/core/evidence';

/** An event that might tell two policies apart, and how a person calls it. */
export interface Candidate {
  readonly event: EventInit;
  readonly about: string;
}

type Rule = NonNullable<PolicyDocument['rules']>[number];

const list = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];

/** Of one rule no more: most need few, and a person waits. */
const MOST = 400;

/**
 * Events made of a rule in its two versions: its stages and resources, the numbers and words of its condition and those
 * next to them, one text for each type it reads, and one in which nothing is found.
 */
export function candidatesFor(versions: readonly Rule[], texts: readonly ExampleText[]): readonly Candidate[] {
  const found: Candidate[] = [];
  for (const stage of new Set(versions.flatMap(({ on }) => list(on)))) {
    for (const resource of resourcesOf(versions))
      for (const facts of factsOf(versions.flatMap(({ when }) => when ?? [])))
        for (const { text, about } of textsOf(versions, texts)) {
          if (found.length === MOST) return found;
          found.push({ event: eventOf(stage, resource, facts, text), about: inWords(stage, resource, facts, about) });
        }
  }
  return found;
}

type Resource = { readonly [kind in 'tool' | 'model' | 'route']?: string };

export interface Facts {
  readonly args: { readonly [path: string]: unknown };
  readonly attributes: { readonly [name: string]: unknown };
}

function eventOf(stage: Rule['on'] & string, resource: Resource, { args, attributes }: Facts, text: string): EventInit {
  const isCall = stage === 'tool_call';
  return {
    stage,
    resource: isCall ? { tool: 'some_tool', ...resource } : resource,
    ...(isCall
      ? { args: nested({ ...args, ...(text !== '' && { text }) }) }
      : { content: text === '' ? 'hello' : text }),
    attributes,
  } as EventInit;
}

function inWords(stage: string, resource: Resource, { args, attributes }: Facts, about: string): string {
  const facts = { ...args, ...attributes };
  return [
    stage,
    ...Object.values(resource),
    ...(Object.keys(facts).length === 0 ? [] : [JSON.stringify(facts)]),
    ...(about === '' ? [] : [JSON.stringify(about)]),
  ].join(' ');
}

function resourcesOf(versions: readonly Rule[]): readonly Resource[] {
  const resources: Resource[] = [{}];
  for (const { tool, model, route } of versions)
    for (const [kind, values] of Object.entries({ tool, model, route }))
      for (const value of list(values)) resources.push({ [kind]: value });
  return resources;
}

function textsOf(versions: readonly Rule[], texts: readonly ExampleText[]): readonly { text: string; about: string }[] {
  const wanted = versions.flatMap(({ detect }) =>
    list(detect).map((one) => (typeof one === 'string' ? one : one.type)),
  );
  const fit = wanted.flatMap((type) => {
    const some = texts.filter((text) => text.type === type || text.type.startsWith(`${type}.`));
    return some.slice(0, 5);
  });
  return [{ text: '', about: '' }, ...fit.map(({ text }) => ({ text, about: text }))];
}

/** Values for what conditions read, one fact moved at a time: its literals, what is next to them, and none. */
export function factsOf(conditions: readonly string[]): readonly Facts[] {
  const source = conditions.join('\n');
  const numbers = (source.match(/(?<![\w.])\d+(?:\.\d+)?/g) ?? []).map(Number);
  const words = [...source.matchAll(/"([^"\\]*)"|'([^'\\]*)'/g)].map(([, a, b]) => a ?? b ?? '');
  const values: readonly unknown[] = [
    ...new Set(numbers.flatMap((n) => [n - 1, n, n + 1])),
    ...words,
    true,
    false,
    'other',
  ];
  const paths = [...new Set(source.match(/\b(?:tool\.args|attributes)(?:\.[A-Za-z_$][\w$]*)+/g) ?? [])];
  const all: Facts[] = [{ args: {}, attributes: {} }];
  for (const path of paths)
    for (const value of values)
      all.push(
        path.startsWith('tool.args.')
          ? { args: { [path.slice(10)]: value }, attributes: {} }
          : { args: {}, attributes: { [path.slice(11)]: value } },
      );
  // Conditions that join two facts need both.
  for (const value of values)
    if (paths.length > 1)
      all.push({
        args: Object.fromEntries(
          paths.filter((path) => path.startsWith('tool.')).map((path) => [path.slice(10), value]),
        ),
        attributes: Object.fromEntries(
          paths.filter((path) => path.startsWith('attr')).map((path) => [path.slice(11), value]),
        ),
      });
  return all;
}

/** `{ 'a.b': 1 }` → `{ a: { b: 1 } }`. */
export function nested(facts: { readonly [path: string]: unknown }): object {
  const args: { [key: string]: unknown } = {};
  for (const [path, value] of Object.entries(facts)) {
    const steps = path.split('.');
    let at = args;
    for (const step of steps.slice(0, -1)) at = (at[step] ??= {}) as { [key: string]: unknown };
    at[steps.at(-1)!] = value;
  }
  return args;
}
