import type { Recogniser } from '../../recogniser.ts';

const SELECTOR = '\\uFE00-\\uFE0F\\u{E0100}-\\u{E01EF}';
/** Keyboards double the selector of an emoji now and then: it alone says nothing. */
const TELLING = '\\uFE00-\\uFE0E\\u{E0100}-\\u{E01EF}';

/** 256 selectors are the 256 values of a byte: behind one character any number of them can stand, and none shows. */
export const variation: Recogniser = {
  type: 'hidden.variation',
  name: 'Data in variation selectors',
  exceptable: false,
  forms: [
    { find: new RegExp(`[${TELLING}][${SELECTOR}]+|[${SELECTOR}]+[${TELLING}]|\\uFE0F{6,}`, 'u'), score: 1 },
    { find: new RegExp(`(?:[A-Za-z .,][${SELECTOR}]{1,4}){3}`, 'u'), score: 0.9 },
  ],
  source: 'Unicode Standard, blocks Variation Selectors and Variation Selectors Supplement',
  since: '0.2.0',
  finds: [
    'Nice \u{1F600}«\u{E0158}\u{E0155}\u{E015C}\u{E015C}\u{E015F}»!',
    'He«l\u{E0121}l\u{E0135}o\u{E0140}» there',
    '\u2764«\uFE01\uFE0F\uFE03»',
  ],
  ignores: [
    '\u2764\uFE0F \u2600\uFE0F 1\uFE0F\u20E3',
    '\u2764\uFE0F\uFE0F',
    '\u845B\u{E0100}\u98FE\u{E0101}',
    '\u{1F3F3}\uFE0F\u200D\u{1F308}',
  ],
};
