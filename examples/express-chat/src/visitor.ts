import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';

export interface Visitors {
  /** Knows the visitor by the cookie, or gives a new one. */
  readonly recognise: RequestHandler;
  /** Gives a new one, whatever the cookie says. */
  readonly renew: RequestHandler;
  /** Who sent a request that was recognised. */
  of(req: Request): string;
}

/**
 * Tells visitors apart by a signed cookie, so that strikes and cooldowns find the right one. It stands in for a login:
 * whoever drops the cookie is a new visitor. A real application takes the user from its session.
 */
export function visitors(): Visitors {
  const secret = randomBytes(32);
  const sign = (id: string): string => createHmac('sha256', secret).update(id).digest('base64url');
  const known = new WeakMap<Request, string>();
  const begin = (req: Request, res: Response): void => {
    const fresh = `visitor-${randomBytes(4).toString('hex')}`;
    known.set(req, fresh);
    res.setHeader('set-cookie', `visitor=${fresh}.${sign(fresh)}; HttpOnly; SameSite=Strict; Path=/`);
  };
  return {
    recognise(req, res, next) {
      const [, id, signature] = /(?:^|;\s*)visitor=([\w-]+)\.([\w-]+)/.exec(req.headers.cookie ?? '') ?? [];
      if (id !== undefined && signature !== undefined && same(signature, sign(id))) known.set(req, id);
      else begin(req, res);
      next();
    },
    renew(req, res, next) {
      begin(req, res);
      next();
    },
    of(req) {
      const id = known.get(req);
      if (id === undefined) throw new Error('the request passed no `recognise`');
      return id;
    },
  };
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
