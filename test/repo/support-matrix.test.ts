import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ADAPTER_CASES, type Unsupported } from '@flyball/testing';
import { describe, expect, it } from 'vitest';
import { publishedPackages, read, ROOT } from './tree.ts';

// The support matrix says exactly which cases of the conformance suite an adapter does not pass, and why. The lists are
// the ones the adapters run with; to take a change of theirs over, run
// `UPDATE_MATRIX=1 npm test -- repo/support-matrix`.

const PAGE = 'docs/reference/support-matrix.md';
const [BEGIN, END] = ['<!-- unsupported cases: begin -->', '<!-- unsupported cases: end -->'];

interface Adapter {
  readonly name: string;
  readonly unsupported: Unsupported;
}

/** Packages that turn a framework's objects into events, and what each says it does not support. */
const adapters: readonly Adapter[] = await Promise.all(
  publishedPackages()
    .filter(({ home }) => existsSync(join(ROOT, home, 'src/to-event.ts')))
    .map(async ({ home, manifest: { name } }) => {
      const { UNSUPPORTED } = (await import(join(ROOT, home, 'test/unsupported.ts'))) as { UNSUPPORTED: Unsupported };
      return { name, unsupported: UNSUPPORTED };
    }),
);

/** The part of the page that the lists decide. */
function section(adapters: readonly Adapter[], cases: readonly string[]): string {
  const lines = adapters.flatMap(({ name, unsupported }) => {
    const reasons = Map.groupBy(
      cases.filter((one) => Object.hasOwn(unsupported, one)),
      (one) => unsupported[one] ?? '',
    );
    const left = [...reasons].flatMap(([reason, names]) => [
      `Not supported: ${reason}.`,
      '',
      ...folded(names).map((one) => `- ${one}`),
      '',
    ]);
    return [
      `### \`${name}\``,
      '',
      `${cases.length - Object.keys(unsupported).length} of ${cases.length} cases.`,
      '',
      ...left,
    ];
  });
  return lines.join('\n').trimEnd();
}

/** A case that is tried both ways takes one line. */
function folded(names: readonly string[]): readonly string[] {
  const stems = names.map((name) => name.replace(/, (?:not )?streamed$/, ''));
  return names.flatMap((name, at) => {
    const stem = stems[at] ?? name;
    if (stems.filter((other) => other === stem).length < 2) return [name];
    return stems.indexOf(stem) === at ? [`${stem}, streamed or not`] : [];
  });
}

describe('the support matrix', () => {
  it('lists the cases that each adapter does not pass, with the reasons', () => {
    const text = read(PAGE);
    const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
    expect([from > 0, to > from]).toEqual([true, true]);
    const wanted = `${text.slice(0, from)}${BEGIN}\n\n${section(adapters, ADAPTER_CASES)}\n\n${text.slice(to)}`;
    if (process.env['UPDATE_MATRIX'] !== undefined) writeFileSync(join(ROOT, PAGE), wanted);
    expect(read(PAGE)).toBe(wanted);
  });

  it('knows every adapter, and each runs the suite with the list it shows', () => {
    expect(adapters.map(({ name }) => name)).toEqual(expect.arrayContaining(['@flyball/ai-sdk', '@flyball/express']));
    for (const { name } of adapters) {
      const test = read(`packages/${name.replace('@flyball/', '')}/test/conformance.test.ts`);
      expect(test).toContain("import { UNSUPPORTED } from './unsupported.ts';");
      expect(test).toContain('unsupported: UNSUPPORTED');
    }
  });

  it('would say so if an adapter supported less', () => {
    const cases = ['a, streamed', 'a, not streamed', 'b'];
    const planted = { name: 'x', unsupported: { 'a, streamed': 'no a', 'a, not streamed': 'no a', b: 'no b' } };
    expect(section([planted], cases)).toBe(
      '### `x`\n\n0 of 3 cases.\n\nNot supported: no a.\n\n- a, streamed or not\n\nNot supported: no b.\n\n- b',
    );
  });
});
