/**
 * Stands in for `mnemonist/lru-cache` in the functions' bundles (esbuild `alias`): 5 KB for a cache of endpoints that a
 * client of one table in one Region fills with one entry at most.
 */
export default class EndpointMap<K, V> {
  readonly #map = new Map<K, V>();

  has = (key: K): boolean => this.#map.has(key);
  get = (key: K): V | undefined => this.#map.get(key);
  peek = (key: K): V | undefined => this.#map.get(key);
  set = (key: K, value: V): void => void this.#map.set(key, value);
  clear = (): void => this.#map.clear();
}
