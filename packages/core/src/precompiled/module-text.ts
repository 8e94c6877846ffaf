import type { Recogniser } from '@flyball/detectors';
import type { Need, Precompiled } from './precompile.ts';
import { recognisersIn } from './precompile.ts';

/** By pack, what a module can import of it: each recogniser under a name, and the version of all. */
const EACH: { readonly [pack: string]: () => Promise<{ readonly [name: string]: unknown }> } = {
  pii: () => import('@flyball/detectors/each/pii'),
  secrets: () => import('@flyball/detectors/each/secrets'),
  injection: () => import('@flyball/detectors/each/injection'),
  hidden: () => import('@flyball/detectors/each/hidden'),
  harmful: () => import('@flyball/detectors/each/harmful'),
  leakage: () => import('@flyball/detectors/each/leakage'),
  exfiltration: () => import('@flyball/detectors/each/exfiltration'),
};

/** What a module imports of the engine, by what its policy needs. */
const PARTS: { readonly [need in Need]: string } = {
  folding: 'standardFolding',
  looking: 'standardLooking',
  expressions: 'standardExpressions',
};

/** The name of a pack's version among its recognisers. */
const VERSION = 'VERSION';

/** Stands in JSON for a name of the module. No policy can hold it: a surrogate alone is refused in text. */
const MARK = '\ud800name:';

/**
 * The module of a compiled policy: what it imports, and the policy as its default export. `from` is what it was
 * compiled of, for the reader; `types`: it is TypeScript.
 */
export async function moduleText({ policy, needs }: Precompiled, from: string, types: boolean): Promise<string> {
  const names = new Map<Recogniser, string>();
  const parts = needs.map((need) => [need, PARTS[need]] as const);
  const standard = parts.map(([, name]) => name).join(', ');
  const imports: string[] = standard === '' ? [] : [`import { ${standard} } from '@flyball/core/precompiled';`];
  const recognisers = recognisersIn(policy);
  for (const { name: pack, version } of policy.packs) {
    if (version === '') continue;
    const each = new Map(Object.entries(await EACH[pack]!()).map(([name, value]) => [value, name]));
    const used = [...recognisers].filter(([, of]) => of === pack).map(([recogniser]) => recogniser);
    for (const recogniser of used) names.set(recogniser, `${pack}_${each.get(recogniser)!}`);
    const list = used.map((recogniser) => `${each.get(recogniser)!} as ${names.get(recogniser)!}`);
    imports.push(
      `import {\n  ${[`${VERSION} as ${pack}_${VERSION}`, ...list].join(',\n  ')},\n} from '@flyball/detectors/each/${pack}';`,
    );
  }
  const written = {
    ...policy,
    packs: policy.packs.map((pack) => ({
      ...pack,
      ...(pack.version !== '' && { version: nameOf(`${pack.name}_${VERSION}`) }),
    })),
    ...Object.fromEntries(parts.map(([need, name]) => [need, nameOf(name)])),
  };
  const json = (value: unknown): string =>
    JSON.stringify(value, (_, part: unknown) => {
      const name = names.get(part as Recogniser);
      return name === undefined ? part : nameOf(name);
    }).replaceAll(NAME, '$1');
  // A part on each line: what changed shows in a comparison.
  const text = `{\n${Object.entries(written)
    .map(([key, value]) => `  ${key}: ${json(value)},\n`)
    .join('')}}`;
  const typed = types ? `import type { PrecompiledPolicy } from '@flyball/core/precompiled';\n` : '';
  return [
    `// Made of \`${from}\` by \`flyball compile\`. Do not edit it: compile the policy again.`,
    `${typed}${imports.join('\n')}`,
    '',
    types ? '' : "/** @type {import('@flyball/core/precompiled').PrecompiledPolicy} */",
    `const policy${types ? ': PrecompiledPolicy' : ''} = ${text};`,
    '',
    'export default policy;',
    '',
  ]
    .filter((line, index) => line !== '' || index !== 3)
    .join('\n');
}

const nameOf = (name: string): string => MARK + name;
const NAME = /"\\ud800name:(\w+)"/g;
