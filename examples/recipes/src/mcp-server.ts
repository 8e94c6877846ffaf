import { governance } from '@flyball/express';
import type { Governor } from '@flyball/core';
import { currentInteraction } from '@flyball/http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import express, { type Express } from 'express';
import { z } from 'zod';
import { subjectOf } from './ask.ts';

/** What the tool does: the only thing here that is not MCP or governance. */
export type Refund = (order: string, amount: number) => Promise<string>;

export function mcpApp(governor: Governor, refund: Refund): Express {
  const app = express();
  app.use(express.json());
  // The whole exchange: JSON-RPC in, JSON-RPC or its stream out.
  app.use(governance({ governor, subject: (req) => subjectOf(req.headers) }));

  app.post('/mcp', async (req, res) => {
    const server = new McpServer({ name: 'shop', version: '1.0.0' });
    const schema = { order: z.string(), amount: z.number() };
    server.registerTool('refund', { description: 'Pays money back', inputSchema: schema }, async (args) => {
      // The call itself, by its parsed arguments: rules on `tool_call` and limits on amounts see it here.
      const interaction = currentInteraction()!;
      const decision = await governor.decide(
        interaction.event({ stage: 'tool_call', point: 'tool', resource: { tool: 'refund' }, args }),
      );
      if (decision.outcome === 'BLOCK' || decision.outcome === 'COOLDOWN') {
        const text = `Not allowed (${decision.reason}). Do not try again with the same arguments.`;
        return { isError: true, content: [{ type: 'text', text }] };
      }
      return { content: [{ type: 'text', text: await refund(args.order, args.amount) }] };
    });

    const transport = new StreamableHTTPServerTransport();
    res.on('close', () => void server.close());
    await server.connect(transport);
    await transport.handleRequest(req, res, req.body);
  });
  return app;
}
