// The procedures, tools and operations of `clients-server.ts`: MCP in both of its eras, tRPC and GraphQL.
import { createMcpHandler, McpServer as ModernMcpServer } from '@modelcontextprotocol/server';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { initTRPC } from '@trpc/server';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import type { Express, Request, Response } from 'express';
import { createSchema, createYoga } from 'graphql-yoga';
import { z } from 'zod';

import { CASES, type Case, type Speaker } from './clients-scripts.ts';

export function serveCalls(app: Express, speaker: Speaker): void {
  app.post('/:case/mcp', (req, res) => void mcp(req, res, speaker));
  for (const name of CASES) {
    const handler = toNodeHandler(createMcpHandler(() => modernMcp(name, speaker)));
    app.post(`/${name}/mcp-modern`, (req, res) => void handler(req, res, req.body));
    const graphqlEndpoint = `/${name}/graphql`;
    const yoga = createYoga({ schema: schemaOf(name, speaker), graphqlEndpoint, logging: false });
    // Its own type is a function of more than Express gives.
    app.use(graphqlEndpoint, (req, res) => void yoga(Object.assign(req, { url: req.originalUrl }), res));
  }
  app.post('/:case/parts', (req, res) => void parts(req.params.case as Case, res, speaker));
  app.use('/trpc', createExpressMiddleware({ router: routerOf(speaker) }));
}

type Told = { content: { type: 'text'; text: string }[] };

/** A tool that says its pieces on the way, and all of them as its result. */
async function order(name: Case, speaker: Speaker, tell: (text: string) => Promise<void>): Promise<Told> {
  let text = '';
  for await (const piece of speaker.pieces(name)) {
    await tell(piece);
    text += piece;
  }
  return { content: [{ type: 'text', text }] };
}

const log = (data: string) => ({
  method: 'notifications/message' as const,
  params: { level: 'info' as const, data },
});

async function mcp(req: Request, res: Response, speaker: Speaker): Promise<void> {
  const tools = new McpServer({ name: 'orders', version: '1' }, { capabilities: { logging: {} } });
  tools.registerTool('order', { inputSchema: { question: z.string() } }, (_, { sendNotification }) =>
    order(req.params['case'] as Case, speaker, (text) => sendNotification(log(text))),
  );
  const transport = new StreamableHTTPServerTransport();
  await tools.connect(transport);
  await transport.handleRequest(req, res, req.body);
}

function modernMcp(name: Case, speaker: Speaker): ModernMcpServer {
  const tools = new ModernMcpServer({ name: 'orders', version: '1' }, { capabilities: { logging: {} } });
  tools.registerTool('order', { inputSchema: z.object({ question: z.string() }) }, (_, { mcpReq }) =>
    order(name, speaker, (text) => mcpReq.notify(log(text))),
  );
  return tools;
}

function routerOf(speaker: Speaker) {
  const t = initTRPC.create();
  const asked = z.object({ case: z.enum(CASES), question: z.string() });
  return t.router({
    order: t.procedure.input(asked).mutation(({ input }) => speaker.whole(input.case)),
    talk: t.procedure.input(asked).subscription(({ input }) => speaker.pieces(input.case)),
  });
}

function schemaOf(name: Case, speaker: Speaker) {
  return createSchema({
    typeDefs: 'type Query { order(question: String!): String } type Subscription { talk(question: String!): String }',
    resolvers: {
      Query: { order: () => speaker.whole(name) },
      Subscription: {
        talk: {
          async *subscribe() {
            for await (const talk of speaker.pieces(name)) yield { talk };
          },
        },
      },
    },
  });
}

/** As servers of GraphQL send results that come later. */
async function parts(name: Case, res: Response, speaker: Speaker): Promise<void> {
  const part = (value: object) =>
    `\r\nContent-Type: application/json; charset=utf-8\r\n\r\n${JSON.stringify(value)}\r\n---`;
  res.setHeader('Content-Type', 'multipart/mixed; boundary="-"');
  res.write(`---${part({ data: {}, hasNext: true })}`);
  for await (const text of speaker.pieces(name)) {
    res.write(part({ incremental: [{ items: [{ text }], path: ['talk'] }], hasNext: true }));
  }
  res.end(`${part({ hasNext: false })}--\r\n`);
}
