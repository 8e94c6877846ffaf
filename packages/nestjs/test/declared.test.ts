import { applyDecorators, Controller, Get, Module, Query, SetMetadata } from '@nestjs/common';
import { describe, expect, it } from 'vitest';

import { CurrentInteraction, Governed, GovernanceModule, Ungoverned } from '../src/index.ts';
import { governorWith, listen, PLATFORMS } from './harness.ts';

const Open = (): ClassDecorator & MethodDecorator => applyDecorators(SetMetadata('open', true), Ungoverned());

@Open()
class OpenBase {}

@Controller('inherits')
class Inherits extends OpenBase {
  @Get() echo(@Query('q') q: string): string {
    return q;
  }
}

@Controller('closes')
@Governed()
class Closes extends OpenBase {
  @Get() echo(@Query('q') q: string): string {
    return q;
  }
}

@Controller('mixed')
@Ungoverned()
class Mixed {
  @Get('governed') @Governed() governed(@Query('q') q: string): string {
    return q;
  }
  @Get('open') open(@Query('q') q: string): string {
    return q;
  }
}

abstract class Routes {
  @Get('kept') @Ungoverned() kept(@Query('q') q: string): string {
    return q;
  }
  @Get('overridden') @Ungoverned() overridden(@Query('q') q: string): string {
    return q;
  }
}

@Controller('below')
class Below extends Routes {
  @Get('overridden') override overridden(@Query('q') q: string): string {
    return q;
  }
}

@Governed({ labels: ['above'], subject: () => ({ tenant: 'above' }) })
abstract class Above {}

@Controller('adds')
@Governed({ labels: ['class'] })
class Adds extends Above {
  @Get()
  @Governed({ labels: ['handler'] })
  labels(@CurrentInteraction() interaction: { labels: Iterable<string>; subject: { tenant: string } }): object {
    return { labels: [...interaction.labels].sort(), tenant: interaction.subject.tenant };
  }
}

describe.each(PLATFORMS)('what decorators say is inherited, on %s', (platform) => {
  it('the nearest one counts', async () => {
    const { governor } = await governorWith();
    @Module({
      imports: [GovernanceModule.forRoot({ governor, onWarning: () => {} })],
      controllers: [Inherits, Closes, Mixed, Below, Adds],
    })
    class AppModule {}
    await using server = await listen(AppModule, platform);
    const ask = async (path: string): Promise<number> =>
      (await fetch(`${server.origin}/${path}?q=secret%20plan`)).status;
    expect([await ask('inherits'), await ask('closes')]).toEqual([200, 403]);
    expect([await ask('mixed/governed'), await ask('mixed/open')]).toEqual([403, 200]);
    expect([await ask('below/kept'), await ask('below/overridden')]).toEqual([200, 403]);
    const adds = await fetch(`${server.origin}/adds`);
    expect(await adds.json()).toEqual({ labels: ['above', 'class', 'handler'], tenant: 'above' });
  });
});

it('refuses a place that says both', async () => {
  const { governor } = await governorWith();
  @Controller()
  class Undecided {
    @Get() @Governed() @Ungoverned() get(): string {
      return '';
    }
  }
  @Module({ imports: [GovernanceModule.forRoot({ governor, onWarning: () => {} })], controllers: [Undecided] })
  class AppModule {}
  await expect(listen(AppModule, 'express')).rejects.toThrow(
    '`Undecided.get` is both `@Governed()` and `@Ungoverned()`: leave one of them out',
  );
  await governor.close();
});
