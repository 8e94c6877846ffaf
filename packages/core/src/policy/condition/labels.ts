import type { ConditionLabel } from '../compiled.ts';
import type { CelNode } from './syntax.ts';

/** The labels that a condition reads. `isMonotone`: nothing around the node turns true into false. */
export function labelsIn(node: CelNode, isMonotone: boolean): readonly ConditionLabel[] {
  if (node.op === 'value' || node.op === 'id') return [];
  if (node.op === 'call') {
    const [name, args] = node.args;
    const [argument] = args;
    if (name === 'label' && argument?.op === 'value')
      return [Object.freeze({ name: String(argument.args), offset: argument.start + 1, isMonotone })];
    return args.flatMap((each) => labelsIn(each, false));
  }
  if (node.op === 'rcall') return [node.args[1], ...node.args[2]].flatMap((each) => labelsIn(each, false));
  if (node.op === '.') return labelsIn(node.args[0], false);
  const keeps = isMonotone && (node.op === '&&' || node.op === '||');
  const children = Array.isArray(node.args) ? (node.args as readonly CelNode[]) : [node.args as CelNode];
  return children.flatMap((each) => labelsIn(each, keeps));
}
