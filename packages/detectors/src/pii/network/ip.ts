import type { Recogniser } from '../../recogniser.ts';

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';

/** Groups that only a written address of the sixth version has: eight of them, or `::` and enough beside it. */
function isVersion6(match: string): boolean {
  const dotted = /[^:]*\.[^:]*$/.exec(match.replace(/%.*$/, ''))?.[0];
  if (dotted !== undefined && !new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`).test(dotted)) return false;
  // Four octets at the end are two groups.
  const address = match
    .replace(/%.*$/, '')
    .replace(dotted ?? '', dotted === undefined ? '' : '0:0')
    .toLowerCase();
  const halves = address.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  if (groups.some((group) => !/^[0-9a-f]{1,4}$/.test(group))) return false;
  if (halves.length === 1) return groups.length === 8;
  return (
    groups.length >= 2 &&
    groups.length < 8 &&
    groups.some((group) => group.length >= 3 || /\d/.test(group)) &&
    /\d/.test(address)
  );
}

/** Four small numbers are a version more often than a host; a loopback address is nobody's. */
const isHost = (match: string): boolean =>
  !/^(?:0|127|255)\./.test(match) && match.split('.').some((octet) => Number(octet) > 9);

const CALLED =
  /(?:(?:^|[^A-Za-z])(?:ip|ips|ipv4|ip[ _-]?addr(?:ess)?|host|hostname|server|nameserver|dns|gateway|client|remote|ping)["']?(?: is)?[ :=]{1,3}["']?|(?:ssh|scp|sftp|rsync|mosh|:\/\/)[^\s@]{0,24}(?: [^\s@]{1,24})?@)$/i;

/** Addresses of the internet protocol, version 4 and 6. Private and documentation ranges count too, loopback not. */
export const ip: Recogniser = {
  type: 'pii.ip',
  name: 'IP address',
  fold: true,
  forms: [
    {
      find: new RegExp(`(?<![A-Za-z0-9_.+@~^\\-])${OCTET}(?:\\.${OCTET}){3}(?![A-Za-z0-9_\\-])`),
      score: 0.9,
      validate: isHost,
      notBehind: ['version', 'ver', 'v', 'release', 'build', 'firmware', 'driver', 'section', 'chapter'],
    },
    {
      // Of four small numbers only the word tells; behind an `@`, whoever connects there.
      find: new RegExp(`(?<![A-Za-z0-9_.+~^\\-])${OCTET}(?:\\.${OCTET}){3}(?![A-Za-z0-9_\\-])`),
      score: 0.8,
      validate: (match) => !/^(?:0|127|255)\./.test(match),
      accepts: (_, before) => CALLED.test(before),
    },
    {
      find: /(?<![A-Za-z0-9_:.])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9A-Fa-f]{0,4}|(?:\d{1,3}\.){3}\d{1,3})(?:%[a-z0-9]{1,15})?(?![A-Za-z0-9_:])/,
      score: 0.9,
      validate: isVersion6,
    },
  ],
  source: 'RFC 791, RFC 4291, RFC 5952',
  since: '0.2.0',
  finds: [
    'Last login from «203.0.113.77» at noon.',
    'host «2001:db8::8a2e:370:7334» is up',
    '[«fe80::1ff:fe23:4567:890a»]',
    'mapped «::ffff:203.0.113.77» here',
    'IP address: «8.8.8.8»',
    'ssh root@«203.0.113.77»',
  ],
  ignores: [
    'version 10.0.26100.1742',
    'v1.2.3.4',
    'at 12:30:45',
    'std::vector::size',
    'a::b',
    '1.2.3.4 is a chapter',
    'acme-kit@11.22.33.44',
    '256.1.1.300',
  ],
};
