/** Pattern sets of the scanner's benchmark: what a policy on personal data, secrets and phrases looks like. */
import type { Pattern } from '../../packages/core/src/contract/detector.ts';

/** The ten that most policies begin with. */
const COMMON: readonly RegExp[] = [
  /(?<![\w.+%-])[\w.%+-]+@[a-z\d-]+(?:\.[a-z\d-]+)*\.[a-z]{2,24}\b/i,
  /(?<![\d+])(?:\+\d{1,3}[ .-]?)?(?:\(\d{2,4}\)[ .-]?)?\d{2,4}(?:[ .-]?\d{2,4}){2,4}(?!\d)/,
  /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/,
  /\b\d{3}-\d{2}-\d{4}\b/,
  /\b(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\b/,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/,
  /\b(?:AKIA|ASIA|AGPA|AIDA|AROA)[A-Z\d]{16}\b/,
  /\bgh[oprsu]_[A-Za-z\d]{36}\b/,
  /\bsk-(?:proj-|svcacct-)?[\w-]{20,}/,
  /-----BEGIN (?:[A-Z]{2,9} ){0,3}PRIVATE KEY-----/,
];

const MORE: readonly RegExp[] = [
  /\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,3})?\b/,
  /(?<![\w:])(?:[\da-f]{1,4}:){7}[\da-f]{1,4}(?![\w:])/i,
  /(?<![\w:])(?:[\da-f]{1,4}:){1,6}(?::[\da-f]{1,4}){1,6}(?![\w:])/i,
  /\b(?:[\da-f]{2}[:-]){5}[\da-f]{2}\b/i,
  /\bgithub_pat_\w{22}_\w{59}\b/,
  /\bAIza[\w-]{35}\b/,
  /\bya29\.[\w-]{20,}/,
  /\bxox[abprs]-[A-Za-z\d-]{10,72}/,
  /https:\/\/hooks\.slack\.com\/services\/T[A-Z\d]{8,}\/B[A-Z\d]{8,}\/\w{24}/,
  /\b[prs]k_(?:live|test)_[A-Za-z\d]{16,99}\b/,
  /\bsk-ant-[a-z\d]{2,8}-[\w-]{20,}/,
  /\bnpm_[A-Za-z\d]{36}\b/,
  /\bpypi-[\w-]{50,}/,
  /\bSG\.[\w-]{22}\.[\w-]{43}\b/,
  /\b(?:AC|SK)[\da-f]{32}\b/,
  /\bkey-[\da-f]{32}\b/,
  /\bglpat-[\w-]{20}\b/,
  /\bhf_[A-Za-z]{34}\b/,
  /\b\d{8,10}:AA[\w-]{33}\b/,
  /\b[MN][A-Za-z\d]{23}\.[\w-]{6}\.[\w-]{27}\b/,
  /AccountKey=[A-Za-z\d+/=]{88}/,
  /\b[a-z][a-z\d+.-]{1,15}:\/\/[^\s:@/]+:[^\s:@/]+@[^\s/]+/i,
  /\bbearer\s+[\w.~+/-]{16,}=*/i,
  /!\[[^\]\n]{0,200}\]\(\s*https?:\/\/[^\s)]+\?[^\s)]*\)/,
  /<img\s[^>]{0,200}src\s*=\s*["']?https?:\/\/[^>\s"']+/i,
  /\bdata:[a-z]+\/[a-z\d.+-]+;base64,[A-Za-z\d+/=]{40,}/i,
  /\b(?:password|passwd|pwd|secret|api[_-]?key)\s*[:=]\s*["']?[^\s"']{6,}/i,
  /\b(?:bc1|[13])[a-km-zA-HJ-NP-Z\d]{25,39}\b/,
  /\b0x[a-fA-F\d]{40}\b/,
  /\b[\da-f]{8}-[\da-f]{4}-[1-5][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}\b/i,
  /\b(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b/,
  /\b(?:dob|date of birth)\s*:?\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}/i,
  /\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b/,
  /\b[A-Z]{1,2}\d{6,9}\b/,
  /\b[A-HJ-NPR-Z\d]{17}\b/,
  /\b[A-Z]{6}[A-Z\d]{2}(?:[A-Z\d]{3})?\b/,
  /(?<![\d.])-?\d{1,2}\.\d{4,},\s*-?\d{1,3}\.\d{4,}/,
  /\b\d{3} \d{3} \d{4}\b/,
  /\bignore\s+(?:all\s+|any\s+)?(?:previous|prior|above)\s+(?:instructions|prompts?)\b/i,
  /\bmy\s+(?:system|initial)\s+(?:prompt|instructions)\s+(?:is|are|says?)\b/i,
];

/** Sets whose automaton grows without bound unless it is bounded: unanchored counted runs, and a classic. */
export const EVIL: readonly RegExp[] = [
  /(?:a|b)*a(?:a|b){14}/,
  /(?:x+x+)+y/,
  /[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}\.[a-z]{2,}/,
  /[A-Z]{2}\d{2}[A-Z0-9 ]{11,30}/,
  /!\[[^\]\n]{0,200}\]\(\s*https?:/,
];

export const patternsOf = (expressions: readonly RegExp[]): Pattern[] =>
  expressions.map((find) => ({ type: 'bench', find }));

/** A set of 10, 100 or 1,000 patterns: expressions first, the rest phrases of two or three words. */
export function patternSet(
  size: number,
  phrases: readonly string[],
): { readonly patterns: Pattern[]; readonly expressions: RegExp[] } {
  const expressions = [...COMMON, ...MORE].slice(0, Math.min(size, 50));
  const words = phrases.slice(0, size - expressions.length);
  return {
    patterns: [...patternsOf(expressions), ...words.map((phrase) => ({ type: 'phrase', find: { phrase } }))],
    expressions: [...expressions, ...words.map((phrase) => new RegExp(`\\b${phrase}\\b`, 'i'))],
  };
}
