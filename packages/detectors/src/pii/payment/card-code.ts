import type { Recogniser } from '../../recogniser.ts';

/** What the three or four digits beside the number of a card are called, right before them. */
export const CALLED: RegExp =
  /(?:^|[^\p{L}])(?:cvv2?|cvc2?|cvn2?|cav2|card (?:security|verification) (?:code|value|number)|security code(?= ?["'*]{0,2} ?[:=])|cryptogramme(?: visuel)?|code de sécurité|kartenprüfnummer|prüfziffer der karte|código de segur(?:idad|ança)|codice di sicurezza|cvv码|安全码|卡背三位|セキュリティ ?コード)(?: (?:code|number|no\.?|nr\.?))?["'*_)]{0,3}\s?(?:is|was|ist|est|es|è|é|:|=|#|：|は|是)?\s{0,3}["'*`]{0,2}$/iu;

/** The code on the back of a card, which nobody may keep: with it a number can be used. */
export const cardCode: Recogniser = {
  type: 'pii.card_code',
  name: 'Card verification code (CVV, CVC)',
  fold: true,
  forms: [
    {
      find: /(?<![A-Za-z0-9_.,-])\d{3,4}(?![A-Za-z0-9_-])/,
      score: 0.8,
      accepts: (_, before) => CALLED.test(before),
      announcedBy: [
        ...[
          'cvv',
          'cvc',
          'cvn',
          'cav2',
          'card security',
          'card verification',
          'security code',
          'cryptogramme',
          'code de sécurité',
        ],
        ...[
          'kartenprüfnummer',
          'prüfziffer der karte',
          'código de segur',
          'codice di sicurezza',
          '安全码',
          '卡背三位',
          'セキュリティ',
        ],
      ],
    },
  ],
  source: 'PCI DSS, requirement 3.3; the networks (CVV2, CVC2, CID)',
  since: '0.5.0',
  finds: [
    'exp 04/29, cvv «418»',
    '"cvc": "«4182»"',
    'CVV2: «418»',
    'the CVV is «418»',
    'cryptogramme visuel : «418»',
    '安全码：«418»',
  ],
  ignores: ['a CVV has 3 digits, or 4', 'cvv_length=100x', 'security code 4182 of the door', 'CVV of 2019-04'],
};
