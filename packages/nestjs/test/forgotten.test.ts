import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { expect, it } from 'vitest';

import { CurrentGovernance, type CallGovernance } from '../src/index.ts';

// In a file of its own: no application of this process may have had the module.
it('a parameter that asks for the call says that the module was forgotten', async () => {
  @Controller()
  class Chat {
    @Get() chat(@CurrentGovernance() { signal }: CallGovernance): object {
      return { stopped: signal.aborted };
    }
  }
  @Module({ controllers: [Chat] })
  class AppModule {}
  const told: unknown[] = [];
  const error = (message: unknown): void => void told.push(message);
  const quiet = (): void => undefined;
  const app = await NestFactory.create(AppModule, { logger: { error, log: quiet, warn: quiet } });
  await app.listen(0, '127.0.0.1');
  const answer = await fetch((await app.getUrl()).replace('[::1]', '127.0.0.1'));
  expect(answer.status).toBe(500);
  expect(String(told[0])).toContain(
    '`@CurrentGovernance()` on `Chat.chat` needs `GovernanceModule.forRoot({ governor })` among the imports',
  );
  await app.close();
});
