import { Router, type Response } from 'express';
import type { Governor } from '@flyball/core';
import { problem } from './problem.ts';
import type { DecisionFeed, FeedItem } from './decision-feed.ts';
import type { Shop } from './shop.ts';

export const TENANT = 'acme';

/** The operator's desk: the decisions as they are made, the books, and the halt. */
export function operatorDesk(governor: Governor, feed: DecisionFeed, shop: Shop): Router {
  const desk = Router();

  desk.get('/decisions', (req, res) => {
    const after = Number(req.get('last-event-id') ?? req.query['after'] ?? 0) || 0;
    if (req.accepts(['json', 'text/event-stream']) === 'json') return void res.json(feed.after(after));
    follow(feed, after, res);
  });

  desk.get('/state', async (_req, res) => {
    const halted = (await governor.control.list()).some(
      ({ kind, scope }) => kind === 'halt' && scope.tenant === TENANT,
    );
    const { policies } = governor.status();
    res.json({ tenant: TENANT, halted, refunds: shop.refunds, policies });
  });

  desk.get('/explain/:auditId', (req, res) => {
    const decision = feed.find(req.params.auditId);
    if (decision === undefined) problem(res, 404, 'Not remembered', 'the log has it: npx flyball explain');
    else res.type('text/plain').send(governor.explain(decision));
  });

  desk.post('/halt', async (_req, res) => {
    await governor.control.halt({ tenant: TENANT }, { who: 'operator', why: 'halted at the desk' });
    res.json({ halted: true });
  });

  desk.post('/resume', async (_req, res) => {
    await governor.control.resume({ tenant: TENANT }, { who: 'operator', why: 'resumed at the desk' });
    res.json({ halted: false });
  });

  return desk;
}

/** Server-sent events: what was decided before, then each decision as it is made. */
function follow(feed: DecisionFeed, after: number, res: Response): void {
  res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const send = (item: FeedItem): void => {
    // A reader that does not read is let go; it comes back with the number of the last decision it saw.
    if (res.writableLength > 1 << 20) res.destroy();
    else res.write(`id: ${item.seq}\ndata: ${JSON.stringify(item)}\n\n`);
  };
  res.write('retry: 1000\n\n');
  for (const item of feed.after(after)) send(item);
  res.on('close', feed.subscribe(send));
}
