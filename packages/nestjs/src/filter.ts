import { Catch, Inject, Injectable, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

import { sentDenial } from './denied.ts';
import { GovernanceException } from './exception.ts';
import { rawOf, type PlatformRequest, type PlatformResponse } from './http-transport.ts';

/** Tells the client of an HTTP request that it was stopped: problem details, with their headers, on either platform. */
export class GovernanceFilter implements ExceptionFilter<GovernanceException> {
  readonly #host: HttpAdapterHost;

  constructor(host: HttpAdapterHost) {
    this.#host = host;
  }

  catch(exception: GovernanceException, host: ArgumentsHost): unknown {
    // Where values are answered and no response, the error is the answer: its transport has shaped it.
    if (host.getType() !== 'http') return exception;
    const { httpAdapter } = this.#host;
    const http = host.switchToHttp();
    const req = http.getRequest<PlatformRequest>();
    const res = http.getResponse<PlatformResponse>();
    const raw = rawOf(req, res);
    if (raw.res.headersSent) return void raw.res.end();
    const { status, headers, text } = sentDenial(exception.body, exception.denial, raw.req);
    for (const [name, value] of Object.entries(headers)) {
      // A list: a limiter of the application may have written its own entry.
      if (name === 'RateLimit') httpAdapter.appendHeader(res, name, value);
      else httpAdapter.setHeader(res, name, value);
    }
    // As text: Nest 11 on Express gives objects a type of its own.
    return httpAdapter.reply(res, text, status);
  }
}

Catch(GovernanceException)(GovernanceFilter);
Injectable()(GovernanceFilter);
Inject(HttpAdapterHost)(GovernanceFilter, undefined, 0);
