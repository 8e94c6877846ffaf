import { REASONS } from '../../packages/core/src/contract/reasons.ts';
import { Visitor } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { parseMarkdown } from './markdown.ts';
import { parseModule } from './module.ts';
import { filesOf, read } from './tree.ts';

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
