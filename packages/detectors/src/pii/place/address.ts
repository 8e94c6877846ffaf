import type { Recogniser } from '../../recogniser.ts';

const STREET =
  '(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Square|Sq|Terrace|Way|Close|Crescent|Parkway|Pkwy|Highway|Hwy|Gardens|Grove|Hill|Row|Mews|Trail|Circle|Cir)';
/** United Kingdom, Ireland, Canada, United States, Australia. */
const ENGLISH_CODE =
  '(?:[A-Z]{1,2}\\d[A-Z\\d]? \\d[A-Z]{2}|[A-Z]\\d[\\dW] [A-Z\\d]{4}|[A-Z]\\d[A-Z] \\d[A-Z]\\d|[A-Z]{2},? \\d{5}(?:-\\d{4})?|(?:NSW|VIC|QLD|SA|WA|TAS|ACT|NT) \\d{4})';
const NAMES = "(?:[A-Z0-9][A-Za-z0-9'.-]* ){1,4}";

/** The name of a street: up to five words, of any length so that the scanner counts words alone. */
const WORDS = "(?:[A-Za-zÀ-ž'’.-]+[ ,]){1,5}";
/** A town, as far as its first word: it may be the last of the text. */
const TOWN = '[A-ZÀ-ÞĀ-Ž][a-zà-ž]+';

/** Street, number, code and town, as the post of a country writes them. */
const FORMS: readonly (readonly [where: string, source: string])[] = [
  [
    'Germany, Austria, Switzerland',
    `[A-ZÄÖÜ][a-zäöüß-]+(?:stra(?:ß|ss)e|str\\.|weg|platz|allee|gasse|ufer|damm|ring|steig|hof|[ -](?:Stra(?:ß|ss)e|Str\\.|Weg|Platz|Allee|Gasse|Ring)) \\d{1,4} ?[a-z]?,? (?:[DAC]H?-)?\\d{4,5} ${TOWN}`,
  ],
  [
    'Germany, in words',
    `(?:Am|An der|Im|In der|Auf der|Zum|Zur) [A-ZÄÖÜ][a-zäöüß-]+ \\d{1,4} ?[a-z]?,? \\d{5} ${TOWN}`,
  ],
  [
    'France, Belgium',
    `\\d{1,4}(?: ?bis| ?ter)?,? (?:rue|avenue|av\\.|boulevard|bd|place|chemin|allée|impasse|quai|route|cours) ${WORDS} ?\\d{4,5} ${TOWN}`,
  ],
  [
    'Spain, Latin America, Italy, Portugal',
    `(?:Calle|C/|Avda\\.?|Avenida|Av\\.|Plaza|Paseo|Carrera|Ronda|Camino|Via|Viale|Piazza|Corso|Largo|Vicolo|Rua|R\\.|Travessa|Praça) ?${WORDS}(?:# ?|nº ?|n\\.º ?)?\\d{1,5}[a-z]?(?:/[A-Za-z0-9])?,?(?: [A-Za-z0-9ºª°.-]+,?){0,3} [-–]? ?\\d{4,5}(?:-\\d{3})? ${TOWN}`,
  ],
  [
    'Brazil',
    `(?:Rua|R\\.|Avenida|Av\\.|Alameda|Travessa|Praça) ${WORDS} ?\\d{1,5},?(?: [A-Za-zÀ-ž0-9º./-]+,?){0,6} (?:CEP:? ?)?\\d{5}-\\d{3}`,
  ],
  [
    'Netherlands',
    `[A-Z][a-z]+(?:straat|weg|laan|plein|gracht|kade|dijk|singel) \\d{1,4} ?[a-z]?,? \\d{4} ?[A-Z]{2} ${TOWN}`,
  ],
  ['Poland', `(?:ul\\.|al\\.|pl\\.|os\\.) ?${WORDS}\\d{1,4}[A-Za-z]?(?:/\\d{1,4})?,? \\d{2}-\\d{3} ${TOWN}`],
  [
    'Sweden, Finland, Denmark, Norway',
    `[A-ZÅÄÖÆØ][a-zåäöæø]+(?:gatan|vägen|gränd|torget|katu|tie|gade|vej|veien|gata|allé|plass) \\d{1,4} ?[A-Za-z]?,? \\d{3} ?\\d{1,2} ${TOWN}`,
  ],
  [
    'Russia',
    '(?:ул\\.|улица|пр-т|проспект|пер\\.|наб\\.) ?(?:[А-ЯЁа-яё.-]+ ?){1,4}, ?(?:д\\.|дом) ?\\d{1,4}(?:, ?кв\\. ?\\d{1,4})?',
  ],
  [
    'any, at a post box',
    `(?:P\\.? ?O\\.? Box|Postfach|Boîte postale|Apartado|Casella postale) \\d{1,6},? ${WORDS}?(?:[A-Z]{2} )?\\d{4,5}`,
  ],
];

/** What a code is called, right before it. Behind it nothing is waited for: every number of a text would be held for that. */
const CALLED_CODE =
  /(?:post ?code|postal code|zip(?: ?code)?|eircode|plz|postleitzahl|code postal|c[óo]digo postal|cep|codice postale|cap|kod pocztowy|post(?:nummer|nr)|ps[čc]|почтовый индекс|индекс|邮编|邮政编码|郵便番号|우편번호|pin ?code)["'”]?(?: is| ist|:|：|=)?\s{0,2}["'〒]?$/i;

/** Postal addresses: street, number and code as posts of 20 countries write them, and codes beside the word for one. */
export const address: Recogniser = {
  type: 'pii.address',
  name: 'Postal address',
  fold: true,
  forms: [
    {
      find: new RegExp(
        `(?<![A-Za-z0-9_.])\\d{1,5}[A-Za-z]? ${NAMES}${STREET}\\.?,?(?: [A-Za-z0-9#'.-]+,?){0,5} ${ENGLISH_CODE}(?![A-Za-z0-9])`,
      ),
      score: 0.9,
    },
    { find: new RegExp(`(?<![A-Za-z0-9])(?:${FORMS.map(([, source]) => source).join('|')})`), score: 0.9 },
    {
      find: /(?<![A-Za-z0-9])(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]\d[\dW] ?[A-Z\d]{4}|\d{5}-\d{3,4}|\d{4}-\d{3}|\d{3}-\d{4}|\d{2}-\d{3}|\d{3} \d{2}|\d{4} ?[A-Z]{2}|[A-Z]\d{4}[A-Z]{3}|\d{4,6})(?![A-Za-z0-9-])/,
      score: 0.6,
      accepts: (_, before) => CALLED_CODE.test(before.replaceAll('_', ' ')),
    },
  ],
  source: 'UPU S42 templates; the posts of the countries',
  since: '0.2.0',
  finds: [
    'Ship it to «14 Kestrel Lane, Bristol BS3 9ZZ».',
    '«350 Fifth Avenue, New York, NY 10118»',
    '«Kestrelstraße 14, 10115 Berlin»',
    'livrer au «12 rue des Crécerelles, 69003 Lyon»',
    'envíelo a «Calle del Cernícalo 14, 28013 Madrid»',
    'abita in «Via del Gheppio 14, 20121 Milano»',
    '«Torenvalkstraat 14, 1012 AB Amsterdam»',
    '«ul. Pustułki 14/3, 00-950 Warszawa»',
    '«Rua do Falcão 14, 1100-148 Lisboa»',
    '«Tornfalksgatan 14, 111 22 Stockholm»',
    'post code «BS3 9ZZ»',
  ],
  ignores: [
    '14 Kestrel Lane is nice',
    'in Lane 4 at 10118',
    'rue 12, page 69003',
    'order 10115',
    'Via the 14 gates of 20121',
  ],
  limits: 'addresses without a code, over several lines, and of countries that write them otherwise are not found',
};
