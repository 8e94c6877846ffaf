import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

// An application in CommonJS has another copy of every class of LangChain than this package, which is a module.
const APPLICATION = `
  const { AIMessage, AIMessageChunk, ToolMessage } = require('@langchain/core/messages');
  const { tool } = require('@langchain/core/tools');
  const { FakeStreamingChatModel } = require('@langchain/core/utils/testing');
  const { createAgent } = require('langchain');
  const { createGovernor } = require('@flyball/core');
  const { governChatModel, governTool, governanceMiddleware } = require('@flyball/langchain');

  (async () => {
    const rules = [{ id: 'no', on: ['output', 'tool_result'], detect: 'w', then: 'block', reason: 'P_WORD' }];
    const policy = { policy: 'p', version: 1, detectors: [{ id: 'w', patterns: ['TOPSECRET'] }], rules };
    const governor = await createGovernor({ policy });
    const options = { governor, subject: { tenant: 'acme' } };
    const chunks = ['It is ', 'TOP', 'SECRET.'].map((text) => new AIMessageChunk(text));
    const model = governChatModel(new FakeStreamingChatModel({ chunks }), options);
    let text = '';
    let same = true;
    for await (const chunk of await model.stream('hello')) {
      text += chunk.text;
      same &&= AIMessageChunk.isInstance(chunk);
    }
    const look = governTool(tool(() => 'TOPSECRET', { name: 'look', description: 'x', schema: { type: 'object' } }), options);
    const result = await look.invoke({ type: 'tool_call', id: 'c', name: 'look', args: {} });
    const responses = [new AIMessage('It is TOPSECRET.')];
    const agent = createAgent({ model: new FakeStreamingChatModel({ responses }), tools: [], middleware: governanceMiddleware(options) });
    const { messages } = await agent.invoke({ messages: [{ role: 'user', content: 'hello' }] });
    const last = messages.at(-1);
    console.log(JSON.stringify([text, same, ToolMessage.isInstance(result), result.status, AIMessage.isInstance(last), last.text]));
    await governor.close();
  })();
`;

it('an application in CommonJS is governed alike, its messages are known by its own classes', async () => {
  const args = [
    '--disable-warning=ExperimentalWarning',
    '--conditions=@flyball/source',
    '--input-type=commonjs',
    '-e',
    APPLICATION,
  ];
  const cwd = dirname(dirname(fileURLToPath(import.meta.url)));
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, timeout: 25_000 });
  const refusal = 'This was stopped by policy.';
  expect(JSON.parse(stdout)).toEqual([`It is ${refusal}`, true, true, 'error', true, refusal]);
});
