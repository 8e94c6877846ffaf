// `initChatModel`: a model that makes the real one when it knows the configuration.
import { UNGOVERNED } from './governed.ts';
import type { ChatModel } from './types.ts';

type Make = (config: unknown) => Promise<object>;
type Operations = { readonly [method: string]: unknown[] };

interface ConfigurableModel extends ChatModel {
  _getModelInstance: Make;
  readonly _queuedMethodOperations?: Operations;
  _getCacheKey?(config: unknown): string;
}

export function isConfigurable(model: ChatModel): model is ConfigurableModel {
  return typeof (model as Partial<ConfigurableModel>)._getModelInstance === 'function';
}

const REWRAPPED: ReadonlySet<unknown> = new Set(['withConfig', 'bindTools', 'withStructuredOutput']);

/**
 * Governs the real models as they are made. What was queued for them (`bindTools`, `withStructuredOutput`) is done on
 * the governed one: a pipeline that ends in a parser has no model to govern any more.
 */
export function governConfigurable<M extends ChatModel>(model: M, govern: <R extends object>(runnable: R) => R): M {
  const configurable = model as unknown as ConfigurableModel;
  const instances = new Map<string, Promise<object>>();
  const make = async (config: unknown): Promise<object> => {
    const bare = Object.create(configurable, {
      _queuedMethodOperations: { value: {} },
      _modelInstanceCache: { value: new Map() },
    }) as object;
    const { _getModelInstance } = Object.getPrototypeOf(configurable) as ConfigurableModel;
    let made = govern(await _getModelInstance.call(bare as ConfigurableModel, config));
    for (const [name, args] of Object.entries(configurable._queuedMethodOperations ?? {})) {
      const method = (made as { readonly [name: string]: unknown })[name];
      if (typeof method === 'function')
        made = (await (method as (...args: unknown[]) => unknown).apply(made, args)) as object;
    }
    return made;
  };
  const instance: Make = (config) => {
    const key = configurable._getCacheKey?.(config) ?? '';
    const known = instances.get(key);
    if (known !== undefined) return known;
    const made = make(config);
    instances.set(key, made);
    // One that could not be made is made again when it is asked for again.
    made.catch(() => instances.delete(key));
    return made;
  };

  const proxy: M = new Proxy(model, {
    get(target, name, receiver) {
      if (name === UNGOVERNED) return target;
      if (name === '_getModelInstance') return instance;
      if (name === '_generate')
        return async (messages: never, options: never, run: never) =>
          ((await instance(options)) as ChatModel)._generate(messages, options ?? {}, run);
      const value: unknown = Reflect.get(target, name, receiver);
      if (!REWRAPPED.has(name) || typeof value !== 'function') return value;
      return (...args: unknown[]) => govern((value as (...args: unknown[]) => object).apply(proxy, args));
    },
  });
  return proxy;
}
