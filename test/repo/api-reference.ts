// The API reference: a page for each entry, made from the sources. Signatures come from the declarations, descriptions
// from the comments before them, examples from `test/api-examples`, whose types are checked. What only authors of
// adapters and stores use has no example of its own but the places where the packages themselves call it.
import { posix } from 'node:path';
import { exportsOf, type ExportedName } from './declarations.ts';
import { ENTRIES, type Entry } from './entries.ts';
import { filesOf, read } from './tree.ts';

const FOLDER = 'docs/reference/api';
/** Entries for authors of adapters and stores, and for tools that read evidence. */
const FOR_AUTHORS: ReadonlySet<string> = new Set(['agent-kit', 'core.adapter', 'core.evidence', 'core.store', 'cli']);
const USES_SHOWN = 3;

/** Every page by its path. */
export function apiPages(): ReadonlyMap<string, string> {
  const pages = ENTRIES.map((entry) => [`${FOLDER}/${entry.key}.md`, pageOf(entry)] as const);
  return new Map([[`${FOLDER}/README.md`, contents()], ...pages]);
}

/** Names of functions, classes and values without an example, nor a place where a package uses them. */
export function withoutExample(): readonly string[] {
  return ENTRIES.flatMap((entry) =>
    valuesOf(entry)
      .filter(({ text }) => !/^const \w+ = [\w"'.]+;$/.test(text)) // a constant says it all
      .filter(({ name }) => exampleOf(entry, name) === undefined && usesOf(entry, name).length === 0)
      .map(({ name }) => `${entry.name} ${name}`),
  );
}

/** Marks in `test/api-examples` that name nothing which is exported. */
export function examplesOfNothing(): readonly string[] {
  const names = new Set(ENTRIES.flatMap((entry) => valuesOf(entry).map(({ name }) => name)));
  return [...EXAMPLES.keys()]
    .map((key) => key.split(' ')[1] ?? '')
    .filter((name) => name !== 'end' && !names.has(name));
}

const valuesOf = ({ source }: Entry): readonly ExportedName[] => exportsOf(source, read).filter(({ type }) => !type);

function contents(): string {
  const rows = ENTRIES.map((entry) => {
    const names = valuesOf(entry).map(({ name }) => `[\`${name}\`](${entry.key}.md#${name.toLowerCase()})`);
    return `| [\`${entry.name}\`](${entry.key}.md) | ${names.join(', ')} |`;
  });
  return [
    '# API',
    '',
    'Every function, class and value of every package, with its signature, what it does and an example. The pages are made from the sources',
    '(`UPDATE_DOCS=1 npm test -- repo/api-reference`), the types of all examples are checked, and a test fails for a name without one.',
    '',
    '| import from | functions, classes, values |',
    '| --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function pageOf(entry: Entry): string {
  const all = exportsOf(entry.source, read);
  const types = all.filter(({ type }) => type);
  return [
    `# \`${entry.name}\``,
    '',
    FOR_AUTHORS.has(entry.key)
      ? 'For authors of adapters, stores and tools; applications need none of it. [All entries](README.md).'
      : '[All entries](README.md).',
    '',
    ...all.filter(({ type }) => !type).flatMap((one) => [...valueLines(entry, one), '']),
    ...(types.length === 0 ? [] : ['## Types', '', ...types.flatMap((one) => [...typeLines(one), ''])]),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

function valueLines(entry: Entry, one: ExportedName): readonly string[] {
  const example = exampleOf(entry, one.name);
  const uses = usesOf(entry, one.name);
  return [
    `## ${one.name}`,
    '',
    ...descriptionOf(one),
    ...signature(one),
    ...(example === undefined ? [] : ['', '```ts fragment', example, '```']),
    ...(example !== undefined || uses.length === 0 ? [] : ['', `In use: ${uses.map(link).join(', ')}.`]),
  ];
}

const typeLines = (one: ExportedName): readonly string[] => [
  `### ${one.name}`,
  '',
  ...descriptionOf(one),
  ...signature({ ...one, text: withComments(one) }),
];

/**
 * An interface as its source has it: what is said of each member stands beside it. Sources are formatted, so it ends
 * with a `}` alone.
 */
function withComments({ path, declaredAs, text }: ExportedName): string {
  if (!path.endsWith('.ts')) return text;
  const found = new RegExp(String.raw`^(?:export )?(interface ${declaredAs}\b[^]*?^\})`, 'm').exec(read(path));
  return found?.[1] ?? text;
}

function signature({ path, declaredAs, text }: ExportedName): readonly string[] {
  if (!path.endsWith('.ts')) {
    const entry = ENTRIES.find(({ name }) => name === path);
    const at = entry === undefined ? `\`${path}\`` : `[\`${path}\`](${entry.key}.md#${declaredAs.toLowerCase()})`;
    return [`The same as \`${declaredAs}\` of ${at}.`];
  }
  return ['```ts fragment', text, '```'];
}

const link = (path: string): string =>
  `[${path.replace(/^(?:packages|docs)\//, '').replace('/src/', '/')}](../../../${path})`;

/** The comment before a declaration, without its stars. */
function descriptionOf({ path, declaredAs }: ExportedName): readonly string[] {
  if (!path.endsWith('.ts')) return [];
  const kinds = '(?:async function|function|class|interface|type|const)';
  const found = new RegExp(
    String.raw`/\*\*((?:(?!\*/)[^])*)\*/\n(?:export )?(?:declare )?(?:abstract )?${kinds} ${declaredAs}\b`,
  ).exec(read(path));
  const comment = found?.[1]?.replaceAll(/^[ \t]*\* ?/gm, '').trim() ?? '';
  return comment === '' ? [] : [comment.replaceAll('{@link ', '').replaceAll(/@(\w+)/g, '$1'), ''];
}

/** By entry's file and name: the lines from a mark to the next. */
const EXAMPLES: ReadonlyMap<string, string> = new Map(
  filesOf('test/api-examples').flatMap((path) =>
    read(path)
      .split(/^\/\/ example: /m)
      .slice(1)
      .map((part) => {
        const [name = '', ...lines] = part.split('\n// end\n')[0]!.split('\n');
        return [`${posix.basename(path, '.ts')} ${name.trim()}`, lines.join('\n').trim()] as const;
      }),
  ),
);

/**
 * An example stands in the file that is named after the entry or its package, or in `others.ts`; that of Express in the
 * one of HTTP.
 */
function exampleOf({ key }: Entry, name: string): string | undefined {
  const [own = ''] = key.split('.');
  const files = FOR_AUTHORS.has(key) && key !== 'core.store' ? [] : [key, own === 'express' ? 'http' : own, 'others'];
  return files.map((file) => EXAMPLES.get(`${file} ${name}`)).find((example) => example !== undefined);
}

/** Where a use may be shown from: the packages themselves, the examples, and code in the documents. */
const SOURCES: readonly (readonly [path: string, text: string])[] = filesOf()
  .filter(
    (path) =>
      (/^(?:packages|examples)\/[\w-]+\/(?:src|bin)\/.*\.(?:ts|js)$/.test(path) && !/\.test(?:-d)?\.ts$/.test(path)) ||
      (/^(?:docs|packages)\/.*\.md$/.test(path) && !path.startsWith(FOLDER)),
  )
  .map((path) => [path, read(path)]);

/** The first files that import a name from an entry, those of other packages first. */
function usesOf(entry: Entry, name: string): readonly string[] {
  const home = entry.source.split('/').slice(0, 2).join('/');
  const imports = new RegExp(String.raw`import (?:type )?\{[^}]*\b${name}\b[^}]*\} from '${entry.name}'`);
  const inside = new RegExp(String.raw`import (?:type )?\{[^}]*\b${name}\b[^}]*\} from '\.`);
  const others = SOURCES.filter(([path, text]) => !path.startsWith(`${home}/`) && imports.test(text));
  const own = SOURCES.filter(([path, text]) => path.startsWith(`${home}/`) && inside.test(text));
  return [...others, ...own].slice(0, USES_SHOWN).map(([path]) => path);
}
