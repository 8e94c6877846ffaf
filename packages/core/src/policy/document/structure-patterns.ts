import { type ForeignPattern, ForeignPatternError, fromDialect } from '../../dialects/from-dialect.ts';
import type { DetectorDocument } from './document.ts';
import type { Path, Report } from './locate.ts';
import { listOf } from './lists.ts';

const JS_FLAGS = /^[imsuv]*$/;
const OTHER_FLAGS = /^[imsx]*$/;

const HOST = /^(?:\*\.)?[A-Za-z\d](?:[A-Za-z\d.-]{0,250}[A-Za-z\d])?$/;

/** Patterns that are none, and hosts that are none, each with its place. */
export function detectorProblems(detector: DetectorDocument, path: Path, report: Report): void {
  if ('use' in detector) {
    for (const host of listOf(detector.allow_hosts)) {
      if (HOST.test(host)) continue;
      const message = `\`${host}\` is no host: write \`cdn.acme.example\`, without scheme, port or path`;
      report('VALUE_FORMAT', [...path, 'allow_hosts'], message);
    }
  }
  if (!('patterns' in detector)) return;
  const { dialect } = detector;
  const scalar = !Array.isArray(detector.patterns);
  for (const [i, item] of listOf<string | { pattern: string; flags?: string }>(detector.patterns).entries()) {
    const { pattern, flags = '' } = typeof item === 'string' ? { pattern: item } : item;
    const place = scalar ? [...path, 'patterns'] : [...path, 'patterns', i];
    const isJs = dialect === undefined || dialect === 'js';
    const literal = literalOf(pattern);
    if (!(isJs ? JS_FLAGS : OTHER_FLAGS).test(flags)) {
      const known = isJs ? '`i`, `m`, `s`, `u` and `v`' : '`i`, `m`, `s` and `x`';
      const kept = [...flags].filter((flag) => (isJs ? JS_FLAGS : OTHER_FLAGS).test(flag)).join('');
      const advice = /^[gydn]+$/.test(flags.replace(/[imsuvx]/g, ''))
        ? `; leave ${kept === '' ? 'them' : 'the others'} out, every match is found`
        : '';
      report('PATTERN_INVALID', place, `the flags \`${flags}\` are not accepted; ${known} are${advice}`);
    } else if (literal !== undefined) report('PATTERN_SYNTAX', place, literal);
    else {
      const problem = problemOf({ pattern, flags, ...(dialect !== undefined && { dialect }) });
      if (problem !== undefined)
        report(problem.code, place, `\`${pattern}\` is not a regular expression: ${problem.message}`);
    }
  }
}

/** `/x/i` is a notation of JavaScript, not an expression: it would look for the slashes. */
function literalOf(pattern: string): string | undefined {
  const [, source, flags = ''] = /^\/(.+)\/([a-z]*)$/s.exec(pattern) ?? [];
  if (source === undefined || /(?<!\\)\//.test(source)) return undefined;
  const kept = [...flags].filter((flag) => 'imsuv'.includes(flag)).join('');
  const better = kept === '' ? `'${source}'` : `{ pattern: '${source}', flags: ${kept} }`;
  return `\`${pattern}\` would look for its slashes; write \`${better}\`, or \`\\/\` where a slash is meant`;
}

function problemOf(pattern: ForeignPattern): ForeignPatternError | undefined {
  try {
    fromDialect(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof ForeignPatternError) return error;
    throw error;
  }
}
