import type { CelNode, ConditionProblem } from './syntax.ts';
import { FACTS } from './syntax.ts';

/** Operators of other languages, outside of quotes. */
const FOREIGN: readonly (readonly [RegExp, string, string])[] = [
  [/={3}/, '===', '=='],
  [/!==/, '!==', '!='],
  [/<>/, '<>', '!='],
  [/(?<![=!<>])=(?![=~])/, '=', '=='],
  [/=~/, '=~', 'detect'],
  [/\band\b/i, 'and', '&&'],
  [/\bor\b/i, 'or', '||'],
  [/\bnot\b/i, 'not', '!'],
];

/** What somebody meant who wrote a condition that cannot be read. `undefined`: nobody knows. */
export function syntaxHint(source: string): ConditionProblem | undefined {
  // Texts keep their length, so that places stay right.
  const code = source.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, (text) => ' '.repeat(text.length));
  for (const [form, written, meant] of FOREIGN) {
    const at = code.search(form);
    if (at < 0) continue;
    const advice =
      meant === 'detect'
        ? 'patterns stand under `detectors`, and a rule reads them with `detect`'
        : `write \`${meant}\`${meant === '==' && written === '=' ? ' to compare' : ''}`;
    return {
      message: `the condition is not valid: \`${code.slice(at, at + written.length)}\` is not known; ${advice}`,
      offset: at,
    };
  }
  return undefined;
}

/** Facts under the names of others. */
const CALLED: { readonly [name: string]: string } = {
  args: 'tool.args',
  arguments: 'tool.args',
  params: 'tool.args',
  tool_name: 'tool.name',
  user: 'subject.user',
  tenant: 'subject.tenant',
  session: 'subject.session',
  agent: 'subject.agent',
  labels: 'label("…")',
  signals: 'signal("…")',
  metadata: 'attributes',
};

const TEXTS: ReadonlySet<string> = new Set([
  'text',
  'content',
  'prompt',
  'message',
  'messages',
  'input',
  'output',
  'response',
  'body',
]);

export function variableHint(name: string): string {
  if (Object.hasOwn(CALLED, name)) return `; did you mean \`${CALLED[name]}\`?`;
  return TEXTS.has(name) ? '; conditions do not read the text: use `detect`, which reads detectors' : '';
}

/** A name that lacks its quotes: `pii.email`. */
export function written(node: CelNode | undefined): string | undefined {
  // A fact is no name.
  if (node?.op === 'id') return Object.hasOwn(FACTS, String(node.args)) ? undefined : String(node.args);
  if (node?.op !== '.') return undefined;
  const before = written(node.args[0]);
  return before === undefined ? undefined : `${before}.${node.args[1]}`;
}
