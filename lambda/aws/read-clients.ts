import type { CLIENT_CONFIG } from './client-config';
import type { Credentials } from './readers';

/** What a read's client is made with. */
export type ClientConfig = typeof CLIENT_CONFIG & { readonly region: string; readonly credentials?: Credentials };

// A client a service, Region and session: connections are shared, and nothing is made before it is needed. By the class
// itself: in a bundle two classes of two chunks may have the same name.
const clients = new WeakMap<object, Map<unknown, Map<string, unknown>>>();
const withoutCredentials = {};

export function clientOf<T>(Client: new (config: ClientConfig) => T, config: ClientConfig): T {
  const { credentials } = config;
  const owner = typeof credentials === 'object' || typeof credentials === 'function' ? credentials : withoutCredentials;
  const ofSession = known(clients, owner, () => new Map<unknown, Map<string, unknown>>());
  const ofService = known(ofSession, Client, () => new Map<string, unknown>());
  return known(ofService, config.region, () => new Client(config)) as T;
}

interface Store<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

function known<K, V>(store: Store<K, V>, key: K, make: () => V): V {
  const value = store.get(key) ?? make();
  store.set(key, value);
  return value;
}
