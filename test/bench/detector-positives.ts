/** Texts with one finding each, made by the standards: the same for the same seed. */
import { IBANS } from '../../packages/detectors/src/check/iban-table.ts';
import type { Random } from './detector-random.ts';

/** What is in the text and what it is called. */
export interface Positive {
  readonly type: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const CARRIERS = ['', 'Please note ', 'He wrote: ', '{"value":"', '- ', 'Here it is, ', 'see ('];
const TAILS = ['', '.', ' as of today', '"}', ', thanks', ')', '\nNext line'];

function placed(random: Random, type: string, lead: string, value: string): Positive {
  const before = random.pick(CARRIERS) + lead;
  return { type, text: before + value + random.pick(TAILS), start: before.length, end: before.length + value.length };
}

/** The digit that makes the Luhn sum right (ISO/IEC 7812-1, annex B). */
function luhnDigit(body: string): string {
  let sum = 0;
  for (let i = 0; i < body.length; i++) {
    const value = Number(body[body.length - 1 - i]) * (i % 2 === 0 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return String((10 - (sum % 10)) % 10);
}

function card(random: Random): string {
  const head = random.pick(['4', '51', '55', '2221', '2720', '6011', '65', '3528', '62', '2200']);
  const body = head + random.digits(15 - head.length);
  const number = body + luhnDigit(body);
  const separator = random.pick(['', ' ', '-', '.']);
  return separator === '' ? number : number.replaceAll(/(\d{4})(?=\d)/g, `$1${separator}`);
}

function iban(random: Random): string {
  const [country, [, structure]] = random.pick(Object.entries(IBANS));
  const account = structure.replaceAll(/(\d+)([nac])/g, (_, count: string, kind: string) =>
    kind === 'n'
      ? random.digits(Number(count))
      : kind === 'a'
        ? random.upper(Number(count))
        : random.base36(Number(count)),
  );
  const numbers = `${account}${country}00`.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  const whole = country + String(98n - (BigInt(numbers) % 97n)).padStart(2, '0') + account;
  return random.pick([whole, whole.toLowerCase(), whole.replaceAll(/(.{4})(?=.)/g, '$1 ')]);
}

const octet = (random: Random): number => random.below(256);
const ipv4 = (random: Random): string => `${11 + random.below(110)}.${octet(random)}.${octet(random)}.${octet(random)}`;
const ipv6 = (random: Random): string => `2001:db8:${Array.from({ length: 6 }, () => random.hex(4)).join(':')}`;
const mac = (random: Random): string => Array.from({ length: 6 }, () => random.hex(2)).join(random.pick([':', '-']));
const email = (random: Random): string =>
  `${random.pick(['ada', 'j.lind', 'team+x', "o'neil"])}${random.below(99)}@${random.pick(['acme', 'mail.acme', 'x-y'])}.${random.pick(['example', 'org', 'co.uk', 'io'])}`;
const phone = (random: Random): string =>
  random.pick([
    `+44 20 7946 0${random.digits(3)}`,
    `+1 202-555-01${random.digits(2)}`,
    `+49 30 23125${random.digits(3)}`,
    `+33 1 42 68 ${random.digits(2)} ${random.digits(2)}`,
    `+81 3-${random.pick(['3', '5', '6'])}${random.digits(3)}-${random.digits(4)}`,
    `(212) 555-01${random.digits(2)}`,
  ]);
const nationalPhone = (random: Random): string =>
  random.pick([
    `030 23125${random.digits(3)}`,
    `0171 ${random.digits(7)}`,
    `202 555 01${random.digits(2)}`,
    `612 ${random.digits(3)} ${random.digits(3)}`,
  ]);
const birth = (random: Random): string =>
  random.pick([
    `19${random.digits(2, 40, 99)}-0${1 + random.below(9)}-1${random.below(9)}`,
    `${1 + random.below(28)}.${1 + random.below(12)}.19${random.digits(2, 40, 99)}`,
    `${1 + random.below(28)} March 19${random.digits(2, 40, 99)}`,
  ]);

/** By what is measured: the type, the key word before it if it needs one, and the value. */
export const POSITIVES: { readonly [kind: string]: (random: Random) => Positive } = {
  card: (r) => placed(r, 'pii.card', '', card(r)),
  iban: (r) => placed(r, 'pii.iban', '', iban(r)),
  email: (r) => placed(r, 'pii.email', '', email(r)),
  emailSpelled: (r) =>
    placed(
      r,
      'pii.email',
      '',
      email(r)
        .replace('@', r.pick([' [at] ', '(at)', ' at ']))
        .replaceAll('.', ' dot '),
    ),
  phone: (r) => placed(r, 'pii.phone', '', phone(r)),
  phoneNational: (r) => placed(r, 'pii.phone', r.pick(['tel. ', 'phone: ', 'Handy ', 'móvil: ']), nationalPhone(r)),
  ipv4: (r) => placed(r, 'pii.ip', '', ipv4(r)),
  ipv6: (r) => placed(r, 'pii.ip', '', ipv6(r)),
  mac: (r) => placed(r, 'pii.mac', '', mac(r)),
  dateOfBirth: (r) => placed(r, 'pii.date_of_birth', r.pick(['born ', 'DOB: ', 'date of birth: ', 'geb. ']), birth(r)),
};
