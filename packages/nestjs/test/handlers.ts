import { Readable } from 'node:stream';

import {
  BadRequestException,
  Body,
  ClassSerializerInterceptor,
  Controller,
  Get,
  Header,
  HttpCode,
  Post,
  Redirect,
  Res,
  Sse,
  StreamableFile,
  UseInterceptors,
  type MessageEvent,
} from '@nestjs/common';
import { Exclude, Expose } from 'class-transformer';
import { concat, delay, from, of, throwError, type Observable } from 'rxjs';

import { Ungoverned } from '../src/index.ts';
import { KEY, KEY_HALVES } from './harness.ts';

const [FIRST, SECOND] = KEY_HALVES;
const encoder = new TextEncoder();

/** A response of either platform, as handlers with `@Res()` see it. */
interface Reply {
  readonly raw?: Reply;
  hijack?(): void;
  send(body: unknown): void;
  setHeader(name: string, value: string): void;
  write(text: string): void;
  end(text?: string): void;
}

class Account {
  readonly name: string = 'ada';
  @Exclude() readonly password: string = KEY;
  @Expose() get note(): string {
    return 'hello';
  }
}

class Leaking extends Account {
  @Expose() override get note(): string {
    return `the key is ${KEY}`;
  }
}

function* pieces(): Generator<string> {
  yield `Hello ${FIRST}`;
  yield `${SECOND} bye`;
}

const webStream = (): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (const piece of pieces()) controller.enqueue(encoder.encode(piece));
      controller.close();
    },
  });

/** Every kind of handler that Nest has, with a key in what it answers: whole, or cut in two. */
@Controller()
export class Handlers {
  @Get('object') object(): object {
    return { key: KEY };
  }

  @Get('string') string(): string {
    return `key ${KEY}`;
  }

  @Get('promise') async promise(): Promise<object> {
    return { deep: [{ key: KEY }] };
  }

  @Get('observable') observable(): Observable<object> {
    return from([{ key: 'none' }, { key: KEY }]);
  }

  @Get('passthrough') passthrough(@Res({ passthrough: true }) res: Reply): object {
    void res;
    return { key: KEY };
  }

  @Get('res-send') resSend(@Res() res: Reply): void {
    res.send({ key: KEY });
  }

  @Get('res-raw') resRaw(@Res() res: Reply): void {
    res.hijack?.();
    const raw = res.raw ?? res;
    raw.setHeader('Content-Type', 'text/plain');
    for (const piece of pieces()) raw.write(piece);
    raw.end();
  }

  @Get('serialized') @UseInterceptors(ClassSerializerInterceptor) serialized(): Account {
    return new Leaking();
  }

  @Get('serialized-clean') @UseInterceptors(ClassSerializerInterceptor) serializedClean(): Account {
    return new Account();
  }

  @Get('exception') exception(): never {
    throw new BadRequestException(`bad ${KEY}`);
  }

  @Get('file') @Header('Content-Type', 'text/plain') file(): StreamableFile {
    return new StreamableFile(Readable.from(pieces()));
  }

  @Get('file-bytes') fileBytes(): StreamableFile {
    return new StreamableFile(Buffer.from(`bytes ${KEY}`));
  }

  @Get('file-binary') fileBinary(): StreamableFile {
    return new StreamableFile(Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x81]));
  }

  @Get('image') image(): StreamableFile {
    return new StreamableFile(Buffer.from([0x89, 0x50, 0x4e, 0x47]), { type: 'image/png' });
  }

  @Get('generator') @Header('Content-Type', 'text/plain') async *generator(): AsyncGenerator<string> {
    yield* pieces();
  }

  @Get('generator-rows')
  @Header('Content-Type', 'application/x-ndjson')
  async *generatorRows(): AsyncGenerator<string> {
    yield '{"n":1}\n';
    yield `{"n":2,"key":"${KEY}"}\n`;
  }

  @Get('web-stream') @Header('Content-Type', 'text/plain') webStream(): ReadableStream {
    return webStream();
  }

  @Get('web-response') webResponse(): Response {
    return new Response(webStream(), { headers: { 'content-type': 'text/plain' } });
  }

  @Get('redirect') @Redirect() redirect(): { url: string } {
    return { url: `https://shop.example/${KEY}` };
  }

  @Sse('sse') sse(): Observable<MessageEvent> {
    return from([...pieces()].map((data) => ({ data })));
  }

  @Sse('sse-late') sseLate(): Observable<MessageEvent> {
    return concat(
      of({ data: { delta: 'Hello ' } }),
      of({ data: { delta: FIRST } }),
      of({ data: { delta: SECOND } }).pipe(delay(20)),
    );
  }

  @Sse('sse-promise') async ssePromise(): Promise<Observable<MessageEvent>> {
    return from([...pieces()].map((text) => ({ data: { text } })));
  }

  @Sse('sse-error') sseError(): Observable<MessageEvent> {
    return concat(
      of({ data: 'Hello' }),
      throwError(() => new BadRequestException(`broke at ${KEY}`)),
    );
  }

  @Get('ungoverned') @Ungoverned() ungoverned(): object {
    return { key: KEY };
  }

  @Post('accepted') @HttpCode(202) @Header('X-Own', 'yes') accepted(@Body() body: unknown): object {
    return { got: body };
  }

  @Get('masked') masked(): object {
    return { card: 'card 4111 ok' };
  }
}
