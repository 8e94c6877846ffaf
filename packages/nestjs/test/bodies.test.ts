// What reads and writes bodies beside governance: parsers of uploads, compression, HTTP/2.
import http2 from 'node:http2';

import compress from '@fastify/compress';
import multipart from '@fastify/multipart';
import {
  Body,
  Controller,
  Get,
  Module,
  Post,
  Req,
  Sse,
  UploadedFile,
  UploadedFiles,
  UseInterceptors,
  type INestApplication,
  type MessageEvent,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AnyFilesInterceptor, FileInterceptor } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import compression from 'compression';
import { from, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';

import { GovernanceInterceptor, GovernanceModule } from '../src/index.ts';
import { governorWith, KEY, KEY_HALVES, listen, PLATFORMS, type Platform, type Recorded } from './harness.ts';

async function appWith(controller: Type<unknown>): Promise<Recorded & { AppModule: Type<unknown>; warned: string[] }> {
  const recorded = await governorWith();
  const warned: string[] = [];
  const { governor } = recorded;
  @Module({
    imports: [GovernanceModule.forRoot({ governor, onWarning: ({ code }) => void warned.push(code) })],
    controllers: [controller],
  })
  class AppModule {}
  return { ...recorded, AppModule, warned };
}

const form = (fields: { readonly [name: string]: string }): FormData => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  data.append('file', new Blob(['what is in the file']), 'note.txt');
  return data;
};
const upload = (url: string, prompt: string): Promise<Response> =>
  fetch(url, { method: 'POST', body: form({ prompt }) });

describe('uploads', () => {
  it('of multer are decided about behind its interceptor', async () => {
    let ran = 0;
    @Controller()
    class Uploads {
      @Post('one') @UseInterceptors(FileInterceptor('file'), GovernanceInterceptor) one(
        @Body() body: { prompt: string },
        @UploadedFile() file: { size: number },
      ): object {
        ran++;
        return { prompt: body.prompt, size: file.size };
      }
      @Post('any') @UseInterceptors(AnyFilesInterceptor(), GovernanceInterceptor) any(
        @Body() body: { prompt: string },
        @UploadedFiles() files: readonly object[],
      ): object {
        return { prompt: body.prompt, files: files.length };
      }
      @Post('unread') @UseInterceptors(FileInterceptor('file')) unread(): string {
        ran++;
        return 'unread';
      }
    }
    const { AppModule, events, warned } = await appWith(Uploads);
    await using server = await listen(AppModule, 'express');
    expect((await upload(`${server.origin}/one`, 'the secret plan')).status).toBe(403);
    expect(ran).toBe(0);
    expect(await (await upload(`${server.origin}/one`, 'card 4111')).json()).toEqual({ prompt: 'card [x]', size: 19 });
    expect(events[1]?.media).toEqual(['file']);
    expect(await (await upload(`${server.origin}/any`, 'hello')).json()).toEqual({ prompt: 'hello', files: 1 });
    // Nobody has parsed it when it is decided about.
    expect((await upload(`${server.origin}/unread`, 'hello')).status).toBe(503);
    expect([ran, warned]).toEqual([1, ['FLYBALL_NO_SUBJECT', 'FLYBALL_BODY_NOT_PARSED']]);
  });

  it('of `@fastify/multipart` are decided about where it puts the fields on the body', async () => {
    let ran = 0;
    @Controller()
    class Uploads {
      @Post('one') one(@Body() body: { prompt: string; file: unknown }): object {
        ran++;
        return { prompt: body.prompt };
      }
    }
    const { AppModule } = await appWith(Uploads);
    await using server = await listen(AppModule, 'fastify', (app) =>
      (app as NestFastifyApplication).register(multipart as never, { attachFieldsToBody: 'keyValues' }),
    );
    expect((await upload(`${server.origin}/one`, 'the secret plan')).status).toBe(403);
    expect(ran).toBe(0);
    expect(await (await upload(`${server.origin}/one`, 'card 4111')).json()).toEqual({ prompt: 'card [x]' });
  });

  it('that a handler parses itself have not been parsed when they are decided about', async () => {
    @Controller()
    class Uploads {
      @Post('one') async one(@Req() req: { file(): Promise<unknown> }): Promise<string> {
        await req.file();
        return 'parsed';
      }
    }
    const { AppModule, warned } = await appWith(Uploads);
    await using server = await listen(AppModule, 'fastify', (app) =>
      (app as NestFastifyApplication).register(multipart as never),
    );
    expect((await upload(`${server.origin}/one`, 'hello')).status).toBe(503);
    expect(warned).toContain('FLYBALL_BODY_NOT_PARSED');
  });
});

@Controller()
class Texts {
  @Get('long') long(): object {
    return { text: 'card 4111 '.repeat(500) };
  }
  @Get('leak') leak(): object {
    return { text: `${'long '.repeat(500)}${KEY}` };
  }
  @Sse('news') news(): Observable<MessageEvent> {
    return from(['Hello ', ...KEY_HALVES].map((text) => ({ data: { text } })));
  }
  @Post('ask') ask(@Body() body: unknown): object {
    return { body };
  }
}

const COMPRESSED: Readonly<Record<Platform, (app: INestApplication) => unknown>> = {
  express: (app) => app.use(compression({ threshold: 0 })),
  fastify: (app) => (app as NestFastifyApplication).register(compress, { threshold: 0 }),
};

describe.each(PLATFORMS)('compression on %s', (platform) => {
  it('hides nothing, and what is judged arrives whole', async () => {
    const { AppModule } = await appWith(Texts);
    await using server = await listen(AppModule, platform, COMPRESSED[platform]);
    const get = (path: string): Promise<Response> =>
      fetch(`${server.origin}/${path}`, { headers: { 'accept-encoding': 'gzip' } });
    const long = await get('long');
    expect([long.status, await long.json()]).toEqual([200, { text: 'card [x] '.repeat(500) }]);
    const leak = await get('leak');
    expect([leak.status, await leak.json()]).toMatchObject([403, { reason: 'P_SECRET' }]);
    const news = await (await get('news')).text();
    expect(news).toContain('Hello ');
    expect(news).toContain('event: governance');
    expect(news).not.toContain(KEY_HALVES[0]);
    // As its client asked for it: compressed on Express, where the compression stands in front of the gate.
    expect(long.headers.get('content-encoding')).toBe(platform === 'express' ? 'gzip' : null);
  });
});

describe('HTTP/2 on fastify', () => {
  it('is governed like HTTP/1.1', async () => {
    const { AppModule } = await appWith(Texts);
    const settings = { logger: false, abortOnError: false } as const;
    const app = await NestFactory.create(AppModule, new FastifyAdapter({ http2: true }) as never, settings);
    await app.listen(0, '127.0.0.1');
    const { port } = (app.getHttpServer() as { address(): { port: number } }).address();
    const session = http2.connect(`http://127.0.0.1:${port}`);
    const ask = (path: string, body?: unknown): Promise<{ status: unknown; body: string }> =>
      new Promise((resolve, reject) => {
        const method = body === undefined ? 'GET' : 'POST';
        const stream = session.request({
          ':path': path,
          ':method': method,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        });
        let status: unknown;
        let text = '';
        stream.on('response', (headers) => (status = headers[':status']));
        stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        stream.on('end', () => resolve({ status, body: text })).on('error', reject);
        stream.end(body === undefined ? undefined : JSON.stringify(body));
      });
    try {
      expect(await ask('/ask', { prompt: 'card 4111' })).toEqual({
        status: 201,
        body: '{"body":{"prompt":"card [x]"}}',
      });
      expect((await ask('/ask', { prompt: 'the secret plan' })).status).toBe(403);
      expect((await ask('/leak')).status).toBe(403);
      const news = await ask('/news');
      expect([news.status, news.body.includes('Hello '), news.body.includes('event: governance')]).toEqual([
        200,
        true,
        true,
      ]);
      expect(news.body).not.toContain(KEY_HALVES[0]);
    } finally {
      session.destroy();
      await app.close();
    }
  });
});
