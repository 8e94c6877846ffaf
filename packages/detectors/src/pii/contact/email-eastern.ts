import type { Recogniser } from '../../recogniser.ts';

/** Labels of domains in Chinese, Japanese and Korean letters. */
const LETTERS = '\\u3041-\\u30fe\\u4e00-\\u9fff\\uac00-\\ud7a3';

/**
 * E-mail addresses whose domain is written in Chinese, Japanese or Korean. The local part has no such letters: words
 * are not parted there, and every sentence could be the beginning of one. Not folded, as the addresses of these
 * countries are not.
 */
export const emailEastern: Recogniser = {
  type: 'pii.email.eastern',
  name: 'E-mail address with a domain of East Asia',
  forms: [
    {
      find: new RegExp(
        `(?<![A-Za-z0-9._%+\\-])[A-Za-z0-9][A-Za-z0-9._%+\\-]{0,63}@[A-Za-z0-9.\\-]{0,60}[${LETTERS}][A-Za-z0-9.\\-${LETTERS}]{0,60}\\.(?:[A-Za-z]{2,24}|[${LETTERS}]{2,6})`,
      ),
      score: 1,
    },
  ],
  source: 'RFC 6531, RFC 5890; the root zone (IANA)',
  since: '0.4.0',
  finds: ['写信给 «ann@例え.jp»', '«info@邮箱.中国»'],
  ignores: ['ann@公司', '@例え.jp', '用户@例子'],
  limits: 'no local parts in these letters',
};
