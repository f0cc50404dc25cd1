import { compositeScenarios } from './scenarios-composite';
import { organizationScenarios, regionScenarios, singleAction, whatCanBeCopied } from './scenarios-copy';
import { encryptionScenarios } from './scenarios-encryption';
import { severalScenarios } from './scenarios-several';
import { tagScenarios, textScenarios } from './scenarios-text';
import { roleScenarios, vaultScenarios } from './scenarios-access';
import type { Scenario } from './scenario';

/** All of them, in the order in which they play. The earliest date first: the clock only goes forward. */
export const scenarios: readonly Scenario[] = [
  singleAction,
  ...organizationScenarios,
  ...regionScenarios,
  ...whatCanBeCopied,
  ...encryptionScenarios,
  ...vaultScenarios,
  ...roleScenarios,
  ...tagScenarios,
  ...compositeScenarios,
  ...severalScenarios,
  ...textScenarios,
];
