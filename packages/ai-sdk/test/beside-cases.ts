import { anthropic as claude } from '@ai-sdk/anthropic';
import { openai } from '@ai-sdk/openai';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { ModelMessage, ToolSet } from 'ai';
import { anthropic, CITED_FILE, google, openaiChat, openaiResponses } from './wires.ts';

// What each provider says beside the text of its answer, in its own wire format.

export const EMAIL = 'ada@example.com';
export const ENCODED = 'ada%40example.com';
export const QUOTE: string = `Contact: ${EMAIL}`;
const spelled = ['Write to ', 'ada', '@exam', 'ple.com', ' please.'];

export interface Case {
  readonly model: () => LanguageModelV4;
  readonly messages?: ModelMessage[];
  readonly providerOptions?: { readonly openai: { readonly logprobs: boolean } };
  /** The provider's own tools that it used. */
  readonly tools?: ToolSet;
  /** What the reader still gets where it is masked. */
  readonly masked: string;
}

const search = { id: 'fs_1', type: 'file_search_call', status: 'completed', queries: ['who'] };
const found = { attributes: {}, file_id: 'f', filename: 'staff.txt', score: 1, text: QUOTE };
const program = { id: 'ci_1', type: 'code_interpreter_call', status: 'completed', container_id: 'c' };
const page = { type: 'web_search_result', url: `https://a.example/?m=${ENCODED}`, title: QUOTE, page_age: null };

/** An answer of OpenAI's responses after a program of its own; code and output are given. */
function afterProgram(code: string, logs: string): LanguageModelV4 {
  return openaiResponses(['See the output.'], {
    items: [
      {
        added: { ...program, code, outputs: null },
        between: [
          { type: 'response.code_interpreter_call_code.delta', item_id: program.id, delta: code },
          { type: 'response.code_interpreter_call_code.done', item_id: program.id, code },
        ],
        done: { ...program, code, outputs: [{ type: 'logs', logs }] },
      },
    ],
  });
}

/** What is looked for stands in the program that it wrote. */
export const programOf = (): LanguageModelV4 => afterProgram(`print("${EMAIL}")`, 'ok');

export const CASES: { readonly [name: string]: Case } = {
  'Anthropic: a cited document': {
    model: () =>
      anthropic('The contact is in the file.', [
        {
          type: 'char_location',
          cited_text: QUOTE,
          document_index: 0,
          document_title: 'Staff',
          start_char_index: 0,
          end_char_index: 25,
        },
      ]),
    messages: [CITED_FILE],
    masked: 'Contact: [EMAIL]',
  },
  'Anthropic: a cited page': {
    model: () =>
      anthropic('See the page.', [
        {
          type: 'web_search_result_location',
          cited_text: QUOTE,
          url: 'https://a.example',
          title: 'T',
          encrypted_index: 'x',
        },
      ]),
    masked: 'Contact: [EMAIL]',
  },
  'Anthropic: pages that its own search found': {
    model: () =>
      anthropic(
        'See the page.',
        [],
        [
          { type: 'server_tool_use', id: 'srv_1', name: 'web_search', input: { query: 'who' } },
          { type: 'web_search_tool_result', tool_use_id: 'srv_1', content: [{ ...page, encrypted_content: 'x' }] },
        ],
      ),
    tools: { web_search: claude.tools.webSearch_20250305() },
    masked: 'Contact: [EMAIL]',
  },
  'Google: passages that support the answer': {
    model: () =>
      google('See the page.', {
        groundingChunks: [{ retrievedContext: { uri: 'gs://x', title: 'doc', text: QUOTE } }],
        groundingSupports: [{ segment: { text: QUOTE } }],
      }),
    masked: 'Contact: [EMAIL]',
  },
  'Google: an encoded address of a source': {
    model: () =>
      google('See the page.', {
        groundingChunks: [{ web: { uri: `https://a.example/?m=${ENCODED}`, title: 'T' } }],
      }),
    masked: 'https://a.example/?m=%5BEMAIL%5D',
  },
  'OpenAI responses: an annotation': {
    model: () =>
      openaiResponses(['See the file.'], {
        annotations: [{ type: 'file_citation', file_id: 'f', filename: `${EMAIL}.txt`, index: 3 }],
      }),
    masked: '[EMAIL].txt',
  },
  'OpenAI responses: passages that its own search found': {
    model: () =>
      openaiResponses(['See the file.'], { items: [{ added: search, done: { ...search, results: [found] } }] }),
    tools: { file_search: openai.tools.fileSearch({ vectorStoreIds: ['v'] }) },
    masked: 'Contact: [EMAIL]',
  },
  'OpenAI responses: what a program of its own printed': {
    model: () => afterProgram('run()', QUOTE),
    tools: { code_interpreter: openai.tools.codeInterpreter() },
    masked: 'Contact: [EMAIL]',
  },
  'OpenAI chat: log probabilities that spell the answer': {
    model: () => openaiChat(spelled),
    providerOptions: { openai: { logprobs: true } },
    masked: 'Write to ',
  },
  'OpenAI responses: log probabilities that spell the answer': {
    model: () => openaiResponses(spelled, { logprobs: true }),
    providerOptions: { openai: { logprobs: true } },
    masked: 'Write to ',
  },
};
