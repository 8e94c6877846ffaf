import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Received } from './chat-client.ts';
import type { Scene } from './play.ts';

const COLUMNS = [
  ['tried', 52],
  ['stage', 10],
  ['outcome', 9],
  ['reason', 17],
  ['µs', 7],
] as const;

export const TABLE_HEAD: string = `   ${COLUMNS.map(([name, width]) => name.padEnd(width)).join('')}reached the client`;

/** One row, and below it what went otherwise than declared. */
export function row({ attack, answers, decision, wrong }: Scene): string {
  const cells = [
    attack.tried,
    decision?.stage ?? '–',
    decision?.outcome ?? '–',
    decision?.reason ?? '–',
    decision === undefined ? '–' : String(Math.round(decision.durationUs)),
  ];
  const line = COLUMNS.map(([, width], n) => (cells[n] ?? '').padEnd(width)).join('');
  return [
    `${wrong.length === 0 ? ' ✓' : ' ✗'} ${line}${reached(answers)}`,
    ...wrong.map((text) => text.replace(/^/gm, '     ')),
  ].join('\n');
}

function reached(answers: readonly Received[]): string {
  return answers
    .map(summary)
    .filter((text, n, all) => text !== all[n - 1])
    .join(', then ');
}

function summary({ status, text, finishReason, retryAfterS }: Received): string {
  if (status !== 200) return retryAfterS === undefined ? `${status}` : `${status}, come back in ${retryAfterS} s`;
  return `“${excerpt(text)}”${finishReason === 'content-filter' ? ' ■' : ''}`;
}

/** The end of a text, or the surroundings of the first mask in it. */
function excerpt(text: string): string {
  // What came over the network must not steer the terminal.
  const plain = text.replace(/\p{C}/gu, '');
  const mask = plain.search(/\[[A-Z][A-Z ]+\]/);
  const to = mask < 0 ? plain.length : Math.min(plain.length, mask + 20);
  const from = Math.max(0, to - 34);
  return `${from > 0 ? '…' : ''}${plain.slice(from, to)}${to < plain.length ? '…' : ''}`;
}

/** What the figures are, and the play in one line. */
export function verdict(scenes: readonly Scene[]): string {
  const failed = scenes.filter(({ wrong }) => wrong.length > 0);
  const all = `   µs: what governance took, in a process that has played them twice before.\n\n   ${scenes.length} scenes played`;
  if (failed.length === 0) return `${all}: every attack was stopped as declared.`;
  return `${all}: ${failed.length} went otherwise (${failed.map(({ attack }) => attack.id).join(', ')}).`;
}

/** Where the decisions are kept, and how to ask about each. The command is found from this example's folder. */
export function evidence(scenes: readonly Scene[], logFile: string): string {
  const kept = scenes.flatMap(({ attack, decision }) => (decision === undefined ? [] : [{ attack, decision }]));
  const home = fileURLToPath(new URL('..', import.meta.url));
  const there = relative(process.cwd(), home);
  return [
    '   kept in the log:',
    ...kept.map(({ attack, decision }) => `     ${decision.auditId}  ${attack.tried}`),
    '\n   and explained by',
    `     ${there === '' ? '' : `cd ${there} && `}npx flyball explain ${kept[0]?.decision.auditId} --log ${relative(home, resolve(logFile))}`,
  ].join('\n');
}
