import { createServer } from 'node:http';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mcpApp } from '../src/mcp-server.ts';
import { KEY, listen, openGovernor } from './harness.ts';

async function connect(refund: (order: string, amount: number) => Promise<string>) {
  const governor = await openGovernor();
  const paid: number[] = [];
  const app = mcpApp(governor, async (order, amount) => {
    paid.push(amount);
    return refund(order, amount);
  });
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${await listen(createServer(app))}/mcp`)));
  onTestFinished(() => client.close());
  const call = (amount: number, order = '1042') => client.callTool({ name: 'refund', arguments: { order, amount } });
  return { governor, paid, call };
}

describe('an MCP server over Express', () => {
  it('runs what the policy allows, with the address in its result masked', async () => {
    const { call, paid } = await connect(async () => 'Done. A note went to bob@acme.example.');
    expect((await call(40)).content).toEqual([{ type: 'text', text: 'Done. A note went to [EMAIL].' }]);
    expect(paid).toEqual([40]);
  });

  it('denies a call by its arguments: the tool does not run, and the model reads why', async () => {
    const { call, paid } = await connect(async () => 'Done.');
    expect(await call(900)).toMatchObject({
      isError: true,
      content: [{ type: 'text', text: expect.stringContaining('P_REFUND_CAP') }],
    });
    expect(paid).toEqual([]);
  });

  it('ends a result that holds a key with a JSON-RPC error', async () => {
    const { call } = await connect(async () => `The key is ${KEY}.`);
    await expect(call(40)).rejects.toMatchObject({ code: -32000 });
  });

  it('answers a forbidden request with a JSON-RPC error before the tool runs', async () => {
    const { call, paid } = await connect(async () => 'Done.');
    await expect(call(40, 'Project Nightjar')).rejects.toMatchObject({ code: -32000 });
    expect(paid).toEqual([]);
  });

  it('lets the key out while governance is off: the control', async () => {
    const { governor, call } = await connect(async () => `The key is ${KEY}.`);
    await governor.control.setMode({}, 'off', { who: 'test', why: 'control' });
    expect(JSON.stringify(await call(900))).toContain(KEY);
  });
});
