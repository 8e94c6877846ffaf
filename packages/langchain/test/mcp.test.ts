import { loadMcpTools } from '@langchain/mcp-adapters';
import type { ToolMessage } from '@langchain/core/messages';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { governTool } from '../src/index.ts';
import { ADA, BLOCKING, governed, MASK, REDACTING, said, SECRET } from './harness.ts';

/** A real server with two tools, and the tools that LangChain makes of them. */
async function toolsOfServer(ran: string[]) {
  const server = new McpServer({ name: 'desk', version: '1' });
  server.registerTool('look', { description: 'looks', inputSchema: { key: z.string() } }, ({ key }) => {
    ran.push(key);
    const note = { type: 'text' as const, text: `It is ${SECRET}.` };
    const file = { uri: 'memo://1', mimeType: 'text/plain', text: SECRET };
    return { content: key === 'file' ? [note, { type: 'resource' as const, resource: file }] : [note] };
  });
  const [near, far] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'agent', version: '1' });
  await Promise.all([server.connect(far), client.connect(near)]);
  return loadMcpTools('desk', client);
}

it('tools of an MCP server are governed like any other: calls, results and what is embedded in them', async () => {
  for (const [policy, seen] of [
    [BLOCKING, 'P_WORD'],
    [REDACTING, MASK],
  ] as const) {
    const governor = await governed(policy);
    const ran: string[] = [];
    const [look] = (await toolsOfServer(ran)).map((tool) => governTool(tool, { governor, subject: ADA }));
    for (const key of ['text', 'file']) {
      const result: unknown = await look!.invoke({ type: 'tool_call', id: 'c', name: 'look', args: { key } } as never);
      expect(said([result])).not.toContain(SECRET);
      expect((result as ToolMessage).text).toContain(seen);
    }
    if (policy === BLOCKING) {
      await look!.invoke({ type: 'tool_call', id: 'c', name: 'look', args: { key: SECRET } } as never);
      expect(ran).toEqual(['text', 'file']);
    }
    await governor.close();
  }
});
