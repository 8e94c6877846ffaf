import { printed, standing } from '../../form/number.ts';
import type { Recogniser } from '../../recogniser.ts';

/** `12345678` and `00000000` stand where a number will. */
const isPlaceholderNumber = (match: string): boolean =>
  '01234567890123456789'.includes(match) || /^(\d)\1+$/.test(match);

/** Account numbers and the codes of banks beside them have no form of their own: only a key word tells. */
export const accountNumber: Recogniser = {
  type: 'pii.bank_account.number',
  name: 'Bank account number, sort code, BSB, IFSC, UPI, PIX',
  fold: true,
  forms: [
    {
      find: standing('\\d{6,20}'),
      score: 0.7,
      validate: (match) => !isPlaceholderNumber(match),
      near: [
        ...[
          'account number',
          'account no',
          'acct no',
          'a/c',
          'a/c no',
          'account no.',
          'savings account',
          'checking account',
          'current account',
          'compte n',
          'konto',
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
    { find: standing('\\d{6}'), score: 0.7, near: ['sort code', 'sortcode', 'bsb'] },
    { find: standing('[1-8]\\d{7}'), score: 0.7, near: ['blz', 'bankleitzahl', 'bank code'] },
    { find: printed('### ### ##', false), score: 0.7, near: ['blz', 'bankleitzahl'] },
    { find: printed('## #### ####### ##', false), score: 0.7, near: ['account', 'bank', 'nz bank'] },
    {
      find: printed('#####-###', false),
      score: 0.7,
      near: ['transit', 'institution number', 'void cheque', 'direct deposit'],
    },
    {
      // Unified Payments Interface: the banks' handles have no dot, so it is no e-mail address.
      find: /(?<![A-Za-z0-9._-])[A-Za-z0-9][A-Za-z0-9._-]{1,48}@(?:ok(?:axis|sbi|icici|hdfcbank)|ybl|ibl|axl|paytm|upi|apl|axisbank|sbi|icici|hdfcbank|kotak)(?![A-Za-z0-9._-])/,
      score: 0.9,
    },
    {
      // A key of PIX that is no number of a person: a random UUID.
      find: /(?<![A-Za-z0-9-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![A-Za-z0-9-])/,
      score: 0.7,
      near: ['pix', 'chave pix', 'chave aleatória'],
    },
    {
      find: /(?<![A-Za-z0-9])[A-Z]{4}0[A-Z0-9]{6}(?![A-Za-z0-9])/,
      score: 0.8,
      near: ['ifsc', 'branch', 'bank'],
    },
  ],
  source:
    'the banks; Pay.UK (sort codes), AusPayNet (BSB), Reserve Bank of India (IFSC), NPCI (UPI), Banco Central do Brasil (PIX), Payments Canada, Payments NZ',
  since: '0.2.0',
  finds: [
    'account number: «41827056»',
    'sort code «41-82-70»',
    'sort code: «418270»',
    'BLZ «41827056»',
    'a/c no «0418270563»',
    'BSB «418-270»',
    'IFSC «KEST0418270»',
    'NZ bank account «12-3141-0418270-50»',
    'transit «41827-004»',
    'pay «kestrel.ann@okaxis»',
    'chave PIX: «{uuid}»',
  ],
  ignores: [
    'order 41827056',
    'on 41-82-70',
    'KEST1418270 at the bank',
    "account_number: '12345678'",
    'write to ann@upi-desk.example',
  ],
};
