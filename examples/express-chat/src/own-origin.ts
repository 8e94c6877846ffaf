import type { RequestHandler } from 'express';
import { problem } from './problem.ts';

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Lets through what this server's own page sends, and programs on this machine that are no browsers.
 * The server listens on loopback only, but any web site open in a browser here can aim a request at it. Such a request
 * names another host (DNS rebinding), another origin, or a cross-site fetch; a form cannot send JSON.
 */
export const ownOriginOnly: RequestHandler = (req, res, next) => {
  const host = req.headers.host ?? '';
  const { origin, 'sec-fetch-site': site } = req.headers;
  if (!LOOPBACK.has(host.replace(/:\d+$/, ''))) {
    return problem(res, 421, 'Misdirected request', 'open this server by its loopback address');
  }
  const foreign = (origin !== undefined && origin !== `http://${host}`) || (site !== undefined && !SAME_SITE.has(site));
  if (foreign) return problem(res, 403, 'Foreign origin', 'only the page of this server may ask');
  if (req.method === 'POST' && !req.is('application/json')) {
    return problem(res, 415, 'Unsupported media type', 'send application/json');
  }
  next();
};

// `none`: typed into the address bar or opened from a bookmark.
const SAME_SITE: ReadonlySet<unknown> = new Set(['same-origin', 'none']);
