import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { WsAdapter } from '@nestjs/platform-ws';

import { AppModule } from './app-module.ts';

/** The application on a loopback port; 0 takes a free one. */
export async function serve(port: number): Promise<{ readonly app: INestApplication; readonly origin: string }> {
  const app = await NestFactory.create(AppModule, { logger: ['error'] });
  app.useWebSocketAdapter(new WsAdapter(app));
  await app.listen(port, '127.0.0.1');
  const server = app.getHttpServer() as { address(): { readonly port: number } };
  return { app, origin: `http://127.0.0.1:${server.address().port}` };
}
