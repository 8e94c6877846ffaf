// What is run everywhere: a policy with patterns, a pack and a condition, and what the application says when all of it
// works.

export const POLICY = `policy: p
version: 1
detectors:
  - use: secrets
  - { id: ticket, patterns: ['TCK-[0-9]{3}'] }
rules:
  - { id: keys, on: input, detect: [secret, ticket], when: subject.tenant == "t", then: block, reason: P_KEYS }
`;

export const SAYS = 'NO_RULE_OBJECTED P_KEYS P_KEYS';

const SAY = `
const said = async (content) =>
  (await governor.decide(governor.interaction({ tenant: 't' }).event({ stage: 'input', content }))).reason;
const all = [await said('hello'), await said('TCK-123'), await said('AKIAIOSFODNN7ABCDEFG')].join(' ');
`;

/** An application with files, and the middleware of Express. */
export const APPLICATION: string = `
import { createGovernor } from '@flyball/core';
import { governance } from '@flyball/express';
const governor = await createGovernor({ policy: { file: 'policy.yaml' } });
if (typeof governance({ governor, subject: () => ({ tenant: 't' }) }) !== 'function') throw new Error('no middleware');
${SAY}
console.log(all);
await governor.close();
`;

const handler = (imports: string, policy: string): string => `
${imports}
export default {
  async fetch() {
    const governor = await createGovernor({ policy: ${policy} });
    ${SAY}
    await governor.close();
    return new Response(all);
  },
};
`;

/** Workers: nothing of Node, and no files. */
export const EDGE: { readonly compile: string; readonly whole: string; readonly compiled: string } = {
  compile: `
import { writeFile } from 'node:fs/promises';
import { precompilePolicy } from '@flyball/core';
await writeFile('policy.compiled.js', await precompilePolicy({ file: 'policy.yaml' }));
`,
  whole: handler(`import { createGovernor } from '@flyball/core';`, JSON.stringify({ yaml: POLICY })),
  compiled: handler(
    `import { createGovernor } from '@flyball/core/precompiled';\nimport policy from './policy.compiled.js';`,
    'policy',
  ),
};

/** Runs a worker in workerd and says what it answered. */
export const WORKER = `
import { readFile } from 'node:fs/promises';
import { Miniflare } from 'miniflare';
const script = await readFile(process.argv[2], 'utf8');
const worker = new Miniflare({ modules: true, script, compatibilityDate: '2026-01-01', host: '127.0.0.1' });
try {
  const answer = await worker.dispatchFetch('http://localhost/');
  console.log(await answer.text());
} finally {
  await worker.dispose();
}
`;

/** What `require` and `import` load is one: what an adapter remembers, those that others loaded find. */
export const ONE_COPY: string = `
const names = ['core', 'core/adapter', 'detectors/pii', 'http', 'express'].map((name) => '@flyball/' + name);
(async () => {
  for (const name of names) {
    const [required, imported] = [require(name), await import(name)];
    for (const key of Object.keys(required)) if (required[key] !== imported[key]) throw new Error('two of ' + name + ': ' + key);
  }
  console.log('${SAYS}');
})();
`;

export const JEST_TEST: string = `
const { createGovernor } = require('@flyball/core');
const { governance } = require('@flyball/express');
test('governs', async () => {
  expect(typeof governance).toBe('function');
  const governor = await createGovernor({ policy: { yaml: ${JSON.stringify(POLICY)} } });
  ${SAY}
  expect(all).toBe('${SAYS}');
  process.stdout.write(all);
  await governor.close();
});
`;

/** An application of Nest 11 in CommonJS, with the configuration of Jest that `nest new` writes. */
export const NEST_JEST: { readonly [file: string]: string } = {
  'package.json': JSON.stringify({
    private: true,
    jest: {
      moduleFileExtensions: ['js', 'json', 'ts'],
      testEnvironment: 'node',
      testRegex: '.e2e-spec.ts$',
      transform: { '^.+\\.(t|j)s$': 'ts-jest' },
    },
  }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      module: 'commonjs',
      target: 'ES2023',
      emitDecoratorMetadata: true,
      experimentalDecorators: true,
      esModuleInterop: true,
      skipLibCheck: true,
      strictNullChecks: true,
      types: ['jest', 'node'],
    },
  }),
  'app.e2e-spec.ts': `
import { Body, Controller, Injectable, Module, Post } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { createGovernor } from '@flyball/core';
import { CurrentInteraction, GovernanceModule } from '@flyball/nestjs';
import type { Interaction } from '@flyball/core/adapter';

@Injectable()
class Service {
  said: string[] = [];
}

@Controller()
class Chat {
  constructor(private readonly service: Service) {}
  @Post('ask') ask(@Body('prompt') prompt: string, @CurrentInteraction() { subject }: Interaction): string {
    this.service.said.push(prompt);
    return 'said to ' + subject.tenant;
  }
}

@Module({
  imports: [
    GovernanceModule.forRootAsync({
      useFactory: async () => ({
        governor: await createGovernor({ policy: { yaml: ${JSON.stringify(POLICY)} } }),
        subject: () => ({ tenant: 't' }),
      }),
    }),
  ],
  controllers: [Chat],
  providers: [Service],
})
class AppModule {}

it('is governed', async () => {
  const app = (await Test.createTestingModule({ imports: [AppModule] }).compile()).createNestApplication();
  await app.listen(0, '127.0.0.1');
  const ask = async (prompt: string) => {
    const response = await fetch((await app.getUrl()) + '/ask', {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ prompt }),
    });
    return response.status + ' ' + (await response.text()).replace(/.*"reason":"(\\w+)".*/, '$1');
  };
  expect([await ask('hello'), await ask('TCK-123')]).toEqual(['201 said to t', '403 P_KEYS']);
  process.stdout.write('${SAYS}');
  await app.close();
});
`,
};
