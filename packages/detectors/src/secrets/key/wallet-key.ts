import { base58Check } from '../../check/wallet.ts';
import { looksIssued } from '../../check/random.ts';
import type { Recogniser } from '../../recogniser.ts';

/** The wallet import format of Bitcoin: version 0x80, 32 bytes, and one more where the public key is compressed. */
const isWif = (match: string): boolean => {
  const bytes = base58Check(match);
  return bytes?.[0] === 0x80 && (bytes.length === 33 || bytes.length === 34);
};

/** Right before the key: `private key: 0x...`, `ETH_PRIVATE_KEY=`, `"privateKey": "`. */
const CALLED = /priv(?:ate)?[ _-]?key["'`*]{0,3}\s{0,3}(?:is|:|=|\))?\s{0,3}["'`]{0,2}$/i;

/** Private keys of crypto currencies whose form has a check: import format and extended keys of BIP 32, 49 and 84. */
export const walletKey: Recogniser = {
  type: 'secret.wallet_key',
  name: 'Private key of a wallet',
  forms: [
    { find: /(?<![A-Za-z0-9])[5KL][1-9A-HJ-NP-Za-km-z]{50,51}(?![A-Za-z0-9])/, score: 1, validate: isWif },
    {
      find: /(?<![A-Za-z0-9])[xyz]prv[1-9A-HJ-NP-Za-km-z]{107}(?![A-Za-z0-9])/,
      score: 1,
      validate: (match) => base58Check(match)?.length === 78,
    },
    {
      // A key of Ethereum and others is 32 bytes without a check.
      find: /(?<![A-Za-z0-9])(?:0x)?[0-9a-fA-F]{64}(?![A-Za-z0-9])/,
      score: 0.9,
      accepts: (match, before) => CALLED.test(before) && looksIssued(match.replace('0x', '')),
      announcedBy: ['private key', 'priv key'],
    },
  ],
  source: 'Bitcoin, wallet import format; BIP 32, BIP 49, BIP 84',
  since: '0.3.0',
  finds: [
    'ETH_PRIVATE_KEY=«0x{hex:64}»',
    'the private key is «{hex:64}».',

    'key «L4YJ9SSa3hHyFYZ4yryxVMXnrCDkfRPfpUbYWD5KeB3uunFrumqe» x',
    'wallet «xprv9s21ZrQH143K3XsBixuKbykV3aFPpTGKdDWxMTW3k2ycGK5L8jYyCJD27grhmPiDve8MDnA3YdPPnGtxWJEXpFdszx9M6YQcFau5J2g3gb7» x',
  ],
  ignores: [
    'private key of the sha256 {hex:64}',
    'publicKey: 0x{hex:64}',
    'key L4YJ9SSa3hHyFYZ4yryxVMXnrCDkfRPfpUbYWD5KeB3uunFrumqA x',
    'L{base62:51}',
  ],
};
