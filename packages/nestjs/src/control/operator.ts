import {
  Inject,
  Injectable,
  UnauthorizedException,
  createParamDecorator,
  type ExecutionContext,
  type PipeTransform,
} from '@nestjs/common';

/** The application's function that names the operator. */
export const OPERATOR: unique symbol = Symbol.for('@flyball/nestjs.operator') as never;

type NameOperator = (context: ExecutionContext) => string;

/** Asks the application: parameters are found before a pipe can inject what it needs. */
class OperatorPipe implements PipeTransform<ExecutionContext, string> {
  readonly #operator: NameOperator;

  constructor(operator: NameOperator) {
    this.#operator = operator;
  }

  transform(context: ExecutionContext): string {
    const name: unknown = this.#operator(context);
    if (typeof name !== 'string' || name === '')
      throw new UnauthorizedException('nobody is named who gives this order');
    return name;
  }
}

Injectable()(OperatorPipe);
Inject(OPERATOR)(OperatorPipe, undefined, 0);

const Context = createParamDecorator((_: unknown, context: ExecutionContext) => context);

/** The name of whoever gives an order. */
export const Operator = (): ParameterDecorator => Context(OperatorPipe);
