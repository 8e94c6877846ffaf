import type { CelNode, ConditionProblem } from './syntax.ts';
import { FACTS, FUNCTIONS, MACROS, METHODS, SIGNAL_FUNCTIONS, SIZE } from './syntax.ts';
import { didYouMean, listed } from '../../suggest.ts';
import { variableHint, written } from './hints.ts';

/** What a condition reads, and what is wrong with it. */
export interface Profiled {
  readonly problems: readonly ConditionProblem[];
  /** Types named in `signal`, `count` and `detected`, each with its place. */
  readonly signalTypes: readonly { readonly type: string; readonly offset: number }[];
  /** Fields of `tool` that are read, each with its place. */
  readonly toolFields: readonly { readonly field: string; readonly offset: number }[];
  /** Where labels are read. */
  readonly labels: readonly { readonly offset: number }[];
}

const OPERATORS = new Set([
  '||',
  '&&',
  '==',
  '!=',
  'in',
  '<',
  '<=',
  '>',
  '>=',
  '+',
  '-',
  '*',
  '/',
  '!_',
  '-_',
  '?:',
  '.',
  '[]',
]);
const ORDERED = new Set(['<', '<=', '>', '>=']);

/**
 * Holds a parsed condition to the profile: the part of CEL whose cost is bounded and whose meaning does not depend on
 * the platform. Also turns integer literals into numbers, so that `amount > 500` and `amount == 500` mean what they
 * say.
 */
export function applyProfile(root: CelNode): Profiled {
  const problems: ConditionProblem[] = [];
  const signalTypes: { type: string; offset: number }[] = [];
  const toolFields: { field: string; offset: number }[] = [];
  const labels: { offset: number }[] = [];
  const refuse = (node: CelNode, message: string): void => void problems.push({ message, offset: node.start });

  /** `variable` is the name an enclosing `exists`, `all` or `exists_one` introduced. */
  const visit = (node: CelNode, variable: string | undefined): void => {
    switch (node.op) {
      case 'value':
        return visitLiteral(node);
      case 'id':
        if (node.args !== variable && !Object.hasOwn(FACTS, String(node.args))) {
          const known = [...Object.keys(FACTS), ...(variable === undefined ? [] : [variable])];
          const name = String(node.args);
          const advice =
            variableHint(name) ||
            didYouMean(name, known) ||
            `; there are ${listed(known)}, and texts are in quotes: \`"${name}"\``;
          refuse(node, `unknown variable \`${name}\`${advice}`);
        }
        return;
      case '.':
        return visitSelect(node, variable);
      case 'list':
        return node.args.forEach((item) => visit(item, variable));
      case 'call':
        return visitCall(node, variable);
      case 'rcall':
        return visitMethod(node, variable);
      default:
        if (!OPERATORS.has(node.op)) return refuse(node, `\`${node.op}\` is not part of conditions`);
        visitOperator(node);
        for (const child of Array.isArray(node.args) ? (node.args as readonly CelNode[]) : [node.args as CelNode])
          visit(child, variable);
    }
  };

  const visitLiteral = (node: CelNode & { op: 'value' | 'id' }): void => {
    if (typeof node.args === 'bigint') {
      if (!Number.isSafeInteger(Number(node.args)))
        refuse(node, `the number \`${String(node.args)}\` is too large to be exact`);
      node.args = Number(node.args);
    } else if (node.args !== null && typeof node.args === 'object') {
      refuse(node, 'bytes and unsigned numbers are not part of conditions; write a plain text or number');
    }
  };

  const visitSelect = (node: CelNode & { op: '.' }, variable: string | undefined): void => {
    const [object, field] = node.args;
    visit(object, variable);
    if (object.op !== 'id' || object.args === variable) return;
    const fields = FACTS[String(object.args)] ?? [];
    if (object.args === 'tool') toolFields.push({ field, offset: object.start });
    if (fields.length > 0 && !fields.includes(field)) {
      problems.push({
        message: `\`${String(object.args)}\` has no field \`${field}\`${didYouMean(field, fields) || `; it has ${listed(fields)}`}`,
        offset: node.end - field.length,
      });
    }
  };

  const visitOperator = (node: CelNode): void => {
    const operands = Array.isArray(node.args) ? (node.args as readonly CelNode[]) : [];
    const isText = (operand: CelNode | string): boolean =>
      typeof operand === 'object' && operand.op === 'value' && typeof operand.args === 'string';
    if (ORDERED.has(node.op) && operands.some(isText)) {
      const text = operands.find(isText) as CelNode & { readonly args: string };
      const number =
        text.args.trim() !== '' && Number.isFinite(Number(text.args)) ? `; write \`${text.args}\` without quotes` : '';
      refuse(node, `\`${node.op}\` compares numbers, not texts${number}`);
    }
    if (
      node.op !== 'in' &&
      node.op !== '[]' &&
      operands.some((operand) => typeof operand === 'object' && operand.op === 'list')
    ) {
      refuse(node, `\`${node.op}\` does not take a list; use \`in\` or \`exists\``);
    }
  };

  const visitCall = (node: CelNode & { op: 'call' }, variable: string | undefined): void => {
    const [name, args] = node.args;
    if (!FUNCTIONS.includes(name))
      return refuse(
        node,
        `unknown function \`${name}\`${didYouMean(name, FUNCTIONS) || `; there are ${listed(FUNCTIONS)}`}`,
      );
    if (SIGNAL_FUNCTIONS.includes(name) || name === 'label') {
      const [argument] = args;
      if (args.length !== 1 || argument?.op !== 'value' || typeof argument.args !== 'string') {
        return refuse(
          node,
          `\`${name}\` takes one name in quotes, such as \`${name}("${written(argument) ?? (name === 'label' ? 'untrusted' : 'pii.email')}")\``,
        );
      }
      if (name === 'label') labels.push({ offset: node.start });
      else signalTypes.push({ type: argument.args, offset: argument.start + 1 });
      return;
    }
    if (args.length !== 1) return refuse(node, `\`${name}\` takes one argument`);
    if (name === 'has' && args[0]?.op !== '.')
      return refuse(node, '`has` takes a field, such as `has(tool.args.amount)`');
    if (name === 'size') node.args[0] = SIZE;
    args.forEach((argument) => visit(argument, variable));
  };

  const visitMethod = (node: CelNode & { op: 'rcall' }, variable: string | undefined): void => {
    const [name, receiver, args] = node.args;
    if (MACROS.includes(name)) return visitMacro(node, variable);
    if (!METHODS.includes(name)) {
      const known = [...METHODS, ...MACROS];
      return refuse(
        node,
        name === 'matches'
          ? '`matches` is not part of conditions; put the pattern under `detectors` and read it with `detect`'
          : `unknown method \`${name}\`${didYouMean(name, known) || `; there are ${listed(known)}`}`,
      );
    }
    const wanted = name === 'size' || name === 'lowerAscii' ? 0 : 1;
    if (args.length !== wanted)
      return refuse(node, `\`${name}\` takes ${wanted === 0 ? 'no argument' : 'one argument'}`);
    if (name === 'size') node.args[0] = SIZE;
    visit(receiver, variable);
    args.forEach((argument) => visit(argument, variable));
  };

  const visitMacro = (node: CelNode & { op: 'rcall' }, variable: string | undefined): void => {
    const [name, range, [item, predicate]] = node.args;
    if (variable !== undefined)
      return refuse(node, `\`${name}\` inside another \`exists\`, \`all\` or \`exists_one\` is not part of conditions`);
    visit(range, variable);
    if (item?.op !== 'id' || predicate === undefined || node.args[2].length !== 2) {
      return refuse(node, `\`${name}\` takes a name and a condition, such as \`${name}(x, x == "a")\``);
    }
    if (Object.hasOwn(FACTS, String(item.args)))
      return refuse(item, `\`${String(item.args)}\` is the name of a fact; choose another`);
    visit(predicate, String(item.args));
  };

  visit(root, undefined);
  return { problems, signalTypes, toolFields, labels };
}
