import type { Node } from 'oxc-parser';
import { parseModule } from './module.ts';
import type { Sources } from './import-rules.ts';

/** Methods of what an application hands us, by the names under which our code holds it. */
const METHODS: { readonly [bearer: string]: readonly string[] } = {
  sink: ['accept'],
  audit: ['accept'],
  store: [
    'charge',
    'report',
    'release',
    'strike',
    'labels',
    'look',
    'amend',
    'control',
    'history',
    'sync',
    'processes',
    'subscribe',
    'fill',
    'close',
  ],
  detector: ['detect'],
};

/** Functions that an application hands us as options, or subscribes. */
const FUNCTIONS: ReadonlySet<string> = new Set([
  ...['onEvent', 'onDecision', 'onPolicy', 'onDenied', 'onStopped', 'onWarning', 'listener'],
  ...['extract', 'detect'],
]);

/** Options that are values or functions: a call of one is a call of the application's. */
const RESOLVERS: ReadonlySet<string> = new Set(['subject', 'resource', 'attributes', 'refusal', 'ending']);

/**
 * A function given to one of these is called in `outside/`: `call` and `notify`, and what does nothing but hand on to
 * them.
 */
const DOORS: ReadonlySet<string> = new Set(['call', 'notify', 'subscribe']);

/** Where other people's code is called, and where a name of the lists means something of our own. */
const EXEMPT: readonly RegExp[] = [
  /^packages\/core\/src\/outside\//,
  // A door of its own that is `call` with a check of the answer; nothing else may call a store.
  /^packages\/core\/src\/state\/store-calls\.ts$/,
  // Knows no application: validators reach it guarded.
  /^packages\/core\/src\/scanner\//,
  // The suites: what they call is what they test.
  /^packages\/testing\//,
];

/** Every call of an application's code outside of the door, one line each (rule 7 of ARCHITECTURE.md). */
export function foreignCalls(sources: Sources, doors: readonly string[] = []): readonly string[] {
  const open = new Set([...DOORS, ...doors]);
  const found: string[] = [];
  for (const [path, text] of sources) {
    if (!/^packages\/[^/]+\/src\/.*(?<!\.test|\.test-d)\.ts$/.test(path)) continue;
    if (EXEMPT.some((exempt) => exempt.test(path))) continue;
    walk(parseModule(path, text).program, false, (name, offset) => {
      const line = text.slice(0, offset).split('\n').length;
      found.push(
        `rule 7: ${path}:${line} calls \`${name}\`, which is the application's, outside of \`call\` and \`notify\``,
      );
    });
  }
  return found.toSorted();

  function walk(node: Node, guarded: boolean, report: (name: string, offset: number) => void): void {
    if (node.type === 'CallExpression') {
      const called = calledName(node.callee);
      const foreign = called === undefined ? undefined : foreignName(called);
      if (foreign !== undefined && !guarded) report(foreign, node.start);
      const opens = called !== undefined && open.has(called.name);
      walk(node.callee, guarded, report);
      for (const argument of node.arguments) walk(argument, guarded || (opens && isFunction(argument)), report);
      return;
    }
    for (const child of childrenOf(node)) walk(child, guarded, report);
  }
}

interface Called {
  readonly name: string;
  /** What the method is called on: `store` of `store.charge()` and of `this.#store.charge()`. */
  readonly bearer: string | undefined;
}

function foreignName({ name, bearer }: Called): string | undefined {
  if (bearer !== undefined && Object.hasOwn(METHODS, bearer) && METHODS[bearer]!.includes(name))
    return `${bearer}.${name}`;
  if (FUNCTIONS.has(name)) return name;
  return bearer === 'options' && RESOLVERS.has(name) ? `options.${name}` : undefined;
}

function calledName(callee: Node): Called | undefined {
  switch (callee.type) {
    case 'Identifier':
      return { name: callee.name, bearer: undefined };
    case 'ChainExpression':
      return calledName(callee.expression);
    case 'TSNonNullExpression':
      return calledName(callee.expression);
    case 'MemberExpression':
      if (callee.property.type !== 'Identifier' && callee.property.type !== 'PrivateIdentifier') return undefined;
      // `listener.call(thisArg)` and `listener.apply(...)` call the listener.
      if (callee.property.name === 'apply' || callee.property.name === 'bind') return calledName(callee.object);
      return { name: callee.property.name, bearer: bearerOf(callee.object) };
    default:
      return undefined;
  }
}

function bearerOf(object: Node): string | undefined {
  switch (object.type) {
    case 'Identifier':
      return object.name;
    case 'MemberExpression':
      return object.property.type === 'Identifier' || object.property.type === 'PrivateIdentifier'
        ? object.property.name
        : undefined;
    case 'TSNonNullExpression':
    case 'ChainExpression':
      return bearerOf(object.expression);
    default:
      return undefined;
  }
}

const isFunction = ({ type }: Node): boolean => type === 'ArrowFunctionExpression' || type === 'FunctionExpression';

function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((value: unknown) => {
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    return items.filter((item): item is Node => typeof item === 'object' && item !== null && 'type' in item);
  });
}
