import type { TestResult } from './run-test.ts';

interface Results {
  readonly file: string;
  readonly results: readonly TestResult[];
}

/** TAP version 14. */
export function tap(files: readonly Results[]): string[] {
  const tests = files.flatMap(({ file, results }) => results.map((result) => ({ file, ...result })));
  return [
    'TAP version 14',
    `1..${tests.length}`,
    ...tests.flatMap(({ file, name, differences }, index) => {
      // A `#` would begin a directive.
      const line = `ok ${index + 1} - ${`${file}: ${name}`.replace(/[\\#]/g, '\\$&')}`;
      return differences.length === 0
        ? [line]
        : [`not ${line}`, '  ---', ...differences.map((text) => `  - ${JSON.stringify(text)}`), '  ...'];
    }),
  ];
}

/** JUnit's XML, as CI servers read it. */
export function junit(files: readonly Results[]): string[] {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    ...files.flatMap(({ file, results }) => {
      const failures = results.filter(({ differences }) => differences.length > 0).length;
      return [
        `  <testsuite name="${xml(file)}" tests="${results.length}" failures="${failures}">`,
        ...results.map(({ name, differences }) =>
          differences.length === 0
            ? `    <testcase classname="${xml(file)}" name="${xml(name)}"/>`
            : `    <testcase classname="${xml(file)}" name="${xml(name)}"><failure message="${xml(differences.join('; '))}"/></testcase>`,
        ),
        '  </testsuite>',
      ];
    }),
    '</testsuites>',
  ];
}

const ENTITIES: { readonly [unit: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML has no place for most control characters, in any spelling. */
const xml = (text: string): string =>
  text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"]/g, (unit) => ENTITIES[unit]!);
