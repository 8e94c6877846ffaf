// An application of NestJS as `nest new` lays one out, with the published packages installed, for the tests that build
// it.
import { mkdirSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../repo/tree.ts';
import { installed } from './published.ts';

/** What the builds are made with. */
export const BUILDS: string = join(ROOT, 'packages/nestjs/test/builds');
const NEST: Readonly<Record<11 | 12, string>> = {
  12: join(ROOT, 'packages/nestjs'),
  11: join(ROOT, 'packages/nestjs/test/nest-11'),
};

export interface Layout {
  readonly nest: 11 | 12;
  /** ES modules, as `nest new` makes them since Nest 12; else CommonJS. */
  readonly esm: boolean;
  /** A library of the repository holds the module of governance. */
  readonly monorepo: boolean;
}

/** Asks itself, says what came back, and ends. */
const MAIN = (module: string): string => `
import { NestFactory } from '@nestjs/core';
import { AppModule } from '${module}';

async function bootstrap() {
  const app = await NestFactory.create(AppModule, { logger: ['error'] });
  await app.listen(0, '127.0.0.1');
  const origin = await app.getUrl();
  const ask = async (prompt: string) => {
    const answer = await fetch(origin + '/ask', {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ prompt }),
    });
    return answer.status + ' ' + (await answer.text()).replace(/.*"reason":"(\\w+)".*/, '$1');
  };
  console.log(await ask('hello'));
  console.log(await ask('the secret plan'));
  console.log((await (await fetch(origin + '/news')).text()).includes('event: governance'));
  await app.close();
}
void bootstrap();
`;

/** Injected by its type: that takes the metadata that the builds emit. */
const SERVICE = `
import { Injectable } from '@nestjs/common';
@Injectable()
export class AppService {
  say(prompt: string): string { return 'said ' + prompt; }
}
`;

const CONTROLLER = (end: string): string => `
import { Body, Controller, Post, Sse, type MessageEvent } from '@nestjs/common';
import { CurrentInteraction, GovernedTool } from '@flyball/nestjs';
import type { Interaction } from '@flyball/core/adapter';
import { from, type Observable } from 'rxjs';
import { AppService } from './app.service${end}';

@Controller()
export class AppController {
  constructor(private readonly service: AppService) {}
  @Post('ask') async ask(@Body('prompt') prompt: string, @CurrentInteraction() { subject }: Interaction): Promise<string> {
    return (await this.look(prompt)) + ' to ' + subject.tenant;
  }
  @Sse('news') news(): Observable<MessageEvent> {
    return from(['Hello ', 'the secret', ' plan'].map((text) => ({ data: { text } })));
  }
  @GovernedTool() async look(prompt: string): Promise<string> { return this.service.say(prompt); }
}
`;

const GOVERNED = `
import { createGovernor } from '@flyball/core';
import { GovernanceModule } from '@flyball/nestjs';

export const Governed = GovernanceModule.forRootAsync({
  useFactory: async () => ({
    governor: await createGovernor({
      policy: {
        policy: 'p', version: 1, detectors: [{ id: 'plan', phrases: ['secret plan'] }],
        rules: [{ id: 'plan', on: ['input', 'output'], detect: 'plan', then: 'block', reason: 'P_PLAN' }],
      },
    }),
    subject: () => ({ tenant: 'acme' }),
    response: { select: ['text'] },
  }),
});
`;

const MODULE = (governed: string, end: string): string => `
import { Module } from '@nestjs/common';
import { Governed } from '${governed}';
import { AppController } from './app.controller${end}';
import { AppService } from './app.service${end}';

@Module({ imports: [Governed], controllers: [AppController], providers: [AppService] })
export class AppModule {}
`;

/** The application in a folder of its own. */
export function nestApplication({ nest, esm, monorepo }: Layout): string {
  const app = installed('core', 'detectors', 'http', 'agent-kit', 'nestjs');
  const link = (from: string, name: string): void => {
    const target = join(app, 'node_modules', name);
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(realpathSync(join(from, 'node_modules', name)), target);
  };
  for (const name of ['common', 'core', 'platform-express']) link(NEST[nest], `@nestjs/${name}`);
  for (const name of ['rxjs', 'reflect-metadata']) link(NEST[nest], name);
  link(ROOT, '@types/node');
  // Loaders and compilers are looked for in the application too.
  for (const name of readdirSync(join(BUILDS, 'node_modules')))
    if (!name.startsWith('.') && !name.startsWith('@')) link(BUILDS, name);
  for (const name of ['core', 'cli']) link(BUILDS, `@swc/${name}`);
  link(BUILDS, '@rspack/core');
  link(BUILDS, '@nestjs/cli');

  const end = esm ? '.js' : '';
  const home = monorepo ? 'apps/api' : '.';
  const write = (path: string, content: string | object): void => {
    mkdirSync(dirname(join(app, path)), { recursive: true });
    writeFileSync(join(app, path), typeof content === 'string' ? content : JSON.stringify(content, undefined, 2));
  };
  write('package.json', { private: true, ...(esm && { type: 'module' }) });
  write('tsconfig.json', {
    compilerOptions: {
      ...{ module: 'nodenext', moduleResolution: 'nodenext', resolvePackageJsonExports: true },
      ...{ target: 'ES2023', declaration: true, removeComments: true, sourceMap: true, outDir: './dist', rootDir: '.' },
      ...{ emitDecoratorMetadata: true, experimentalDecorators: true, esModuleInterop: true, isolatedModules: true },
      ...{ incremental: true, skipLibCheck: true, strict: true, strictPropertyInitialization: false, types: ['node'] },
      ...(monorepo && { paths: { '@app/governed': ['./libs/governed/src/index.ts'] } }),
    },
  });
  const tsconfig = monorepo ? { rootDir: '../..', outDir: '../../dist/apps/api' } : { rootDir: './src' };
  write(`${home}/tsconfig.${monorepo ? 'app' : 'build'}.json`, {
    extends: monorepo ? '../../tsconfig.json' : './tsconfig.json',
    compilerOptions: tsconfig,
    include: [monorepo ? 'src/**/*' : 'src'],
  });
  write('nest-cli.json', {
    ...{ collection: '@nestjs/schematics', sourceRoot: `${home}/src` },
    ...(monorepo && {
      monorepo: true,
      root: 'apps/api',
      compilerOptions: { tsConfigPath: 'apps/api/tsconfig.app.json' },
      projects: {
        api: {
          ...{ type: 'application', root: 'apps/api', entryFile: 'main', sourceRoot: 'apps/api/src' },
          compilerOptions: { tsConfigPath: 'apps/api/tsconfig.app.json' },
        },
        governed: {
          ...{ type: 'library', root: 'libs/governed', entryFile: 'index', sourceRoot: 'libs/governed/src' },
          compilerOptions: { tsConfigPath: 'libs/governed/tsconfig.lib.json' },
        },
      },
    }),
  });
  write(`${home}/src/main.ts`, MAIN(`./app.module${end}`));
  write(`${home}/src/app.service.ts`, SERVICE);
  write(`${home}/src/app.controller.ts`, CONTROLLER(end));
  write(`${home}/src/app.module.ts`, MODULE(monorepo ? '@app/governed' : `./governed${end}`, end));
  write(monorepo ? 'libs/governed/src/index.ts' : 'src/governed.ts', GOVERNED);
  if (monorepo) write('libs/governed/tsconfig.lib.json', { extends: '../../tsconfig.json', include: ['src/**/*'] });
  return app;
}
