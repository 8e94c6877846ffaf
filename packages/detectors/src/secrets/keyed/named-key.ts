import { isPlaceholder } from '../../check/placeholder.ts';
import { looksIssued } from '../../check/random.ts';
import { assignmentBefore } from '../../form/assignment.ts';
import { VALUE } from '../../form/value.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Keys without a head, by their form: they count where their issuer stands in the name of what holds them. */
const ISSUERS: readonly (readonly [form: RegExp, names: string])[] = [
  [
    /^[A-Za-z0-9]{32}$/,
    'ai21, application secret, mistral, nytimes, ovh, qcloud, secretkey, shodan, tencent, tomtom, typesense, zerotier',
  ],
  [
    /^[A-Za-z0-9]{40}$/,
    'co api key, cohere, huawei, obs, scaleway, sonar, sonar login, sonarqube, sourcegraph, wasabi, zendesk',
  ],
  [
    /^(?:[a-f0-9]{40}|[A-F0-9]{40})$/,
    'bamboohr, circleci, codeberg, deepgram, forgejo, gitea, github token, gitter, meraki, particle, pipedrive, sendbird, sparkpost, todoist, wandb',
  ],
  [
    /^(?:[a-f0-9]{32}|[A-F0-9]{32})$/,
    'algolia, amplitude, app secret, assemblyai, auth token, bugsnag, clarifai, datadog, dd api key, facebook, finicity, flickr, hackage, hex api key, hibp, infura, loops, mailjet, master key, mixpanel, newsapi, ocp apim subscription key, openweather, rails master key, rollbar, scraperapi, spotify, twilio',
  ],
  [
    /^[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}$/i,
    'coda, codecov, consul http token, cypress record key, exa api, geniekey, hec, heroku, hubspot, kucoin, loggly, messagebird, nomad token, npm, opsgenie, postmark, railway, sauce, saucelabs, scaleway, scw, snyk, splunk, squarespace, transferwise, vapi, wise, x postmark server token',
  ],
  [/^[A-Za-z0-9+/]{27}=$/, 'portkey'],
  [/^[A-Za-z0-9]{36,40}$/, 'weaviate'],
  [/^[A-Za-z0-9_-]{54}$/, 'qdrant'],
  [/^[A-Za-z0-9]{25}$/, 'comet api, messagebird, opik'],
  [/^[a-f0-9]{64}$/, 'linode, meili, onelogin, semgrep app token, serpapi, vast, virustotal, vt api'],
  [/^[A-Za-z0-9]{30}$/, 'accesskeysecret, alibaba, aliyun, unstructured'],
  [/^[A-Za-z0-9/+]{40}$/, 'aws, aws secret access key, secretaccesskey'],
  [/^[a-z2-7]{52}$/, 'ado pat, azure devops, vsts'],
  [/^[A-Za-z0-9_-]{44}$/, 'iam api, ibm cloud, ibmcloud'],
  [/^[A-Z0-9]{36}$/, 'vultr'],
  [/^[A-Za-z0-9]{64}$/, 'binance, hcloud, hetzner, moralis'],
  [/^[A-Za-z0-9]{50}$/, 'civo'],
  [/^[A-Za-z0-9]{24}$/, 'atlassian, betterstack, confluence, jira, logtail, vercel'],
  [/^[A-Za-z0-9_-]{40,46}$/, 'netlify'],
  [/^[A-Za-z0-9_-]{40}$/, 'cf api, cloudflare, expo token'],
  [/^[a-f0-9]{37}$/, 'cloudflare, x auth key'],
  [/^[A-Za-z0-9_-]{32}$/, 'fastly, securitytrails'],
  [/^[A-Za-z0-9+/]{44}$/, 'nexus, ossrh, sonatype'],
  [/^[A-Za-z0-9]{33}$/, 'coveralls'],
  [/^[A-Za-z0-9]{71}$/, 'gitguardian'],
  [/^[a-f0-9]{30}$/, 'datocms, plaid'],
  [/^[A-Za-z0-9]{43}$/, 'bitfinex'],
  [/^[A-Z0-9]{34}$/, 'etherscan'],
  [/^[a-z0-9]{31}$/, 'bigcommerce'],
  [/^[a-z0-9]{24}$/, 'etsy'],
  [/^[a-z0-9]{26}$/, 'mattermost'],
  [/^[A-Za-z0-9+/]{170}=$/, 'line channel'],
  [/^[A-Za-z0-9+/]{40}$/, 'plivo'],
  [/^[\w~.-]{34}$/, 'sinch'],
  [/^[a-f0-9]{20}$/, 'pusher'],
  [/^[a-z0-9]{64}$/, 'freshbooks, getstream, stream secret'],
  [/^[A-Za-z0-9]{20}$/, 'browserstack, freshdesk, freshservice, papertrail'],
  [/^[a-f0-9]{20,32}$/, 'customerio'],
  [/^[a-f0-9]{72}$/, 'activecampaign'],
  [/^[A-Za-z0-9_-]{43}$/, 'contentful, here api'],
  [/^[a-z0-9]{46}$/, 'split api'],
  [/^[A-Za-z0-9_-]{64}$/, 'auth0'],
  [/^[a-f0-9]{80}$/, 'abuseipdb'],
  [/^[A-Za-z0-9_-]{27,30}$/, 'reddit'],
  [/^[a-z0-9]{30}$/, 'twitch'],
  [/^[a-z0-9]{20}$/, 'finnhub'],
  [/^[A-Z0-9]{16}$/, 'alphavantage'],
  [/^[A-Za-z0-9_-]{48}$/, 'xero'],
  [/^[a-z0-9]{32}$/, 'codecov, private ai'],
  [/^[A-Za-z0-9]{64}$/, 'sumo, sumologic'],
  [/^[A-Z0-9]{64}$/, 'quay'],
  [/^[\w-]{22}$/, 'travis, honeycomb, zoom'],
  [/^[A-Za-z0-9]{32}$/, 'drone, fivetran, looker'],
  [/^11[a-f0-9]{32}$/, 'jenkins'],
  [/^[A-Za-z0-9+/]{86}==$/, 'kraken'],
  [/^[A-Za-z0-9]{16}$/, 'nexmo, vonage'],
  [/^[A-Za-z0-9]{22}tt$/, 'storyblok'],
  [/^[A-Za-z]{32}$/, 'logz'],
  [/^(?:u\+)?[\w+-]{18,20}$/, 'pagerduty'],
  [/^[A-Za-z0-9+/_-]{38,60}={0,2}$/, 'upstash'],
  [/^[A-Za-z0-9]{25}$|^[A-Za-z0-9]{45}$|^[A-Za-z0-9-]{50}$/, 'consumer, twitter'],
  [/^AB[A-Za-z0-9]{48}$/, 'intuit, quickbooks'],
  [/^(?:app|dataset)-[A-Za-z0-9]{24}$/, 'dify'],
  [/^ak_[\w-]{20}$/, 'composio'],
  [/^[A-Za-z0-9]{8}\.[A-Za-z0-9]{32}$/, 'baseten'],
  [/^[\w-]{32}$/, 'polygon'],
  [/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw480]=$/, 'preshared key, presharedkey, private key, privatekey, wireguard'],
];

const BY_ISSUER = ISSUERS.flatMap(([form, names]) => names.split(', ').map((name) => ({ form, name })));
/** Names of services and of their keys. */
export const serviceCount: number = new Set(BY_ISSUER.map(({ name }) => name)).size;
/** `ACCESSKEY` in capitals shows no edge of its words. */
const HOLDS_KEY =
  /\b(?:(?:api|access|secret|auth|private|license)?(?:key|token)|secret|password|pwd|auth|credential|pat|sid|license|login|dsn)s?\b/;

/** From this length on the name of the service alone will do: `sourcegraph: 6d2f...`. */
const LONG = 40;

/** True if the name of what holds a value says whose key it is, and the value has the form of that issuer's keys. */
function isKeyOf(name: string, value: string): boolean {
  const words = ` ${name.trim()} `;
  const holdsKey = HOLDS_KEY.test(name);
  return BY_ISSUER.some(
    ({ form, name: issuer }) =>
      (holdsKey ? words.includes(` ${issuer} `) : value.length >= LONG && words === ` ${issuer} `) && form.test(value),
  );
}

/**
 * Keys of 180 services whose form alone says nothing: hexadecimal digits, letters and digits. The name of the variable
 * or field must name the service and a key (`DATADOG_API_KEY`), and the value must look issued.
 */
export const namedKey: Recogniser = {
  type: 'secret.named_key',
  name: 'Key of a service that its field names',
  exceptable: false,
  forms: [
    {
      find: VALUE,
      score: 0.9,
      accepts(match, before) {
        const assignment = assignmentBefore(before);
        return (
          assignment !== undefined && isKeyOf(assignment.name, match) && looksIssued(match) && !isPlaceholder(match)
        );
      },
    },
  ],
  source: 'the documentation of each service; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: [
    'aws_secret_access_key = «{base62:40}»',
    'export DATADOG_API_KEY=«{hex:32}»',
    '"cloudflareApiToken": "«{base62:40}»"',
    'HEROKU_API_KEY: «{uuid}»',
    'SNYK_TOKEN ?= "«{uuid}»"',
    'sourcegraph: «{hex:40}»',
    'aws configure set aws_secret_access_key «{base62:40}»',
    '- name: DATADOG_API_KEY\n  value: "«{hex:32}»"',
    '{"name":"DATADOG_API_KEY","value":"«{hex:32}»"}',
  ],
  ignores: ['checksum = {hex:32}', 'DATADOG_SITE={hex:32}', 'DATADOG_API_KEY=your_datadog_api_key_goes_here'],
};
