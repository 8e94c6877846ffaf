import { digitsIn, isDigit } from '../../check/numbers.ts';
import { PAPER } from '../../form/paper.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Whose: `Polish ID`, `Turkish ID card`. */
const PEOPLES =
  'afghan|albanian|algerian|american|argentin(?:e|ian)|armenian|australian|austrian|azerbaijani|bangladeshi|belarusian|belgian|bolivian|bosnian|brazilian|british|bulgarian|cambodian|canadian|chilean|chinese|colombian|costa rican|croatian|cuban|cypriot|czech|danish|dominican|dutch|ecuadorian|egyptian|emirati|estonian|ethiopian|filipino|finnish|french|georgian|german|ghanaian|greek|guatemalan|honduran|hong kong|hungarian|icelandic|indian|indonesian|iranian|iraqi|irish|israeli|italian|jamaican|japanese|jordanian|kazakh|kenyan|korean|kuwaiti|latvian|lebanese|lithuanian|luxembourgish|macedonian|malaysian|maltese|mauritian|mexican|moldovan|mongolian|montenegrin|moroccan|nepali|new zealand|nicaraguan|nigerian|norwegian|omani|pakistani|panamanian|paraguayan|peruvian|polish|portuguese|qatari?|romanian|russian|salvadoran|saudi|scottish|serbian|singapore(?:an)?|slovak|slovenian|south african|spanish|sri lankan|swedish|swiss|taiwanese|thai|tunisian|turkish|ukrainian|uruguayan|us|uzbek|venezuelan|vietnamese|zimbabwean';

/**
 * What such a number is called. Names of numbers with a check digit that everybody knows (`PESEL`, `CPF`) are not
 * among them: their own recognisers know more.
 */
const CALLED = [
  'national (?:id(?:entity|entification)?|insurance|register|registration)|(?:id|identity|identification) (?:card|document|paper)',
  'identity (?:number|no|code)|citizen(?:ship)? (?:id|number|no|card|certificate)|government(?:-issued)? id|state id',
  'personal (?:id|identity|identification)(?: code)?(?= ?(?:number|no|code|card|:|#|is|=))|resident (?:id|registration|permit)|residence permit',
  '(?:alien|foreigner) registration|green card|uscis number|visa (?:number|no)|military id|voter id|id code',
  'tax(?:payer)? ?(?:id|identification|number|no|code|reference|file)|fiscal (?:code|number)|vat (?:id|number|no|registration)',
  'social (?:security|insurance)|health (?:insurance|card|id)|insurance (?:number|no|id)|pension (?:number|no|insurance)',
  '(?:company|business) (?:registration|number|no|id)|employer id|tin',
  '(?<!(?:order|transaction|product|item|ticket|reference|invoice|case|session|request|tracking|job|batch|message|part|model|serial|event|device|build|project|task|issue|post|page|row|record|user|customer|account|booking|shipment|parcel|lot|call)s? )id (?:number|no)',
  `(?:${PEOPLES}) (?:national )?(?:id|identity|identification|tax id|vat|citizen)`,
  '(?:personal)?ausweis(?:nummer|nr)?|steuernummer|identifikationsnummer|aufenthaltstitel|versichert?en?nummer|versicherungsnummer',
  'carte (?:nationale )?d ?identité(?: nationale)?|carte nationale|cni|titre de séjour|(?:numéro|n°) (?:d ?identi\\S*|fiscal|national|d ?assur\\S*|de registre national)',
  'cédula|documento (?:nacional )?de identi\\S*|carnet de identidad|tarjeta de (?:identidad|residencia)|número de (?:identi\\S*|afiliación|seguro)|permiso de residencia',
  'carta d ?identità|documento d ?identità|permesso di soggiorno|tessera sanitaria|numero di identificazione',
  'bilhete de identidade|documento de identidade|cartão de identidade|número de identi\\S*|número de contribuinte|autorização de residência',
  'identiteitskaart|id kaart|identiteitsbewijs|identificatienummer|verblijfs\\S*|identitetsnummer|id kort|id kortti|henkilökort\\S*|identitetskort',
  'dowód osobisty|dowodu osobistego|numer dowodu|numer identyfikacyjny|karta pobytu|občanský průkaz|občanského průkazu|číslo op|občiansky preukaz',
  'osobna iskaznica|lična karta|osebna izkaznica|лична карта|личен номер|личная карта|удостоверение личности|посвідчення особи|вид на жительство',
  '(?:идентификационный|идентификационен|налоговый|податковий|ідентифікаційний) (?:номер|код)|страховой номер',
  'személyi (?:igazolvány|szám|azonosító)|személyigazolvány|carte de identitate|cartea de identitate|buletin|seria|isikutunnistus|asmens tapatyb\\S*|apliecība',
  'ταυτότητας?|kimlik (?:no|numarası|seri no|kartı)|vergi (?:no|numarası)|şəxsiyyət vəsiqəsi|fin kod',
  '身[份分][证證]\\S{0,2}|居民[身证]\\S{0,3}|證號|统一编号|統一編號|社会保障号|税号|在留カード\\S{0,2}|身分証\\S{0,3}|個人番号|신분증|외국인등록증|등록번호',
  'บัตรประชาชน|เลขประจำตัว\\S{0,8}|căn cước|chứng minh|kad pengenalan|nomor (?:ktp|identitas|induk)|ktp',
  'رقم (?:الهوية|البطاقة|الإقامة|التعريف|الضمان)|بطاقة (?:الهوية|التعريف|الأحوال)|الهوية الوطنية|الرقم (?:الوطني|القومي|المدني)|کارت ملی|شماره ملی',
  'תעודת זהות|מספר זהות|पहचान (?:पत्र|संख्या)|नागरिकता|პირადი ნომერი',
].join('|');

/** Letters of which each of these names has some. */
const ANNOUNCED_BY: readonly string[] = [
  ...['id', 'national', 'citizen', 'residen', 'registration', 'green card', 'uscis', 'visa', 'tax', 'fiscal', 'vat'],
  ...['social', 'health', 'insurance', 'pension', 'company', 'business', 'tin', 'ausweis', 'steuernummer'],
  ...['aufenthaltstitel', 'versicher', 'carte', 'cni', 'titre', 'assur', 'cédula', 'tarjeta', 'afiliación', 'seguro'],
  ...['permiso', 'permesso', 'tessera', 'contribuinte', 'verblijfs', 'henkilökort', 'dowod', 'karta', 'občansk'],
  ...['číslo op', 'občiansk', 'osobna', 'osebna', 'карта', 'личен', 'удостоверение', 'посвідчення', 'жительство'],
  ...['номер', 'код', 'személyi', 'buletin', 'seria', 'isikutunnistus', 'asmens', 'apliecība', 'ταυτότητα', 'kimlik'],
  ...['vergi', 'vəsiqəsi', 'fin kod', '身', '居民', '證', '统一', '統一', '社会保障号', '税号', '在留', '個人番号'],
  ...['신분증', '등록', 'บัตรประชาชน', 'เลขประจำตัว', 'căn cước', 'chứng minh', 'pengenalan', 'nomor', 'ktp'],
  ...['رقم', 'بطاقة', 'الهوية', 'کارت', 'شماره', 'זהות', 'पहचान', 'नागरिकता', 'პირადი'],
];

/** It ends in what stands before: with no sentence and no other number in between. */
export const LABEL: RegExp = new RegExp(
  `(?:^|[^\\p{L}])(?:${CALLED})(?!\\p{L})\\.?[^\\d.;!?]{0,3}(?:no\\.|nr\\.|n\\.º)?[^\\d.;!?\\n]{0,24}(?::?\\s{0,3})$`,
  'iu',
);

/** All ends of a number have the same text before them. */
let lastBefore = '';
let wasCalled = false;

function isCalled(before: string): boolean {
  if (before === lastBefore) return wasCalled;
  lastBefore = before;
  // In tables no letters stand so near.
  wasCalled = /\p{L}/u.test(before.slice(-28)) && LABEL.test(words(before));
  return wasCalled;
}

/** Reads names of fields as words: `national_id`, `nationalId`, `D'IDENTITÉ`. */
const words = (before: string): string => before.replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2').replaceAll(/[_’'-]+/g, ' ');

/** The end of the name in capitals, and not the series of the number. */
const OF_THE_NAME = /^(?:ID|IDS|NO|NR|IS|ISS|TIN|VAT|UID|CARD|CODE|NUMBER|TAX|NUM)\b/;

const DATE = /^(?:(?:19|20)\d\d[-/.]\d\d?(?!\d)|\d\d?[-/.]\d\d?[-/.](?:19|20)\d\d)/;

/** A number of the kind, and no date, year or time. Asked for every end and many starts of a number. */
function isNumber(match: string): boolean {
  const digits = digitsIn(match);
  if (digits < 5 || digits < lettersIn(match)) return false;
  return isDigit(match.charCodeAt(0)) ? !DATE.test(match) : !OF_THE_NAME.test(match);
}

/** Plain letters. */
function lettersIn(match: string): number {
  let letters = 0;
  for (let i = 0; i < match.length; i++) {
    const lower = match.charCodeAt(i) | 32;
    if (lower >= 97 && lower <= 122) letters++;
  }
  return letters;
}

/**
 * What a text itself calls a number of identity, tax or insurance, of whatever country: the name of the number is right
 * before it. Beside the recognisers that know the country's own names and check digits.
 */
export const identityNumber: Recogniser = {
  type: 'pii.national_id.named',
  name: 'Number that the text calls a national, tax or insurance number',
  fold: true,
  // Checked by the scanner, so that the `ID` of `ID 4182705639` does not hide the number.
  forms: [
    {
      find: PAPER,
      score: 0.7,
      validate: isNumber,
      accepts: (_, before) => isCalled(before),
      announcedBy: ANNOUNCED_BY,
    },
  ],
  source: 'how forms of authorities name the numbers; no form of its own',
  since: '0.4.0',
  finds: [
    'My national ID number is «418 270 563».',
    'tax_id: «41-8270563-9»',
    '{"nationalId":"«K35417062M»"}',
    'carte d’identité n° «880692310285»',
    'Ausweisnummer: «L01X00T471»',
    'my Polish ID is «83041741824»',
    'alien registration number «A418270563»',
    '身份证号码：«110105198304172645»',
  ],
  ignores: [
    'order 418270563 of the tax office',
    'Your tax ID is needed. Order 418270563 waits.',
    'national ID issued on 2019-04-17',
    'the id of row 418270563',
  ],
  limits: 'only right behind the name of the number; check digits are not asked for, so a wrong number counts',
};
