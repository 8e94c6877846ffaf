import { MONTH, MONTH_NAME } from '../../check/months.ts';
import type { Recogniser } from '../../recogniser.ts';

const YEAR = '(?:19|20)\\d{2}';
/** A month by its name, in any script that parts words. Folding reads `б` as 6 and `з` as 3. */
const WORD = '[A-Za-zÀ-ɏͰ-ϿЀ-ӿ\\u0590-\\u06ff\\u0900-\\u097f36]{3,14}';

/** `3 November 1984`, `3rd of November, 1984`, `3. listopadu 1984`, `3-Nov-1984`, `03NOV1984`. */
const NAMED = `\\d{1,2}(?:st|nd|rd|th|er|º|ª|\\.)?[ -]?(?:de |of |ta' )?${WORD}\\.?,?[ -]?(?:de |del )?${YEAR}`;
/** `1984. november 3.`, `1984 November 3`. */
const YEAR_FIRST = `${YEAR}\\.? (?:m\\. )?${WORD} \\d{1,2}`;
/** `November 3, 1984`. */
const AMERICAN =
  '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Ene|Abr|Ago|Dic|Set|Nob|Dis|Peb|Hun|Hul|Okt)[a-z]{0,7}\\.? \\d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\\d{2}';
const CLOCK = '(?:T\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,6})?)?(?:Z|[+-]\\d{2}:?\\d{2})?)?';
const NUMBERS = `${YEAR}[-/.]\\d{1,2}[-/.]\\d{1,2}${CLOCK}|\\d{1,2}[-/.]\\d{1,2}[-/.](?:${YEAR}|\\d{2})|\\d{1,2}\\. \\d{1,2}\\. ?${YEAR}`;
/** In words around the numbers: Vietnamese, and East Asian, where the day may be missing. */
const COUNTED = `(?:明治|大正|昭和|平成|令和)(?:\\d{1,2}|元)年\\d{1,2}月\\d{1,2}日|\\d{1,2} th[aá]ng \\d{1,2},? n[aă]m ${YEAR}|${YEAR} ?[年년] ?\\d{1,2} ?[月월](?: ?\\d{1,2} ?[日일])?`;

const DATE = new RegExp(
  `(?<![A-Za-z0-9_.\\-/])(?:${NAMED}|${YEAR_FIRST}|${AMERICAN}|${NUMBERS}|${COUNTED})(?![A-Za-z0-9_\\-/])`,
);

/** Years of an era, and dates whose words say what is a day: nothing in them needs a name of a month. */
const ERA = /^(?:明治|大正|昭和|平成|令和)/;
const COUNTS = /[年년]| n[aă]m /;

function isBirthDate(match: string): boolean {
  if (ERA.test(match)) return true;
  const date = match.replace(/T\d\d:.*$/, '');
  const year = Number(/(?:19|20)\d\d/.exec(date)?.[0] ?? 1970);
  if (year < 1900 || year > 2035) return false;
  const words = date.split(/[^\p{L}\p{M}]+/u).filter((word) => word.length >= 3);
  if (words.length > 0 && !COUNTS.test(date)) {
    const day = Number(/(?<!\d)\d{1,2}(?!\d)/.exec(date)?.[0] ?? 1);
    return day >= 1 && day <= 31 && words.some((word) => MONTH.test(word) || !/^[A-Za-z]+$/.test(word));
  }
  const small = (date.match(/\d+/g) ?? []).map(Number).filter((number) => number < 100);
  return small.every((number, i) => number >= 1 && (number <= 31 || i === 2)) && small.some((number) => number <= 12);
}

const KEY_WORDS: readonly string[] = [
  ...['born', 'dob', 'd.o.b', 'd/o/b', 'birth', 'birth date', 'birthdate', 'date of birth', 'birthday', 'bday'],
  ...['geboren', 'geb.', 'geburtsdatum', 'geburtstag', 'né le', 'née le', 'né à', 'née à', 'naissance', 'naiss.'],
  ...['nacido', 'nacida', 'nació', 'nací', 'nacimiento', 'f. nac', 'fecha nac', 'fec nac', 'cumpleaños'],
  ...['nato il', 'nata il', 'nato a', 'nata a', 'nascita', 'nascido', 'nascida', 'nasceu', 'nasci', 'nascimento'],
  ...['geboortedatum', 'geboortedag', 'geb datum', 'født', 'fødselsdato', 'fødselsdag', 'født den'],
  ...['född', 'födelsedatum', 'födelsedag', 'syntynyt', 'syntymäaika', 'syntymäpäivä', 'fæðingardagur', 'fæddur'],
  ...['urodzony', 'urodzona', 'urodził', 'urodziła', 'urodzenia', 'ur.', 'narozen', 'narozena', 'narození', 'nar.'],
  ...['narodený', 'narodená', 'narodenia', 'született', 'születési', 'szül.', 'născut', 'născută', 'nașterii'],
  ...['rođen', 'rođena', 'rođenja', 'rojen', 'rojena', 'rojstva', 'rojstni', 'datëlindja', 'i lindur', 'e lindur'],
  ...['роден', 'родена', 'раждане', 'родился', 'родилась', 'дата рождения', 'рождения', 'рожд.', 'д.р.'],
  ...['рођен', 'рођена', 'рођења', 'народився', 'народилася', 'народження', 'нарадзіўся', 'нараджэння'],
  ...['γεννήθηκε', 'γέννησης', 'γεννηθείς', 'doğum', 'doğum tarihi', 'doğum tarihim', 'doğumlu', 'doğdum'],
  ...['sünniaeg', 'sündinud', 'dzimšanas', 'dzimis', 'dzimusi', 'gimimo', 'gimė', 'dáta breithe', 'twelid'],
  ...['ngày sinh', 'sinh ngày', 'เกิด', 'วันเกิด', 'lahir', 'kelahiran', 'kapanganakan', 'ipinanganak', 'kaarawan'],
  ...[
    '出生',
    '生日',
    '生年月日',
    '誕生日',
    '생년월일',
    '생일',
    '출생',
    'تاريخ الميلاد',
    'الميلاد',
    'مواليد',
    'تاریخ تولد',
  ],
  ...['תאריך לידה', 'לידה', 'הלידה', 'נולד', 'נולדה', 'जन्म', 'जन्मतिथि', 'tug‘ilgan', 'туған күні', 'төрсөн'],
];

/** Abbreviations that are too short to stand just anywhere near. */
export const ABBREVIATED: RegExp = /(?:^|[^\p{L}])(?:b|n|r|p|f|s|o|nac|nasc)\.\s?$/iu;

/** Dates without a year, right behind the word for a birthday. */
const BIRTHDAY =
  /(?:birthday|b-?day|geburtstag|cumpleaños|anniversaire|compleanno|aniversário|verjaardag|födelsedag|fødselsdag)(?:\s(?:is|falls|was|ist|es|est|è|é|är|er))?(?:\s(?:on|am|el|le|il|em|op|den))?(?:\sthe)?[:\s]*$/i;

/** Dates of birth, with a key word: any other date says nothing about a person. */
export const dateOfBirth: Recogniser = {
  type: 'pii.date_of_birth',
  name: 'Date of birth',
  fold: true,
  forms: [
    {
      find: DATE,
      score: 0.8,
      validate: isBirthDate,
      // The second date of a life is the other one.
      accepts: (_, before) => !/\d{4}\s?[–—-]\s?$/.test(before),
      near: KEY_WORDS,
    },
    {
      find: DATE,
      score: 0.7,
      validate: isBirthDate,
      accepts: (_, before) => /\($|\(.{0,12}$/u.test(before.slice(-14)) && ABBREVIATED.test(before),
      announcedBy: ['b', 'n', 'r', 'p', 'f', 's', 'o'],
    },
    {
      // As data bases write it.
      find: /(?<![A-Za-z0-9_])(?:(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?![A-Za-z0-9_])/,
      score: 0.7,
      near: KEY_WORDS,
    },
    {
      find: /(?<![A-Za-z0-9_.\-/])\d{1,2}[/.-]\d{1,2}[/.-]2[45]\d{2}(?![A-Za-z0-9_\-/])|(?<![A-Za-z0-9_.\-/])\d{1,2} [\u0e01-\u0e4e.]{3,12} (?:พ\.ศ\. ?)?(?:2[45]\d{2}|(?:19|20)\d{2})(?![A-Za-z0-9_\-/])/,
      score: 0.8,
      near: ['เกิด', 'วันเกิด'],
    },
    {
      find: new RegExp(
        `(?<![A-Za-z0-9_.\\-/])(?:\\d{1,2}(?:st|nd|rd|th|\\.)? (?:of |de )?[A-Za-zÀ-ÿ]{3,9}|[A-Z][a-z]{2,8} \\d{1,2}(?:st|nd|rd|th)?)(?![A-Za-z0-9_\\-/])`,
      ),
      score: 0.6,
      validate: (match) => match.split(/[^A-Za-zÀ-ÿ]+/).some((word) => MONTH.test(word) && MONTH_NAME.test(word)),
      accepts: (_, before) => BIRTHDAY.test(before),
    },
  ],
  source: 'ISO 8601; Unicode CLDR (names of months, calendars) and the customs of the languages',
  since: '0.2.0',
  finds: [
    'Patient born on «3 November 1984», blood group A.',
    'DOB: «11/03/1984»',
    'geb. «3.11.1984»',
    '"birthDate":"«1984-11-03»"',
    '生年月日 «1984年11月3日»',
    'родилась «3 ноября 1984» года',
    'birth_date=«1984-11-03T00:00:00Z»',
    '"dob": "«19841103»"',
    'született «1984. november 3».',
    'narozen «3. listopadu 1984»',
    'วันเกิด: «3/11/2527»',
    'My birthday is «March 14»',
    'Lind (b. «03/11/1984»)',
  ],
  ignores: [
    'on 3 November 1984 it rained',
    'born in 1984',
    '(14 June 1840 – 3 November 1884), born in London',
    'DOB: 99/99/1984',
    'born with 3 siblings 1984',
    'Happy birthday! See you on May 3',
    'fig. b. 03/11/1984',
  ],
  limits:
    'births of public persons are found as well; years of two digits and calendars other than ours and that of Thailand only as far as the forms say; ages are `pii.age`',
};
