import type { Form, Recogniser } from '../recogniser.ts';
import { isOtherNumber } from '../check/other-numbers.ts';
import { byItself, compact, digitsByThemselves, printed, standing } from './number.ts';

/** What the file of an identifier says. */
export interface NationalId extends Pick<
  Recogniser,
  'type' | 'name' | 'source' | 'since' | 'finds' | 'ignores' | 'limits'
> {
  /** The number without separators, as an expression. */
  readonly plain: string;
  /** As it is printed, with a key word near. */
  readonly printed?: readonly string[];
  /** Printed so that it decides alone. */
  readonly alone?: readonly string[];
  /** The same, but not as the number of an order, a parcel, a part: where such a word stands right before it. */
  readonly aloneElsewhere?: readonly string[];
  /**
   * The number without separators decides alone: it has letters or a fixed head, and few random ones pass.
   * `elsewhere`: not where the word for an order or the like stands right before it.
   */
  readonly plainAlone?: true | 'elsewhere';
  /**
   * So many digits in a row decide alone, if the check says so of them: a date of birth and check digits, two check
   * digits and a head. Never a time, the number of an article, or what an order or the like is right before.
   */
  readonly digitsAlone?: readonly [length: number, check?: (digits: string) => boolean];
  /** Its separators are part of it: `plain` has them. */
  readonly separated?: true;
  /** Check digits and dates of the compact number. */
  readonly check?: (compact: string) => boolean;
  /** Check digits that newer numbers do not keep: demanded where no key word stands. */
  readonly checkAlone?: (compact: string) => boolean;
  /** Key words, in the languages of the country. */
  readonly near: readonly string[];
  /** Few random numbers pass: general key words (`national id`) are enough. */
  readonly strong?: true;
}

/** Key words for the identifiers of any country. */
const GENERAL = [
  ...['national id', 'national identity', 'national identification', 'identity number', 'identity card', 'id card'],
  ...['id number', 'id no', 'personal number', 'personal id', 'tax id', 'tax number', 'taxpayer', 'social security'],
  ...['insurance number', 'citizen number', 'citizen id', 'identification number', 'national number', 'id code'],
  ...['national register', 'personal code', 'identity code', 'fiscal code', 'tax code', 'national insurance'],
  ...['social insurance', 'health insurance', 'health card', 'pension number'],
];

/** What else is numbered, right before a number that would decide alone. */
const OTHERS = [
  ...[
    'order',
    'order no',
    'order id',
    'invoice',
    'invoice no',
    'ticket',
    'tracking',
    'tracking no',
    'parcel',
    'shipment',
  ],
  ...[
    'item',
    'article',
    'sku',
    'part',
    'part no',
    'lot',
    'batch',
    'run',
    'build',
    'job',
    'serial',
    'serial no',
    'model',
  ],
  ...[
    'transaction',
    'transaction id',
    'request',
    'request id',
    'trace',
    'trace id',
    'session',
    'message',
    'event',
    'row',
  ],
  ...['package', 'pedido', 'paquete', 'encomenda', 'commande', 'colis', 'facture', 'factura', 'bestellung', 'rechnung'],
  ...['pakk', 'tellimus', 'arve', 'siunta', 'užsakymas', 'sąskaita', 'sūtījums', 'pasūtījums', 'colet', 'coletul'],
  ...['comanda', 'factura nr', 'zásilka', 'objednávka', 'pošiljka', 'narudžba', 'naročilo', 'csomag', 'rendelés'],
  ...['sipariş', 'kargo', 'paketa', 'beställning', 'försändelse', 'tilaus', 'forsendelse', 'пратка', 'поръчка'],
  ...['замовлення', 'пошиљка', 'тапсырыс', 'παραγγελία', 'δέμα', 'pöntun', 'sending'],
  ...['paket', 'pakken', 'paketti', 'ordre', 'ordine', 'pacco', 'fattura', 'zamówienie', 'paczka', 'faktura', 'заказ'],
  ...[
    'посылка',
    'накладная',
    'pakoja',
    '소포',
    '包裹',
    '订单',
    '運單',
    '注文',
    '荷物',
    '주문',
    '택배',
    'طلب',
    'الطرد',
    'الطلب',
  ],
  ...[
    'isbn',
    'ean',
    'gtin',
    'upc',
    'ts',
    'time',
    'timestamp',
    'epoch',
    'version',
    'commit',
    'hash',
    'ref',
    'reference',
  ],
];

/** An identifier that a state gives to persons or firms. */
export function nationalId(written: NationalId): Recogniser {
  const {
    plain,
    printed: shapes = [],
    alone = [],
    aloneElsewhere = [],
    plainAlone,
    digitsAlone,
    separated,
    check,
    checkAlone,
    near,
    strong,
    ...rest
  } = written;
  const whole = new RegExp(`^(?:${plain})$`, 'u');
  const validate = (match: string): boolean => {
    const number = separated === true ? match.toUpperCase() : compact(match);
    return whole.test(number) && (check === undefined || check(number));
  };
  const surely = (match: string): boolean =>
    validate(match) && (checkAlone === undefined || checkAlone(compact(match)));
  const words = strong === true ? [...near, ...GENERAL] : near;
  const forms: Form[] = [
    ...alone.map((shape): Form => ({ find: printed(shape, true), score: 0.9, validate: surely })),
    ...aloneElsewhere.map((shape): Form => ({
      find: printed(shape, true),
      score: 0.8,
      validate: surely,
      notBehind: OTHERS,
    })),
    ...[...(checkAlone === undefined ? [] : alone), ...aloneElsewhere, ...shapes].map((shape): Form => ({
      find: printed(shape, false),
      score: 0.8,
      validate,
      near: words,
    })),
    ...(plainAlone !== undefined
      ? [
          {
            find: byItself(plain),
            score: 0.85,
            validate: surely,
            ...(plainAlone === 'elsewhere' && { notBehind: OTHERS }),
          },
        ]
      : []),
    ...(digitsAlone !== undefined
      ? [
          {
            find: digitsByThemselves(digitsAlone[0]),
            score: 0.8,
            validate: (match: string) => digitsAlone[1]?.(match) !== false && surely(match) && !isOtherNumber(match),
            notBehind: OTHERS,
          },
        ]
      : []),
    // With a key word also in small letters, and whatever only newer numbers keep.
    { find: standing(plain), score: 0.8, validate, near: words },
  ];
  return { ...rest, fold: true, forms };
}
