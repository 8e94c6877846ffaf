import type { Recogniser } from '../../recogniser.ts';

/** Every station, or none. */
const isStation = (match: string): boolean => !/^(?:0+|f+)$/i.test(match.replaceAll(/[:.-]/g, ''));

/** Hardware addresses of network interfaces (EUI-48, EUI-64). */
export const mac: Recogniser = {
  type: 'pii.mac',
  name: 'MAC address',
  fold: true,
  forms: [
    {
      find: /(?<![A-Za-z0-9_:-])[0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){5}|(?:-[0-9A-Fa-f]{2}){5}|(?::[0-9A-Fa-f]{2}){7})(?![A-Za-z0-9_:-])/,
      score: 0.9,
      validate: isStation,
    },
    {
      find: /(?<![A-Za-z0-9_.])[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?![A-Za-z0-9_.])/,
      score: 0.8,
      validate: (match) => isStation(match) && /[a-f]/i.test(match),
    },
    {
      find: /(?<![A-Za-z0-9_:.-])[0-9A-Fa-f]{12}(?![A-Za-z0-9_:.-])/,
      score: 0.8,
      validate: isStation,
      accepts: (_, before) =>
        /(?:^|[^A-Za-z])(?:mac|hwaddr|ether|bssid)(?:[ _-]?(?:address|addr))?["']?(?: is)?[ :=]{1,3}["']?$/i.test(
          before,
        ),
    },
  ],
  source: 'IEEE 802, EUI-48 and EUI-64',
  since: '0.2.0',
  finds: [
    'eth0 «3c:52:82:4a:9f:0e» up',
    '«3C-52-82-4A-9F-0E»',
    '«3c52.824a.9f0e» on port 4',
    'MAC address: «3c52824a9f0e»',
  ],
  ignores: [
    '00:00:00:00:00:00',
    'ff:ff:ff:ff:ff:ff',
    '3c:52:82:4a:9f:0e:11:22:33:44',
    '1234.5678.9012',
    'commit 3c52824a9f0e',
  ],
};
