import { REASONS } from '../../packages/core/src/contract/reasons.ts';
import { Visitor } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { parseMarkdown } from './markdown.ts';
import { parseModule } from './module.ts';
import { filesOf, publishedPackages, read } from './tree.ts';

/** Codes of the errors that a source file declares or makes. */
function errorCodes(path: string, text: string): readonly string[] {
  const codes = new Set<string>();
  const add = (value: unknown): void => {
    if (typeof value === 'string' && /^[A-Z][A-Z0-9_]+$/.test(value)) codes.add(value);
  };
  new Visitor({
    // type SomeErrorCode = 'A' | 'B'; FailureCode, which errors carry on their way into `errors[]`; and the codes of
    // what is wrong with a policy
    TSTypeAliasDeclaration: ({ id, typeAnnotation }) => {
      if (!/(?:Error|Failure|Problem|Warning)Code$/.test(id.name)) return;
      const members = typeAnnotation.type === 'TSUnionType' ? typeAnnotation.types : [typeAnnotation];
      for (const member of members) {
        if (member.type === 'TSLiteralType' && 'value' in member.literal) add(member.literal.value);
      }
    },
    // class SomeError extends Error { readonly code = 'A' }
    ClassDeclaration: ({ id, body }) => {
      if (id?.name.endsWith('Error') !== true) return;
      for (const member of body.body) {
        if (member.type !== 'PropertyDefinition' || member.key.type !== 'Identifier') continue;
        if (member.key.name === 'code' && member.value?.type === 'Literal') add(member.value.value);
      }
    },
    // new SomeError('A', ...)
    NewExpression: ({ callee, arguments: [first] }) => {
      if (callee.type === 'Identifier' && callee.name.endsWith('Error') && first?.type === 'Literal') add(first.value);
    },
    // super('A', ...)
    CallExpression: ({ callee, arguments: [first] }) => {
      if (callee.type === 'Super' && first?.type === 'Literal') add(first.value);
    },
  }).visit(parseModule(path, text).program);
  return [...codes];
}

const documented = (page: string): readonly string[] => parseMarkdown(read(page)).codes.toSorted();

describe('registries and their pages say the same', () => {
  it('reasons: every built-in code is documented, and nothing else is', () => {
    expect(documented('docs/reference/reasons.md')).toEqual(Object.keys(REASONS).toSorted());
  });

  it('errors: every code an error can carry is documented, and nothing else is', () => {
    const sources = filesOf('packages').filter((path) => /^packages\/[^/]+\/src\/.*(?<!\.test)\.ts$/.test(path));
    const codes = new Set(sources.flatMap((path) => errorCodes(path, read(path))));
    expect(documented('docs/reference/errors.md')).toEqual([...codes].toSorted());
  });
});

describe('the reader of error codes', () => {
  it('finds codes in type aliases, in classes and where errors are made', () => {
    const text = `
      export type StoreErrorCode = 'A_ONE' | 'A_TWO';
      export type PolicyProblemCode = 'A_THREE';
      export class BlockedError extends Error { readonly code = 'B_ONE'; readonly kind = 'NOT_THIS'; }
      export const fail = (): never => { throw new StoreError('C_ONE', 'text'); };
      export class Own extends StoreError { constructor() { super('D_ONE', 'text'); } }
      export const plain = (): Error => new Error('not a code');
    `;
    expect(errorCodes('planted.ts', text).toSorted()).toEqual(['A_ONE', 'A_THREE', 'A_TWO', 'B_ONE', 'C_ONE', 'D_ONE']);
  });
});

/** Where the reference of policies describes the fields of each part. */
const SECTIONS = {
  detectors: 'Detectors',
  rules: 'Rules',
  exempt: 'Exemptions',
  cooldowns: 'Cooldowns',
  limits: 'Limits',
  share: 'Rolling out',
};

/** Every field that a schema has below itself. */
function fieldsOf(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'properties' in schema ? Object.keys(schema.properties as object) : [];
  return [...new Set([...own, ...Object.values(schema).flatMap(fieldsOf)])];
}

/** Fields that a section names neither as code in a line nor in an example. */
function unnamed(section: string, fields: readonly string[]): readonly string[] {
  const named = [...section.matchAll(/```[^]*?```|`[^`\n]+`/g)].join('\n');
  return fields.filter((field) => !new RegExp(`(?<![\\w.])${field}\\b`).test(named));
}

describe('the reference of policies', () => {
  const schema = JSON.parse(read('packages/core/policy.schema.json')) as {
    readonly properties: Record<string, object>;
  };
  const page = read('docs/reference/policy.md');
  const sectionOf = (title: string): string => page.split(/^## /m).find((text) => text.startsWith(`${title}\n`)) ?? '';

  it('names every field of a policy', () => {
    expect(unnamed(sectionOf('The policy'), Object.keys(schema.properties))).toEqual([]);
  });

  it.each(Object.entries(SECTIONS))('names every field of `%s` in its section', (part, title) => {
    const fields = fieldsOf(schema.properties[part]);
    expect(fields.length).toBeGreaterThan(4);
    expect(unnamed(sectionOf(title), fields)).toEqual([]);
    expect(unnamed(sectionOf(title), ['planted'])).toEqual(['planted']);
  });
});

/** Packages that nobody installs by name: others bring them, or they are for authors. */
const BROUGHT = ['@flyball/agent-kit', '@flyball/testing'];

describe('the README', () => {
  const [, which = ''] = read('README.md').split('## Which packages\n');
  const [chosen = '', enforced = ''] = which.split('What each enforces, and does not:');
  const names = publishedPackages().map(({ manifest }) => manifest.name);

  it('says of every package what it enforces, and for whom it is', () => {
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !enforced.includes(`[\`${name}\`](packages/`))).toEqual([]);
    expect(names.filter((name) => !BROUGHT.includes(name) && !new RegExp(`${name}(?![-\\w])`).test(chosen))).toEqual(
      [],
    );
  });

  it('and each has a page that says how to install it', () => {
    const pages = publishedPackages().map(({ home }) => `${home}/README.md`);
    const silent = pages.filter((page) => !/npm install .*@flyball\//.test(read(page)));
    // Both come with others.
    expect(silent).toEqual(['packages/agent-kit/README.md', 'packages/detectors/README.md']);
  });
});

/**
 * Whether a page has its reader install the command line before it runs it: `npx` would fetch whatever has that name.
 */
function bringsCli(path: string, text: string): boolean {
  const runs = text.search(/^npx flyball /m);
  if (runs < 0 || /npm install [^\n]*@flyball\/cli/.test(text.slice(0, runs))) return true;
  const manifest = path.replace(/[^/]*$/, 'package.json');
  return filesOf().includes(manifest) && read(manifest).includes('"@flyball/cli"');
}

describe('`npx flyball`', () => {
  it('is run where the package is installed', () => {
    const pages = filesOf().filter((path) => path.endsWith('.md'));
    expect(pages.filter((path) => !bringsCli(path, read(path)))).toEqual([]);
    expect(bringsCli('docs/a.md', '```sh\nnpx flyball check\n```\n')).toBe(false);
  });
});
