import { App, type AppProps } from 'aws-cdk-lib';
import recommended from 'aws-cdk-lib/recommended-feature-flags.json';

/** Off, since with it a wrong setting would end the app itself, and with it `cdk destroy` under an older CLI. */
const OTHERWISE = { '@aws-cdk/core:annotationsInValidationReport': false };

/** An app with the CDK's recommended behavior throughout, as `cdk init` would set it; aws-cdk-lib is pinned. */
export function newApp({ context, ...props }: AppProps = {}): App {
  return new App({ ...props, context: { ...recommended, ...OTHERWISE, ...context } });
}
