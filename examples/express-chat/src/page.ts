import { readFileSync } from 'node:fs';
import type { RequestHandler } from 'express';

const FILES = {
  '/': { file: 'index.html', type: 'html' },
  '/style.css': { file: 'style.css', type: 'css' },
  '/main.js': { file: 'main.js', type: 'js' },
  '/dom.js': { file: 'dom.js', type: 'js' },
  '/chat.js': { file: 'chat.js', type: 'js' },
  '/decisions.js': { file: 'decisions.js', type: 'js' },
  '/policy.js': { file: 'policy.js', type: 'js' },
} as const;

/** Where the files of the page are served. Nothing else in their folder is. */
export const PAGE_FILES: string[] = Object.keys(FILES);

/** Nothing but the page's own files runs, and nothing is loaded from or sent to anywhere but this server. */
const CONTENT_SECURITY = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self'`,
  `connect-src 'self'`,
  `img-src data:`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `frame-ancestors 'none'`,
].join('; ');

/** Serves the one page and its files. */
export function page(folder: URL): RequestHandler {
  const texts = new Map(
    Object.entries(FILES).map(([path, { file }]) => [path, readFileSync(new URL(file, folder), 'utf8')]),
  );
  return (req, res) => {
    res.set({
      'content-security-policy': CONTENT_SECURITY,
      'cache-control': 'no-store',
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    res.type(FILES[req.path as keyof typeof FILES].type).send(texts.get(req.path));
  };
}
