import type { Recogniser } from '../recogniser.ts';

/**
 * E-mail addresses as people use them: RFC 5322 dot-atoms without quoting or comments, lengths as in RFC 5321 (64 units before
 * the `@`, 254 in all), Latin letters with diacritics, a top-level domain of 2 to 24 ASCII letters.
 * Folded: `ａｎｎ＠ｘ．ｅｘａｍｐｌｅ` is an address, and so is one with invisible characters inside.
 * Each word may be a local part, so text is held to the end of the word; the look-behind keeps it to one start per word.
 */
export const email: Recogniser = {
  type: 'pii.email',
  version: '1',
  find: /(?<![A-Za-z0-9._%+\-À-ɏ])[A-Za-z0-9._%+\-À-ɏ](?:[A-Za-z0-9._%+'\-À-ɏ]{0,62}[A-Za-z0-9._%+\-À-ɏ])?@[A-Za-z0-9À-ɏ](?:[A-Za-z0-9.\-À-ɏ]{0,160}[A-Za-z0-9À-ɏ])?\.[A-Za-z]{2,24}(?![A-Za-z])/,
  fold: true,
  exceptable: true,
};
