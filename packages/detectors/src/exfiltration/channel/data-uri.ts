import type { Recogniser } from '../../recogniser.ts';

/**
 * A page that an address itself contains: it is opened with scripts and may load anything. Pictures as data are no
 * page.
 */
export const dataUri: Recogniser = {
  type: 'exfiltration.data_uri',
  name: 'Page or script in a data address',
  exceptable: false,
  forms: [
    {
      find: /data:(?:text\/html|text\/javascript|application\/(?:javascript|xhtml\+xml|x-javascript))[;,][^\s"'<>)]{8,2000}(?![^\s"'<>)])/i,
      score: 0.8,
      accepts: (_, before) => /(?:\]\(\s*<?|=\s*["']?|\]:\s*<?|\(\s*["'`])$/.test(before),
    },
    {
      find: /data:image\/svg\+xml[;,][^\s"'<>)]{16,2000}(?![^\s"'<>)])/i,
      score: 0.7,
      accepts: (match) => loads(match),
    },
  ],
  source: 'RFC 2397',
  since: '0.2.0',
  finds: [
    '[open](«data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==»)',
    '<iframe src="«data:text/html,%3Cscript%3Efetch(1»)">',
    '<img src="«data:image/svg+xml,%3Csvg%3E%3Cimage%20href=%22https://x.acme.example/a%22/%3E%3C/svg%3E»">',
  ],
  ignores: [
    '![dot](data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAE)',
    '<img src="data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=">',
    'the scheme data:text/html is blocked by browsers',
  ],
};

function loads(match: string): boolean {
  const [head = '', body = ''] = match.split(/,(.*)/s);
  let text = body;
  try {
    text = /;base64$/i.test(head) ? atob(body) : decodeURIComponent(body);
  } catch {
    // As it stands.
  }
  return /<script|<foreignObject|\bon\w+=|\b(?:href|src)\s*=\s*["']?(?:https?:)?\/\/(?!www\.w3\.org)|@import|url\(\s*["']?(?:https?:)?\/\//i.test(
    text,
  );
}
