/** What an author probably meant, for mistakes that many make: said behind the problem, so that it can be copied. */
import { STAGES } from '../../contract/event.ts';
import type { Path } from './locate.ts';
import { didYouMean } from '../../suggest.ts';
import { fieldCalled, valueCalled } from './synonyms.ts';

const meant = (what: string): string => `; did you mean \`${what}\`?`;
const write = (what: string): string => `; write \`${what}\``;

/**
 * For a field that nobody knows: the same thing under its name here, else the closest name. Fields that are there
 * already are not meant.
 */
export function suggested(field: string, known: readonly string[], holder: unknown): string {
  const list = listHint(field, holder);
  if (list !== undefined) return list;
  const missing = known.filter((name) => typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, name));
  const called = fieldCalled(field, missing);
  return called === undefined ? didYouMean(field, missing) : meant(called);
}

/** `{ on: input, output, … }`: the second stage became a field. */
function listHint(field: string, holder: unknown): string | undefined {
  if (typeof holder !== 'object' || holder === null || !('on' in holder) || typeof holder.on !== 'string') return;
  if (!isStage(field) || !isStage(holder.on)) return;
  return `; write a list: \`on: [${holder.on}, ${field}]\``;
}

const isStage = (word: string): boolean => STAGES.some((stage) => stage === word);

/** A field whose name is a value: `detect: { pii.email: 0.8 }`, `rules: { no-secrets: … }` are met elsewhere. */
export function namedHint(field: string, path: Path): string {
  return path.includes('detect') && field.includes('.') ? write(`{ type: ${field}, min: … }`) : '';
}

/** What an entry of `detectors` has, by what it names. */
const OF_DETECTORS: { readonly [field: string]: string } = {
  except: 'use',
  when: 'use',
  allow_hosts: 'use',
  keep_last: 'use',
  marks: 'phrases',
  escapes: 'phrases',
  dialect: 'patterns',
  fold: 'patterns',
};

/** A field that entries of another kind have. */
export function kindHint(field: string, path: Path): string {
  if (path[0] !== 'detectors' || path.length !== 2 || !Object.hasOwn(OF_DETECTORS, field)) return '';
  return `; it belongs to a detector with \`${OF_DETECTORS[field]}\``;
}

/** For a word that is not accepted. */
export function wordHint(input: unknown, values: readonly string[]): string {
  if (typeof input === 'boolean' || typeof input === 'number') {
    const called = valueCalled(String(input), values);
    return called === undefined ? '' : meant(called);
  }
  if (typeof input !== 'string') return '';
  const comment = commentIn(input);
  if (comment !== undefined) return comment;
  const several = input.split(/\s*[,|/]\s*|\s+(?:and|or)\s+|\s+/);
  if (several.length > 1 && several.every((word) => values.includes(word)))
    return `; write a list: \`[${several.join(', ')}]\``;
  const called = valueCalled(input, values);
  return called === undefined ? didYouMean(input, values) : meant(called);
}

/** `block // because`: the comment became part of the value. */
function commentIn(value: string): string | undefined {
  const [before, behind] = value.split(/\s+\/\/\s*/, 2);
  return behind === undefined ? undefined : `; a comment begins with \`#\`: \`${before} # ${behind}\``;
}

/** For a value of another kind. */
export function typeHint(path: Path, input: unknown, expected: string): string {
  const [section, index] = path;
  const field = path.findLast((key) => typeof key === 'string');
  if (
    expected === 'array' &&
    path.length === 1 &&
    typeof input === 'object' &&
    input !== null &&
    !Array.isArray(input)
  ) {
    const [name] = Object.keys(input);
    return name === undefined
      ? ''
      : section === 'detectors'
        ? write(`- use: ${name}`)
        : `; write a list: \`- id: ${name}\``;
  }
  if (typeof input === 'string' && typeof index === 'number' && path.length === 2)
    return write(entryHint(String(section), input));
  if (expected === 'array' && path.length === 1 && typeof input === 'string' && section === 'detectors')
    return write(`[{ use: ${input} }]`);
  if (typeof input === 'number' && isDuration(field))
    return `; a length of time has a unit: \`${withUnit(input, field)}\``;
  if (typeof input === 'string' && field === 'min' && /^\d{1,2}%$/.test(input))
    return `; a score is from 0 to 1: \`${Number(input.slice(0, -1)) / 100}\``;
  if (field === 'after' && typeof input === 'number') return write(`{ strikes: ${input}, within: 10m }`);
  if (field === 'version' && typeof input === 'number') return `; put it in quotes: \`'${input}'\``;
  if (typeof input === 'number' && (field === 'id' || field === 'policy' || field === 'label'))
    return `; a name begins with a letter: \`n${input}\``;
  if (typeof input === 'number' && expected === 'string') return `; put it in quotes: \`'${input}'\``;
  return '';
}

/** Of a number without one, large numbers are milliseconds to most people. */
function withUnit(input: number, field: unknown): string {
  if (field === 'deadline' || (input >= 1000 && input % 1000 !== 0)) return `${input}ms`;
  return input >= 1000 ? `${input / 1000}s` : `${input}s`;
}

/** `id a` and `secrets` in place of an entry. */
function entryHint(section: string, text: string): string {
  const pair = /^([A-Za-z]+)\s+(\S.*)$/.exec(text);
  if (pair !== null) return `${pair[1]}: ${pair[2]}`;
  return section === 'detectors' ? `use: ${text}` : `id: ${text}`;
}

/** For a text in another form. */
export function formatHint(path: Path, value: string): string {
  const field = path.findLast((key) => typeof key === 'string');
  const comment = commentIn(value);
  if (comment !== undefined) return comment;
  if (isDuration(field)) {
    const duration = durationIn(value);
    return duration === undefined ? '' : meant(duration);
  }
  if (path[0] === 'facts') {
    const name = /^(?:\w+\.)*?(?:args\.)?([A-Za-z_]\w*)$/.exec(value)?.[1];
    return name === undefined || value.startsWith('subject') ? '' : meant(`tool.args.${name}`);
  }
  if (field === 'use' || field === 'detect' || field === 'type' || field === 'masks') {
    const plain = value.replace(/[.*]+$/, '');
    return plain !== value && plain !== '' ? `; \`${plain}\` stands for everything below it` : '';
  }
  const name = value
    .trim()
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^[-0-9]+|-+$/g, '');
  return name !== '' && name !== value ? meant(name) : '';
}

/** For a number that is too large. */
export function rangeHint(path: Path, input: unknown): string {
  if (path.at(-1) !== 'min' || typeof input !== 'number') return '';
  return input <= 100 && input >= 10 ? `; a score is from 0 to 1: \`${input / 100}\`` : '; a score is from 0 to 1';
}

const isDuration = (field: unknown): boolean =>
  ['deadline', 'within', 'for', 'max', 'forget', 'per'].includes(String(field));

const UNITS: readonly (readonly [RegExp, string])[] = [
  [/^(?:ms|msecs?|millis|milliseconds?)$/, 'ms'],
  [/^(?:s|secs?|seconds?)$/, 's'],
  [/^(?:m|mins?|minutes?)$/, 'm'],
  [/^(?:h|hrs?|hours?)$/, 'h'],
  [/^(?:d|days?)$/, 'd'],
];

/** `1 minute`, `minute` and `PT30S` as they are written here. */
function durationIn(value: string): string | undefined {
  const iso = /^pt?(\d+)([smhd])$/i.exec(value);
  const [, digits = '1', word = ''] = iso ?? /^(\d*)\s*([a-z]+)$/i.exec(value.trim()) ?? [];
  const unit = UNITS.find(([names]) => names.test(word.toLowerCase()))?.[1];
  return unit === undefined || Number(digits || '1') === 0 ? undefined : `${Number(digits || '1')}${unit}`;
}
