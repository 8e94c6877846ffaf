import { base58Version, isBech32, isChecksumCase } from '../../check/wallet.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Version bytes of Bitcoin, Litecoin, Dogecoin, Dash, Tron and XRP. */
const VERSIONS = new Set([0x00, 0x05, 0x30, 0x32, 0x1e, 0x4c, 0x41]);

/**
 * Addresses of crypto currencies, by their check. Those without one, and Ethereum's in a single case, need a key word.
 */
export const address: Recogniser = {
  type: 'pii.crypto_address',
  name: 'Crypto currency address',
  forms: [
    {
      find: /(?<![A-Za-z0-9])[13LMDXTr][1-9A-HJ-NP-Za-km-z]{24,34}(?![A-Za-z0-9])/,
      score: 1,
      validate: (match) => VERSIONS.has(base58Version(match) ?? -1),
    },
    {
      find: /(?<![A-Za-z0-9])(?:bc1|tb1|ltc1|addr1|cosmos1|osmo1|terra1|inj1)[02-9ac-hj-np-z]{25,100}(?![A-Za-z0-9])/,
      score: 1,
      validate: isBech32,
    },
    {
      find: /(?<![A-Za-z0-9])0x[0-9a-fA-F]{40}(?![A-Za-z0-9])/,
      score: 1,
      validate: (match) => /[a-f]/.test(match.slice(2)) && /[A-F]/.test(match) && isChecksumCase(match),
    },
    {
      find: /(?<![A-Za-z0-9])0x[0-9a-fA-F]{40}(?![A-Za-z0-9])/,
      score: 0.7,
      near: ['wallet', 'eth', 'ethereum', 'address', 'erc20', 'polygon', 'metamask', 'deposit'],
    },
    {
      find: /(?<![A-Za-z0-9])[1-9A-HJ-NP-Za-km-z]{32,44}(?![A-Za-z0-9])/,
      score: 0.7,
      validate: (match) => /\d/.test(match) && /[a-z]/.test(match) && /[A-Z]/.test(match),
      near: ['solana', 'sol address', 'sol wallet', 'phantom'],
    },
  ],
  source: 'Bitcoin base58check, BIP 173, BIP 350, EIP-55; the chains that use them',
  since: '0.2.0',
  finds: [
    'pay to «14mQgmucYTN6ZjN4x4MwimFsiTjBuz8K8k» today',
    '«bc1q99888x9augrjc5tkn0qw2z3023ueaslg047f5z»',
    '«0x294E7398bde2072C51769bC0e50a2f54799ec3E8»',
    'my wallet «0x294e7398bde2072c51769bc0e50a2f54799ec3e8»',
    '«TDjcgqHLhBV3iuRhYL1fEux1dFUWBnQAiv»',
  ],
  ignores: [
    '14mQgmucYTN6ZjN4x4MwimFsiTjBuz8K8m',
    'bc1q99888x9augrjc5tkn0qw2z3023ueaslg047f5q',
    'commit 294e7398bde2072c51769bc0e50a2f54799ec3e8',
  ],
};
