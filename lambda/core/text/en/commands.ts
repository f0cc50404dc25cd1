import type { Copy } from '../../evidence';
import { arg } from './policy-words';

/** The command lines that people read, and where to run them. */

/** Where the commands go; `account` and `stack` are absent where they must not, or need not, be said. */
export interface Hub {
  readonly region: string;
  readonly account?: string;
  readonly stack?: string;
}

const command = ({ region, account, stack }: Hub, verb: string, id?: string) =>
  [
    'npx --no-install copy-doctor',
    verb,
    ...(id === undefined ? [] : [id]),
    `--region ${region}`,
    ...(account === undefined ? [] : [`--account ${account}`]),
    ...(stack === undefined ? [] : [`--stack ${stack}`]),
  ].join(' ');

export const commands = {
  approve: (hub: Hub, id: string) => command(hub, 'approve', id),
  reject: (hub: Hub, id: string) => command(hub, 'reject', id),
  rollback: (hub: Hub, id: string) => command(hub, 'rollback', id),
  show: (hub: Hub, id: string) => command(hub, 'show', id),
  showAs: (hub: Hub, id: string, form: 'cli' | 'cfn') => `${command(hub, 'show', id)} --as ${form}`,
  apply: (hub: Hub, id: string, ownedByTemplate: boolean) =>
    [
      `${command(hub, 'apply', id)} --profile OWNER`,
      ...(hub.account === undefined ? ['--hub-profile HUB'] : []),
      ...(ownedByTemplate ? ['--even-though-a-template-owns-it'] : []),
    ].join(' '),
  incidents: (hub: Hub) => command(hub, 'incidents'),
  failedCopies: ({ destinationVaultArn, sourceRegion }: Pick<Copy, 'destinationVaultArn' | 'sourceRegion'>) =>
    `aws backup list-copy-jobs --by-state FAILED --by-destination-vault-arn ${arg(destinationVaultArn)} --region ${arg(sourceRegion)}`,
};

export const folder = 'in the folder Copy Doctor was deployed from';

export const withHub = ({ account }: Hub): string =>
  `with credentials for ${account === undefined ? 'the account it was deployed in' : `account ${account}`}`;
