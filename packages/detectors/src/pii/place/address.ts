import type { Recogniser } from '../../recogniser.ts';

const STREET =
  '(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Square|Sq|Terrace|Way|Close|Crescent|Parkway|Pkwy|Highway|Hwy|Gardens|Grove|Hill|Row|Mews|Trail|Circle|Cir)';
const STATES =
  'Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming';
/** United Kingdom, Ireland, Canada, United States, Australia, India, Singapore. */
const ENGLISH_CODE =
  '(?:[A-Z]{1,2}\\d[A-Z\\d]? \\d[A-Z]{2}|[A-Z]\\d[\\dW] [A-Z\\d]{4}|[A-Z]\\d[A-Z] \\d[A-Z]\\d|[A-Z]{2},? \\d{5}(?:-\\d{4})?|(?:NSW|VIC|QLD|SA|WA|TAS|ACT|NT) \\d{4}|[A-Z][a-z]{2,20} [1-9]\\d{5})';
const NAMES = "(?:[A-Z0-9][A-Za-z0-9'.-]* ){1,4}";

/** The name of a street: up to five words, of any length so that the scanner counts words alone. */
const WORDS = "(?:[A-Za-zÀ-ž'’.-]+(?:,? |,)){1,5}";
/** A town, as far as its first word: it may be the last of the text. */
const TOWN = '[A-ZÀ-ÞĀ-Ž][a-zà-ž]+';

/** Street, number, code and town, as the post of a country writes them. */
const FORMS: readonly (readonly [where: string, source: string])[] = [
  [
    'Germany, in words',
    `(?:Am|An der|An den|Im|In der|Auf der|Auf dem|Bei der|Hinter der|Unter den|Vor dem|Zu den|Zum|Zur) [A-ZÄÖÜ][a-zäöüß-]+ \\d{1,4} ?[a-z]?,? \\d{5} ${TOWN}`,
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
    `(?:Rua|R\\.|Avenida|Av\\.|Alameda|Travessa|Praça) ${WORDS} ?\\d{1,5},?(?: [A-Za-zÀ-ž0-9º./-]+,?){0,8} (?:CEP:? ?)?\\d{5}-\\d{3}`,
  ],
  [
    'Poland',
    `(?:ul\\.|al\\.|pl\\.|os\\.) ?${WORDS}\\d{1,4}[A-Za-z]?(?:/\\d{1,4}| m\\. ?\\d{1,4})?,? \\d{2}-\\d{3} ${TOWN}`,
  ],
  [
    'Russia, Ukraine, Bulgaria',
    '(?:(?:ул\\.|вул\\.|бул\\.|пр-т|просп\\.|пер\\.|наб\\.) ?(?:[А-ЯЁІЇЄҐа-яёіїєґ.-]+ ?){1,4},?|(?:улица|проспект) (?:[А-ЯЁІЇЄҐа-яёіїєґ.-]+ ?){1,4},) ?(?:д\\.|дом|буд\\.|№)? ?\\d{1,4}(?:, ?кв\\. ?\\d{1,4})?',
  ],
  [
    'Hungary',
    '(?:\\d{4} [A-ZÁÉÍÓÖŐÚÜŰ][a-záéíóöőúüű]+, )?[A-ZÁÉÍÓÖŐÚÜŰ][a-záéíóöőúüű]+ (?:utca|u\\.|út|útja|tér|körút|krt\\.|sétány) \\d{1,4}\\.?',
  ],
  [
    'Türkiye',
    '[A-ZÇĞİÖŞÜ][a-zçğıöşü]+ (?:Caddesi|Cad\\.|Cd\\.|Sokak|Sokağı|Sok\\.|Sk\\.|Bulvarı|Blv\\.) (?:No ?[:.]? ?)?\\d{1,4}',
  ],
  [
    'any, at a post box',
    `(?:P\\.? ?O\\.? Box|Postfach|Boîte postale|Apartado|Casella postale) \\d{1,6},? ${WORDS}?(?:[A-Z]{2} )?\\d{4,5}`,
  ],
];

/**
 * Streets whose kind is the end of their name. The scanner looks for any capitalised word in front of a number, a code
 * and a town: to look for the endings itself, it would have to remember how far each has come at every letter of every
 * such word. Folding may have taken the marks off its letters.
 */
const ENDINGS: readonly (readonly [where: string, source: string])[] = [
  [
    'Germany, Austria, Switzerland',
    '[A-ZÄÖÜ][a-zäöüß-]+(?:stra(?:ß|ss)e|str\\.|weg|platz|allee|gasse|ufer|damm|ring|steig|hof|[ -](?:Stra(?:ß|ss)e|Str\\.|Weg|Platz|Allee|Gasse|Ring)) \\d{1,4} ?[a-z]?,? (?:[DAC]H?-)?\\d{4,5} ',
  ],
  ['Netherlands', '[A-Z][a-z]+(?:straat|weg|laan|plein|gracht|kade|dijk|singel) \\d{1,4} ?[a-z]?,? \\d{4} ?[A-Z]{2} '],
  // Three pairs of letters are not given.
  ['Netherlands, any street', '[A-Z][a-z]+ \\d{1,4} ?[a-z]?,? [1-9]\\d{3} (?:[A-RT-Z][A-Z]|S[BCE-RT-Z]) '],
  [
    'Sweden, Finland, Denmark, Norway',
    '[A-ZÅÄÖÆØ][a-zåäöæø]+(?:gatan|v[aä]gen|gr[aä]nd|torget|katu|tie|gade|vej|veien|gata|all[eé]|plass) \\d{1,4} ?[A-Za-z]?,? \\d{3} ?\\d{1,2} ',
  ],
];
const ENDED = new RegExp(`^(?:${ENDINGS.map(([, source]) => source).join('|')})[^ \\d]+$`);
/** What all of these look like. */
const CAPITALISED =
  /(?<![A-Za-z0-9])[A-ZÅÄÖÜÆØ][a-zåäöüæøß-]{1,60}(?:\.|[ -]?(?:Stra(?:ß|ss)e|Str\.|Weg|Platz|Allee|Gasse|Ring))? \d{1,4} ?[A-Za-z]?,? (?:(?:[DAC]H?-)?\d{4,5}(?: ?[A-Z]{2})?|\d{3} ?\d{1,2}) [A-ZÀ-ÞĀ-Ž][a-zà-ž]{1,60}/;

/**
 * What a code is called, right before it. Behind it nothing is waited for: every number of a text would be held for
 * that.
 */
const CALLED_CODE =
  /(?:post ?code|postal code|zip(?: ?code)?|eircode|plz|postleitzahl|code postal|c[óo]digo postal|cep|codice postale|cap|kod pocztowy|post(?:nummer|nr)|ps[čc]|почтовый индекс|индекс|邮编|邮政编码|郵便番号|우편번호|pin ?code)["'”]?(?: is| ist|:|：|=)?\s{0,2}["'〒]?$/i;

/** Codes that look like nothing else: Great Britain, Canada, the Netherlands. */
const WITH_LETTERS =
  /^(?:[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}|[ABCEGHJ-NPRSTVXY]\d[A-Z] \d[A-Z]\d|[1-9]\d{3} [A-Z]{2})$/;
/** `I live at`, `ship it to`, `address:`. */
const THERE =
  /(?:^|[^a-z])(?:address|adresse|street|(?:i|we|he|she|they|who) liv(?:e|es|ed)(?: at| on| in)?|living at|resid(?:e|es|ing|ent)(?: at| on| of)|(?:ship|shipped|shipping|deliver|delivered|delivery|mail|send|sent|post|pick up|come|moved)(?: it| them| this| the \w+)? (?:to|at|from)|located at|home(?: is)?(?: at)?)["']?(?: is| was| at| of| on|:| to)?[ :="']{0,4}(?:(?:apartment|apt|flat|unit|suite|no)\.? ?\w{1,4},? )?$/i;

/** Postal addresses: street, number and code as posts of 20 countries write them, and codes beside the word for one. */
export const address: Recogniser = {
  type: 'pii.address',
  name: 'Postal address',
  fold: true,
  forms: [
    {
      find: new RegExp(
        `(?<![A-Za-z0-9_.])\\d{1,5}[A-Za-z]?,? ${NAMES}${STREET}\\.?,?(?: [A-Za-z0-9#'.-]+,?){0,5} (?:${ENGLISH_CODE}|(?:${STATES}),? \\d{5}(?:-\\d{4})?)(?![A-Za-z0-9])`,
      ),
      score: 0.9,
    },
    { find: new RegExp(`(?<![A-Za-z0-9])(?:${FORMS.map(([, source]) => source).join('|')})`), score: 0.9 },
    {
      // Without a code, where the text says that somebody lives or wants something there.
      find: new RegExp(
        `(?<![A-Za-z0-9_.#])\\d{1,5}[A-Za-z]?,? (?:[A-Z0-9][A-Za-z0-9'.-]{0,15} ){1,3}${STREET}(?![A-Za-z])`,
      ),
      score: 0.7,
      accepts: (_, before) => THERE.test(before),
    },
    { find: CAPITALISED, validate: (match) => ENDED.test(match), score: 0.9 },
    {
      find: /(?<![A-Za-z0-9])(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]\d[\dW] ?[A-Z\d]{4}|\d{5}-\d{3,4}|\d{4}-\d{3}|\d{3}-\d{4}|\d{2}-\d{3}|\d{3} \d{2}|\d{4} ?[A-Z]{2}|[A-Z]\d{4}[A-Z]{3}|\d{4,6})(?![A-Za-z0-9-])/,
      score: 0.6,
      accepts: (match, before) =>
        CALLED_CODE.test(before.replaceAll('_', ' ')) || (WITH_LETTERS.test(match) && THERE.test(before)),
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
    'I live at «14 Kestrel Lane»',
    'my address is «BS3 9ZZ»',
    '«456 Elm Road, Austin, Texas 78701»',
    '«Atatürk Cad. No: 12»',
  ],
  ignores: [
    '14 Kestrel Lane is nice',
    'in Lane 4 at 10118',
    'rue 12, page 69003',
    'order 10115',
    'Via the 14 gates of 20121',
  ],
  limits:
    'without a code only where the text says that somebody lives there; not over several lines, and not of countries that write them otherwise',
};
