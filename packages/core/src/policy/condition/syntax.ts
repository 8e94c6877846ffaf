/** The syntax tree of CEL, as far as conditions use it. Offsets are positions in the source. */
export type CelNode =
  | CelLeaf
  | CelSelect
  | CelIndex
  | CelCall
  | CelMethod
  | CelList
  | CelTernary
  | CelBinary
  | CelUnary;

interface CelPlace {
  readonly start: number;
  readonly end: number;
}

export interface CelLeaf extends CelPlace {
  readonly op: 'value' | 'id';
  /** Literal or name. The profile puts numbers in the place of integers. */
  args: unknown;
}

export interface CelSelect extends CelPlace {
  readonly op: '.';
  readonly args: readonly [CelNode, string];
}

export interface CelIndex extends CelPlace {
  readonly op: '[]';
  readonly args: readonly [CelNode, CelNode];
}

export interface CelCall extends CelPlace {
  readonly op: 'call';
  readonly args: [string, readonly CelNode[]];
}

export interface CelMethod extends CelPlace {
  readonly op: 'rcall';
  readonly args: [string, CelNode, readonly CelNode[]];
}

export interface CelList extends CelPlace {
  readonly op: 'list';
  readonly args: readonly CelNode[];
}

export interface CelTernary extends CelPlace {
  readonly op: '?:';
  readonly args: readonly [CelNode, CelNode, CelNode];
}

export type CelOperator = '||' | '&&' | '==' | '!=' | 'in' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/';

export interface CelBinary extends CelPlace {
  readonly op: CelOperator;
  readonly args: readonly [CelNode, CelNode];
}

export interface CelUnary extends CelPlace {
  readonly op: '!_' | '-_';
  readonly args: CelNode;
}

/** A problem of a condition; `offset` is a position in its source. */
export interface ConditionProblem {
  readonly message: string;
  /** Default `CONDITION_INVALID`. */
  readonly code?: 'TYPE_UNKNOWN';
  readonly offset: number;
}

/** The engine's `size` answers with an integer; under this name it answers with a number, like all of the profile. */
export const SIZE = 'sizeOf';

export const MACROS: readonly string[] = ['exists', 'all', 'exists_one'];
export const METHODS: readonly string[] = ['startsWith', 'endsWith', 'contains', 'lowerAscii', 'size'];
export const SIGNAL_FUNCTIONS: readonly string[] = ['signal', 'count', 'detected'];
export const FUNCTIONS: readonly string[] = [...SIGNAL_FUNCTIONS, 'label', 'has', 'size'];
/** The facts, with the fields of those that have a fixed shape. */
export const FACTS: { readonly [name: string]: readonly string[] } = {
  subject: ['tenant', 'user', 'session', 'agent'],
  tool: ['name', 'args'],
  attributes: [],
  model: [],
  route: [],
  stage: [],
  point: [],
};
