import type { Recogniser } from '../../recogniser.ts';

const MONTHS =
  'jan|feb|fév|mar|mär|apr|avr|abr|may|mai|maj|mayo|mag|jun|juin|giu|jul|juil|lug|aug|août|ago|sep|set|oct|okt|ott|out|nov|dec|dez|déc|dic|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек';
const MONTH = new RegExp(`^(?:${MONTHS})`, 'i');

/** Dates as they are written; the validator knows what a month is. */
const NAMED = '\\d{1,2}(?:st|nd|rd|th|\\.)? (?:de |of )?[A-Za-zÀ-ÿа-я]{3,10}\\.?,? (?:de )?(?:19|20)\\d{2}';
const AMERICAN =
  '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\\.? \\d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\\d{2}';
const NUMBERS = '(?:19|20)\\d{2}[-/.]\\d{1,2}[-/.]\\d{1,2}|\\d{1,2}[-/.]\\d{1,2}[-/.](?:(?:19|20)\\d{2}|\\d{2})';
const EASTERN = '(?:19|20)\\d{2} ?[年년] ?\\d{1,2} ?[月월] ?\\d{1,2} ?[日일]';

function isBirthDate(match: string): boolean {
  const year = Number(/(?:19|20)\d\d/.exec(match)?.[0] ?? 1970);
  if (year < 1900 || year > 2035) return false;
  const words = match.split(/[^A-Za-zÀ-ÿа-яА-Я]+/).filter((word) => word.length >= 3);
  // Folding mixes scripts in Cyrillic months: between a day and a year hardly anything else stands.
  if (words.length > 0) return words.some((word) => MONTH.test(word) || /[а-я]/i.test(word));
  const small = (match.match(/\d+/g) ?? []).map(Number).filter((number) => number < 100);
  return small.every((number, i) => number >= 1 && (number <= 31 || i === 2)) && small.some((number) => number <= 12);
}

/** Dates of birth, with a key word: any other date says nothing about a person. */
export const dateOfBirth: Recogniser = {
  type: 'pii.date_of_birth',
  name: 'Date of birth',
  fold: true,
  forms: [
    {
      find: new RegExp(`(?<![A-Za-z0-9_.\\-/])(?:${NAMED}|${AMERICAN}|${NUMBERS}|${EASTERN})(?![A-Za-z0-9_\\-/])`),
      score: 0.8,
      validate: isBirthDate,
      // The second date of a life is the other one.
      accepts: (_, before) => !/\d{4}\s?[–—-]\s?$/.test(before),
      near: [
        ...[
          'born',
          'dob',
          'd.o.b',
          'birth date',
          'birthdate',
          'date of birth',
          'birthday',
          'geboren',
          'geb.',
          'geburtsdatum',
          'né le',
          'née le',
        ],
        ...[
          'date de naissance',
          'nacido',
          'nacida',
          'fecha de nacimiento',
          'nato il',
          'nata il',
          'data di nascita',
          'nascido',
          'nascida',
        ],
        ...[
          'data de nascimento',
          'geboren op',
          'geboortedatum',
          'født',
          'fødselsdato',
          'född',
          'födelsedatum',
          'syntynyt',
          'syntymäaika',
        ],
        ...[
          'urodzony',
          'data urodzenia',
          'narozen',
          'datum narození',
          'született',
          'născut',
          'роден',
          'родился',
          'родилась',
          'дата рождения',
        ],
        ...[
          'д.р.',
          'народився',
          'γεννήθηκε',
          'doğum tarihi',
          'ngày sinh',
          'เกิด',
          '出生',
          '生日',
          '生年月日',
          '생년월일',
          'تاريخ الميلاد',
          'תאריך לידה',
          'जन्म',
        ],
      ],
    },
  ],
  source: 'ISO 8601 and the customs of the languages',
  since: '0.2.0',
  finds: [
    'Patient born on «3 November 1984», blood group A.',
    'DOB: «11/03/1984»',
    'geb. «3.11.1984»',
    '"birthDate":"«1984-11-03»"',
    '生年月日 «1984年11月3日»',
    'родилась «3 ноября 1984» года',
  ],
  ignores: [
    'on 3 November 1984 it rained',
    'born in 1984',
    '(14 June 1840 – 3 November 1884), born in London',
    'DOB: 99/99/1984',
  ],
  limits: 'births of public persons are found as well; ages are `pii.age`',
};
