// LangChain's own standard tests of chat models, on a governed model: the same as on the bare one, test by test. They
// are a private package of LangChain's repository; name a folder that has it:
//
//     LANGCHAIN_STANDARD_TESTS=../langchainjs/internal/standard-tests npx vitest run --project langchain standard-tests
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createGovernor, type Governor, type PolicyDocument } from '@flyball/core';
import { AIMessage } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { governChatModel } from '../src/index.ts';
import { ADA, CLOSED, MATCHLESS } from './harness.ts';
import { wire, type Data, type Reply } from './wire/fetch.ts';
import { openaiChat } from './wire/openai-chat.ts';

const FOLDER = process.env['LANGCHAIN_STANDARD_TESTS'];
// They import LangChain by name: from inside of this package they find what it is tested with.
const COPY = join(import.meta.dirname, '.standard-tests');

/** A test of theirs by name; it throws or rejects where it fails. */
type Suite = { readonly [name: string]: () => Promise<void> | void };
type SuiteClass = new (fields: object) => Suite;

const SUITES = ['unit_tests', 'integration_tests'] as const;
const CLASSES = { unit_tests: 'ChatModelUnitTests', integration_tests: 'ChatModelIntegrationTests' } as const;

/**
 * An endpoint that does as it is asked: calls the tool it is given, answers in the schema it is given, or says a few
 * words.
 */
function answer(body: Data, _url: string, asked: number): Reply {
  const id = `cc${asked}`;
  const stream = body['stream'] === true;
  const [tool] = (body['tools'] ?? []) as readonly {
    readonly function: { readonly name: string; readonly parameters: Data };
  }[];
  const last = (body['messages'] as readonly Data[]).at(-1);
  if (tool !== undefined && last?.['role'] !== 'tool') {
    const { name, parameters } = tool.function;
    return openaiChat({ id, call: { name, args: JSON.stringify(sample(parameters)) } }, stream);
  }
  const format = body['response_format'] as { readonly json_schema?: { readonly schema: Data } } | undefined;
  const schema = format?.json_schema?.schema;
  return openaiChat(
    { id, texts: schema === undefined ? ['All ', 'is ', 'well.'] : [JSON.stringify(sample(schema))] },
    stream,
  );
}

/** A value that fits a schema. */
function sample(schema: Data): unknown {
  const { type, properties, enum: choices, items } = schema;
  if (Array.isArray(choices)) return choices[0];
  if (type === 'object')
    return Object.fromEntries(Object.entries(properties ?? {}).map(([name, of]) => [name, sample(of as Data)]));
  if (type === 'array') return [sample(items as Data)];
  return type === 'number' || type === 'integer' ? 2 : type === 'boolean' ? true : 'add';
}

const modelOf = (args: object): ChatOpenAI =>
  new ChatOpenAI({ model: 'gpt-x', apiKey: 'k', maxRetries: 0, ...args, configuration: { fetch: wire(answer).fetch } });

/** They make their models with `new`: what such a function returns is the instance. */
const classOf = (make: (args: object) => object): unknown =>
  function Model(args: object) {
    return make(args);
  };
const bare = classOf(modelOf);
const governedBy = (governor: Governor): unknown =>
  classOf((args) => governChatModel(modelOf(args), { governor, subject: ADA }));

/** How each of their tests ends: passed, or with what it says. */
async function outcomes(Suite: SuiteClass, Cls: unknown): Promise<Readonly<Record<string, string>>> {
  const suite = new Suite({
    Cls,
    chatModelHasToolCalling: true,
    chatModelHasStructuredOutput: true,
    supportsParallelToolCalls: false,
    invokeResponseType: AIMessage,
    constructorArgs: {},
  });
  const found: Record<string, string> = {};
  for (const name of namesIn(Suite)) {
    try {
      await suite[name]!();
      found[name] = 'passed';
    } catch (error) {
      found[name] = String(error);
    }
  }
  return found;
}

function namesIn(Suite: SuiteClass): readonly string[] {
  const names = new Set<string>();
  for (let at: unknown = Suite.prototype; at !== null; at = Object.getPrototypeOf(at))
    for (const name of Object.getOwnPropertyNames(at)) if (/^test[A-Z]/.test(name)) names.add(name);
  return [...names].toSorted();
}

const MODES: readonly { readonly name: string; readonly policy: PolicyDocument }[] = [
  { name: 'off', policy: { ...CLOSED, mode: 'off' } },
  { name: 'shadow, under a policy that blocks everything', policy: { ...CLOSED, mode: 'shadow' } },
  { name: 'enforce, with a policy that matches nothing', policy: MATCHLESS },
];

// reason: the tests are not on any registry; the line on top says how to name a folder that has them
describe.skipIf(FOLDER === undefined)('the standard tests of LangChain', () => {
  const suites = new Map<string, SuiteClass>();

  beforeAll(async () => {
    rmSync(COPY, { recursive: true, force: true });
    mkdirSync(COPY, { recursive: true });
    cpSync(join(resolve(FOLDER!), 'src'), COPY, { recursive: true });
    for (const folder of SUITES) {
      const module = (await import(join(COPY, folder, 'vitest.ts'))) as { readonly [name: string]: SuiteClass };
      suites.set(folder, class extends module[CLASSES[folder]]! {});
    }
  });
  afterAll(() => rmSync(COPY, { recursive: true, force: true }));

  describe.each(SUITES)('%s', (folder) => {
    it('are there, and pass on the bare model for the most part', async () => {
      const found = Object.values(await outcomes(suites.get(folder)!, bare));
      const passed = found.filter((outcome) => outcome === 'passed').length;
      console.log(`${folder}: ${passed} of ${found.length} pass on the bare model`);
      expect(passed).toBeGreaterThan(found.length / 2);
    });

    it.each(MODES)('end as on the bare model in $name', async ({ policy }) => {
      const governor = await createGovernor({ policy });
      const Suite = suites.get(folder)!;
      expect(await outcomes(Suite, governedBy(governor))).toEqual(await outcomes(Suite, bare));
      await governor.close();
    });

    it('end otherwise where everything is blocked: they can', async () => {
      const governor = await createGovernor({ policy: CLOSED });
      const Suite = suites.get(folder)!;
      expect(await outcomes(Suite, governedBy(governor))).not.toEqual(await outcomes(Suite, bare));
      await governor.close();
    });
  });
});
