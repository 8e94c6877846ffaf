/**
 * Writes `docs/reference/recognisers.md`: every type of every pack, from the recognisers themselves. Run it with
 * `node packages/detectors/scripts/reference-page.ts` after changing one. A test compares.
 */
import { writeFileSync } from 'node:fs';
import { EXFILTRATION } from '../src/exfiltration.ts';
import { HIDDEN } from '../src/hidden.ts';
import { HARMFUL } from '../src/harmful.ts';
import { INJECTION } from '../src/injection.ts';
import { LEAKAGE } from '../src/leakage.ts';
import { PII } from '../src/pii.ts';
import { SECRETS } from '../src/secrets.ts';
import type { Form, Pack, Recogniser } from '../src/recogniser.ts';

const PAGE = new URL('../../../docs/reference/recognisers.md', import.meta.url);
/** Key words of a form that fit into a cell. */
const WORDS = 6;

export function referencePage(): string {
  return [
    '# Recognisers',
    '',
    'Every type that the packs report, generated from the recognisers in [`packages/detectors`](../../packages/detectors).',
    '[Detectors](detectors.md) says how a policy names them and what they are known not to find.',
    '',
    'A row says how a match is decided: **alone**, by its form and check; or by a **key word** within 60 units before or 40 behind it, and which',
    'words, of each list the first few. The score stands beside it. *Check* means check digits, dates or a structure that must be right. In examples,',
    '`{hex:32}` stands for 32 random signs, and `«»` mark what is found.',
    ...[PII, SECRETS, INJECTION, HIDDEN, EXFILTRATION, LEAKAGE, HARMFUL].flatMap(packLines),
    '',
  ].join('\n');
}

function packLines({ name, parts, onRequest = [] }: Pack): readonly string[] {
  const count = Object.values(parts).flat().length;
  const left = onRequest.map((part) => `\`${name}/${part}\``).join(', ');
  return [
    '',
    `## \`use: ${name}\``,
    '',
    `${count} types in ${Object.keys(parts).length} parts: \`use: ${name}/${Object.keys(parts)[0]!}\` takes one of them${left === '' ? '' : `. Only their own name takes ${left}`}.`,
    '',
    '| type | part | what | decided by | example | source |',
    '| --- | --- | --- | --- | --- | --- |',
    ...Object.entries(parts).flatMap(([part, members]) => members.map((member) => row(part, member))),
  ];
}

function row(part: string, { type, name, forms, finds, source, limits }: Recogniser): string {
  const decided = [...new Set(forms.map(decision))].join('; ');
  const what = limits === undefined ? name : `${name}. Not found, or wrongly: ${limits}`;
  return `| \`${type}\` | ${part} | ${cell(what)} | ${cell(decided)} | ${code(finds[0]!)} | ${cell(source)} |`;
}

function decision({ near, score, validate, accepts }: Form): string {
  const check = validate === undefined && accepts === undefined ? '' : ', check';
  if (near === undefined) return `alone (${score}${check})`;
  const more = near.length > WORDS ? ', ...' : '';
  return `key word (${score}${check}): ${near.slice(0, WORDS).join(', ')}${more}`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** Backticks and bars have no place in a code span of a table. */
const code = (text: string): string => `\`${text.replaceAll('`', "'").replaceAll('|', '¦').replaceAll('\n', '⏎')}\``;

if (process.argv[1] === import.meta.filename) writeFileSync(PAGE, referencePage());
