import { EXTENSION, PRINTED_PHONE, withoutExtension } from '../../check/phone-forms.ts';
import { isPhone } from '../../check/phone.ts';
import type { Recogniser } from '../../recogniser.ts';

const KEY_WORDS = [
  ...[
    'phone',
    'telephone',
    'tel',
    'mobile',
    'cell',
    'cellphone',
    'fax',
    'call me',
    'call us',
    'whatsapp',
    'desk line',
    'hotline',
    'text me',
  ],
  ...[
    'telefon',
    'handy',
    'mobil',
    'rufnummer',
    'ruf',
    'anruf',
    'durchwahl',
    'téléphone',
    'tél',
    'portable',
    'teléfono',
    'móvil',
    'celular',
  ],
  ...[
    'telefono',
    'cellulare',
    'telefone',
    'telemóvel',
    'telefoon',
    'mobiel',
    'gsm',
    'puhelin',
    'telefonszám',
    'telefonnummer',
  ],
  ...[
    'тел',
    'телефон',
    'моб',
    '电话',
    '手机',
    '電話',
    '携帯',
    '전화',
    '휴대폰',
    'هاتف',
    'جوال',
    'טלפון',
    'נייד',
    'फ़ोन',
    'मोबाइल',
  ],
  ...['điện thoại', 'sđt', 'โทร', 'cep', 'telepono', 'контакт', 'telefax', 'komórka', 'matkapuhelin'],
  ...['festnetz', 'tlf', 'puh', 'telp', 'telpon', 'telepon', 'hp', 'cel', 'fono', 'di động', 'dđ', 'موبايل', 'موبایل'],
  ...[
    'تلفون',
    'تلفن',
    '핸드폰',
    '휴대전화',
    '연락처',
    '전화번호',
    '電話番号',
    '电话号码',
    '手机号',
    'เบอร์',
    'เบอร์โทร',
    'फोन',
  ],
  ...['llámame', 'llame', 'appelez', 'chiamami', 'ligue', 'zadzwoń', 'bel mij', 'reach me', 'my number'],
  ...['ph', 'viber', 'contact no', 'landline', 'home number', 'work number'],
  ...['telefón', 'τηλέφωνο', 'κινητό', 'số máy', 'nomor hp', 'no hp', 'phone number', 'contact number'],
];

const digits = (text: string): string => withoutExtension(text).replace(/\(0\)/, '').replaceAll(/\D/g, '');

/** Mexico had a 1 before mobile numbers until 2019; people still write it. */
const isInternational = (number: string): boolean =>
  isPhone(number) || (number.startsWith('521') && number.length === 13 && isPhone(`52${number.slice(3)}`));

/** Dates, years, times, amounts, addresses of the network and rows of bytes that have as many digits. */
const NO_PHONE =
  /^(?:(?:19|20)\d\d ?- ?(?:19|20)\d\d|(?:0\d[ .]){4}0\d|(?:19|20)\d\d[-./]\d\d?[-./]\d\d?|\d\d?[-./]\d\d?[-./](?:19|20)?\d\d|\d{1,3}(?:\.\d{1,3}){3}|\d+\.\d+)$/;

const isNational = (match: string): boolean => {
  const number = digits(match);
  const { length } = number;
  return length >= 7 && length <= 13 && !NO_PHONE.test(match) && !/^(?:[01]+|(\d)\1+)$/.test(number);
};

/** What else is numbered in such groups. */
const GOODS = [
  ...[
    'sku',
    'part',
    'part no',
    'part number',
    'article',
    'item',
    'item no',
    'lot',
    'batch',
    'serial',
    'serial no',
    'model',
  ],
  ...[
    'order',
    'order no',
    'order number',
    'invoice',
    'invoice no',
    'isbn',
    'ean',
    'gtin',
    'upc',
    'tracking',
    'clause',
    'dfars',
  ],
];

/** The groups of a longer number can look like a telephone's. */
const IN_NUMBER = /\d[A-Za-z]? $/;

/**
 * Telephone numbers of all regions: the international form decides by itself, checked against the numbers that regions
 * give; national numbers in strong printed forms or with a key word.
 */
export const phone: Recogniser = {
  type: 'pii.phone',
  name: 'Telephone number',
  fold: true,
  forms: [
    {
      find: new RegExp(`(?<![A-Za-z0-9_+])\\+\\(?[1-9](?:[ .\\-/()~]{0,2}\\d){6,14}${EXTENSION}(?!\\d)`),
      score: 1,
      validate: (match) => isInternational(digits(match)),
    },
    {
      find: new RegExp(`(?<![A-Za-z0-9_.+/\\-])(?:${PRINTED_PHONE})${EXTENSION}(?![A-Za-z0-9_/\\-])`),
      score: 0.8,
      validate: isNational,
      accepts: (_, before) => !IN_NUMBER.test(before),
      notBehind: GOODS,
    },
    {
      // In groups behind the prefix of Europe and of North America for calls abroad: the numbering plan decides.
      find: new RegExp(
        `(?<![A-Za-z0-9_.+/\\-])(?:00|011 )[1-9]\\d{0,2}[ -]\\(?\\d(?:[ .\\-/()]{0,2}\\d){5,11}${EXTENSION}(?![A-Za-z0-9_/\\-])`,
      ),
      score: 0.9,
      validate: (match) => isInternational(digits(match.replace(/^(?:00|011 )/, ''))),
      accepts: (_, before) => !IN_NUMBER.test(before),
    },
    {
      // Links of WhatsApp have the number alone.
      find: /(?<=\/)\+?[1-9]\d{6,14}(?![A-Za-z0-9_])/,
      score: 0.9,
      validate: (match) => isInternational(match.replace('+', '')),
      accepts: (_, before) => /(?:^|[^A-Za-z0-9])wa\.me\/$/i.test(before),
    },
    {
      find: new RegExp(`(?<![A-Za-z0-9_.+\\-/])\\(?\\d(?:[ .\\-/()]{0,2}\\d){6,14}${EXTENSION}(?![A-Za-z0-9_])`),
      score: 0.7,
      validate: (match) => (/^00[1-9]/.test(match) ? isPhone(digits(match).slice(2)) : isNational(match)),
      near: KEY_WORDS,
    },
  ],
  source: 'ITU-T E.164; metadata of libphonenumber (Google), by libphonenumber-js (MIT)',
  since: '0.2.0',
  finds: [
    'Call me on «+44 20 7946 0018» after six.',
    'Ruf mich bitte unter «030 23125-417» an.',
    'Her desk line is «(202) 555-0143, ext. 7».',
    'tel:«+49 (0)30 23125417»',
    'handy «0049 30 23125417»',
    '«01 42 68 53 00»',
    'desk «+44 20 7946 0018 ext. 12»',
    'from abroad «0044 20 7946 0018»',
    'https://wa.me/«12025550143»',
    'call «1 (202) 555-0143»',
    '«1-800-555-0199» is free',
    'ph: «03 9123 4567»',
    'my number is «2025550143»',
    'Büro «030/23125417 DW 12»',
    'Tel. «030 / 4418 2705» | Fax',
    'cep «0532 418 27 05»',
  ],
  ignores: [
    'SKU 920-346-0626',
    'Clause 252.227-7013 of the DFARS',
    'phone support 2014-2017',
    'Prints: <Buffer 01 02 03 04 05>',
    'order 4182705639 of 2024-05-06',
    'SM86 0032 2509 8000 0000 0270 100',
    '+1 234',
    'version 10.0.26100',
    'the phone came on 2024-05-06',
    '978-316-484-1005',
    'https://acme.example/12025550143',
    '000 123 4567',
  ],
  limits: 'national numbers without a key word in other printed forms are not found',
};
