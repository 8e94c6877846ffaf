// Compiled, never run: what the adapter's types allow and refuse.
import type { Governor, Interaction } from '@flyball/core';
import { generateText, jsonSchema, streamText, tool, ToolLoopAgent, type LanguageModel } from 'ai';
import { govern, governApproval, governModel, governTools } from '../src/index.ts';

declare const governor: Governor;
declare const interaction: Interaction;
declare const model: LanguageModel;

const subject = { tenant: 'acme' };
const tools = {
  send: tool({
    inputSchema: jsonSchema<{ to: string }>({ type: 'object' }),
    execute: ({ to }) => ({ sent: to.length }),
  }),
};
const prompt = 'hello';

// Tools keep their types through `govern`.
const result = await generateText({ ...govern(governor, { subject, model, tools }), prompt });
const [first] = result.staticToolResults;
export const sent: number | undefined = first?.output.sent;

void streamText({ ...govern(governor, { interaction, model }), prompt });
void streamText({ ...govern(governor, { subject, model, tools }), prompt, runtimeContext: { trace: 'x' } });
void new ToolLoopAgent({ ...govern(governor, { subject: () => subject, model, tools }), instructions: 'be brief' });

// What changes tool calls is written with the tools' types.
void streamText({
  ...govern(governor, {
    subject,
    model,
    tools,
    toolApproval: { send: 'user-approval' },
    experimental_refineToolInput: { send: ({ to }) => ({ to: to.trim() }) },
    prepareStep: ({ stepNumber, runtimeContext }) =>
      stepNumber > 1
        ? {
            model,
            activeTools: ['send'],
            toolChoice: { type: 'tool', toolName: 'send' },
            runtimeContext: { ...runtimeContext, step: stepNumber },
          }
        : {},
  }),
  prompt,
});

// An application that may have tools, or none.
declare const mayHave: typeof tools | undefined;
void streamText({ ...govern(governor, { subject, model, tools: undefined }), prompt });
void streamText({ ...govern(governor, { subject, model, tools: mayHave }), prompt });

// An agent asks for each of its calls, with its options.
void new ToolLoopAgent<{ userId: string }, typeof tools>({
  ...govern(governor, { subject: ({ options }) => (options === undefined ? undefined : subject), model, tools }),
});

void generateText({
  model: governModel({ model, governor, subject }),
  tools: governTools(tools, { governor, subject }),
  prompt,
});
void generateText({ model, tools, toolApproval: governApproval<typeof tools>({ governor, subject }), prompt });

// @ts-expect-error a call needs a model
void govern(governor, { subject });
// @ts-expect-error a subject has a tenant
void govern(governor, { subject: { user: 'ada' }, model });
// @ts-expect-error no refinement of a tool that is not there
void govern(governor, { subject, model, tools, experimental_refineToolInput: { sned: () => ({ to: '' }) } });
