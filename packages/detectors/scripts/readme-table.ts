/**
 * Writes the table of what is found into the README, from the packs themselves. Run it with
 * `node packages/detectors/scripts/readme-table.ts` after changing a recogniser. A test compares.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { PII } from '../src/pii.ts';
import { SECRETS } from '../src/secrets.ts';
import type { Pack, Recogniser } from '../src/recogniser.ts';

const README = new URL('../../../README.md', import.meta.url);
const MARKS = ['<!-- what is found: begin -->\n', '<!-- what is found: end -->'] as const;

/** Families of the table, in reading order: words for people, and the beginnings of the types that belong there. */
const FAMILIES: readonly (readonly [what: string, ...types: string[]])[] = [
  ['e-mail addresses', 'pii.email'],
  ['telephone numbers', 'pii.phone'],
  ['payment cards, IBANs, bank accounts, BICs', 'pii.card', 'pii.card_code', 'pii.iban', 'pii.bank_account', 'pii.bic'],
  ['identifiers of persons and firms', 'pii.ssn', 'pii.national_id'],
  ['passports, driver licences, medical records', 'pii.passport', 'pii.driver_license', 'pii.medical_record'],
  ['dates of birth, ages, postal addresses, positions', 'pii.date_of_birth', 'pii.age', 'pii.address', 'pii.gps'],
  ['user names', 'pii.username'],
  ['devices, vehicles, network addresses', 'pii.imei', 'pii.vin', 'pii.license_plate', 'pii.ip', 'pii.mac'],
  ['crypto currency addresses', 'pii.crypto_address'],
];

/** Parts of `secrets` that hold no tokens of issuers, in words. */
export const OTHER_SECRETS: { readonly [part: string]: string } = {
  key: 'private keys',
  token: 'web tokens, basic and bearer credentials',
  connection: 'passwords in addresses, connection strings, commands and sentences',
  keyed: 'random values of fields that are named after a service',
  generic: 'random values behind names such as `client_secret`',
};

/** Parts of `secrets` that hold tokens of issuers, in words. A part that is not listed goes by its name. */
const ISSUERS: { readonly [part: string]: string } = {
  ai: 'model providers',
  app: 'applications',
  chat: 'chat and mail',
  ci: 'build services',
  cloud: 'clouds and vaults',
  data: 'databases',
  identity: 'identity and networks',
  observability: 'monitoring',
  payment: 'payments',
  saas: 'business software',
  source: 'code hosts and package registries',
};

/** The lines between the marks. */
export function readmeTable(): string {
  const pii = membersOf(PII);
  const secrets = membersOf(SECRETS);
  const families = FAMILIES.map(([what, ...types]) => [what, types, pii.filter(isOf(types))] as const);
  const left = pii.filter((member) => !families.some(([, , members]) => members.includes(member)));
  if (left.length > 0) throw new Error(`name a family for ${left.map(({ type }) => type).join(', ')}`);
  return [
    '| `use:` | what | types | an example |',
    '| --- | --- | --- | --- |',
    ...families.filter(([, , members]) => members.length > 0).map((family) => row(...family)),
    issuersRow(),
    ...Object.entries(SECRETS.parts).flatMap(([part, members]) => otherSecretsRow(part, members)),
    '',
    `${pii.length} types of personal data and ${secrets.length} of secrets, each with the source of its format:`,
    '[all of them](docs/reference/recognisers.md).',
    '',
    issuersSentence(),
  ].join('\n');
}

/** The README with the table as the packs are now. */
export function readmeWithTable(readme: string): string {
  const [begin, end] = MARKS;
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error('the README has no place for the table of what is found');
  return `${readme.slice(0, from)}${begin}\n${readmeTable()}\n\n${readme.slice(to)}`;
}

const membersOf = ({ parts }: Pack): readonly Recogniser[] => Object.values(parts).flat();

const isOf =
  (types: readonly string[]) =>
  ({ type }: Recogniser): boolean =>
    types.some((one) => type === one || type.startsWith(`${one}.`));

function row(what: string, types: readonly string[], members: readonly Recogniser[]): string {
  const countries = new Set(members.flatMap(({ type }) => /^pii\.national_id\.([a-z]{2})_/.exec(type)?.[1] ?? []));
  const where = countries.size > 0 ? ` of ${countries.size} countries` : '';
  const names = types.map((type) => `\`${type}\``).join(', ');
  const counted = members.length > types.length ? `${members.length} below ${names}` : names;
  return `| \`pii\` | ${what}${where} | ${counted} | ${example(members.filter(isOf(types.slice(0, 1))))} |`;
}

function issuersRow(): string {
  const issued = issuedParts().flatMap(([, members]) => members);
  return `| \`secrets\` | keys and tokens of model providers, clouds, code hosts and many more | ${issued.length} below \`secret\` | ${example(issued)} |`;
}

/** Too long for a cell. */
function issuersSentence(): string {
  const list = issuedParts().map(([part, members]) => `${ISSUERS[part] ?? part} ${members.length}`);
  return `By issuer: ${list.join(', ')}.`;
}

function issuedParts(): readonly (readonly [part: string, members: readonly Recogniser[]])[] {
  return Object.entries(SECRETS.parts).filter(([part]) => !(part in OTHER_SECRETS));
}

function otherSecretsRow(part: string, members: readonly Recogniser[]): readonly string[] {
  const what = OTHER_SECRETS[part];
  if (what === undefined) return [];
  const asked = SECRETS.onRequest?.includes(part) === true;
  const use = asked ? `secrets/${part}` : 'secrets';
  const types = members.map(({ type }) => `\`${type}\``).join(', ');
  return [`| \`${use}\` | ${what}${asked ? ' (on request)' : ''} | ${types} | ${example(members)} |`];
}

/** What the first example finds that fits into a cell, in ASCII where there is one. `…` stands for random signs. */
function example(members: readonly Recogniser[]): string {
  const found = members
    .flatMap(({ finds }) => finds)
    .map((text) => (/«([^»]*)»/.exec(text)?.[1] ?? '').replaceAll(/(?:\{[^}]*\}[-_]?)+/g, '…').trim())
    .filter((text) => text.length > 4 && text.length <= 40 && !/["`|\n%&\\]/.test(text));
  const plain = found.find((text) => /^(?!.*xn--)[ -~…]*$/.test(text)) ?? found[0];
  return plain === undefined ? '' : `\`${plain}\``;
}

if (process.argv[1] === import.meta.filename) writeFileSync(README, readmeWithTable(readFileSync(README, 'utf8')));
