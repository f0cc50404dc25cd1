import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Stands in for `@aws-sdk/credential-provider-node` in the functions' bundles (esbuild `alias`): in a function the
 * credentials are always in the environment, and the whole chain of providers would be a quarter of the bundle.
 */
export const defaultProvider = () => fromEnv();
