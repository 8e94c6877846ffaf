import { printed, standing } from '../../form/number.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Account numbers and the codes of banks beside them have no form of their own: only a key word tells. */
export const accountNumber: Recogniser = {
  type: 'pii.bank_account.number',
  name: 'Bank account number, sort code, BSB, IFSC',
  fold: true,
  forms: [
    {
      find: standing('\\d{6,17}'),
      score: 0.7,
      near: [
        ...[
          'account number',
          'account no',
          'acct no',
          'acct number',
          'acct',
          'bank account',
          'iban',
          'kontonummer',
          'kto',
        ],
        ...[
          'numéro de compte',
          'compte bancaire',
          'número de cuenta',
          'cuenta bancaria',
          'numero di conto',
          'conto corrente',
        ],
        ...[
          'número da conta',
          'conta bancária',
          'rekeningnummer',
          'numer konta',
          'номер счета',
          'расчетный счет',
          '口座番号',
          '账号',
          '银行账户',
        ],
      ],
    },
    { find: printed('##-##-##', false), score: 0.7, near: ['sort code', 'sortcode'] },
    { find: printed('###-###', false), score: 0.7, near: ['bsb'] },
    {
      find: /(?<![A-Za-z0-9])[A-Z]{4}0[A-Z0-9]{6}(?![A-Za-z0-9])/,
      score: 0.8,
      near: ['ifsc', 'branch', 'bank'],
    },
  ],
  source: 'the banks; Pay.UK (sort codes), AusPayNet (BSB), Reserve Bank of India (IFSC)',
  since: '0.2.0',
  finds: ['account number: «41827056»', 'sort code «41-82-70»', 'BSB «418-270»', 'IFSC «KEST0418270»'],
  ignores: ['order 41827056', 'on 41-82-70', 'KEST1418270 at the bank'],
};
