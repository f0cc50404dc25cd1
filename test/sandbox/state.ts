import { randomUUID } from 'node:crypto';
import { newArns, parseArn, serviceLinkedRoleArn, uniqueId } from './arn';
import { DEFAULT_REGIONS, feature, RESOURCE_TYPES } from './features';
import { delegatingKeyPolicy, managedKeyPolicy, trustService } from './default-policies';
import type { Account, Key, Organization, RecoveryPoint, RegionSettings, Role, Vault } from './model';
import type { AddAccount, AddKey, AddOrganization, AddRecoveryPoint, AddRole, AddVault, Json } from './state-options';

import type { Clock } from './clock';

const text = (document: Json) => (typeof document === 'string' ? document : JSON.stringify(document));

/** The service whose managed key encrypts a resource nobody chose a key for. */
const managedAlias = (type: string) => {
  const { via } = feature(type);
  if (via === 'rds' || via === 'fsx') return `aws/${via}`;
  return type === 'Redshift' ? 'aws/redshift' : 'aws/ebs';
};

export class State {
  readonly accounts = new Map<string, Account>();
  readonly organizations: Organization[] = [];
  private readonly pointsByArn = new Map<string, RecoveryPoint>();

  constructor(private readonly clock: Clock) {}

  account(id: string): Account {
    const account = this.accounts.get(id);
    if (!account) throw new Error(`the sandbox has no account ${id}`);
    return account;
  }

  vault(arn: string): Vault | undefined {
    return this.accounts.get(parseArn(arn)?.account ?? '')?.vaults.find((vault) => vault.arn === arn);
  }

  key(arn: string): Key | undefined {
    return this.accounts.get(parseArn(arn)?.account ?? '')?.keys.find((key) => key.arn === arn);
  }

  role(arn: string): Role | undefined {
    return this.accounts.get(parseArn(arn)?.account ?? '')?.roles.find((role) => role.arn === arn);
  }

  recoveryPoint(arn: string): RecoveryPoint | undefined {
    const vaults = [...this.accounts.values()].flatMap((account) => account.vaults);
    return vaults.flatMap((vault) => vault.recoveryPoints).find((point) => point.arn === arn);
  }

  /** One of a vault's, of which there may be thousands. Whoever takes it out of the vault's list has taken it away. */
  recoveryPointIn({ recoveryPoints }: Vault, arn: string | undefined): RecoveryPoint | undefined {
    const added = this.pointsByArn.get(arn ?? '');
    if (added && added.arn === arn && recoveryPoints.includes(added)) return added;
    return recoveryPoints.find((point) => point.arn === arn);
  }

  addAccount(options: AddAccount): Account {
    if (!/^\d{12}$/.test(options.id)) throw new Error(`${options.id} is not an account id`);
    if (this.accounts.has(options.id)) throw new Error(`account ${options.id} is there already`);
    const settings = new Map<string, RegionSettings>();
    const account: Account = {
      id: options.id,
      organization: undefined,
      enabledRegions: new Set(options.enabledRegions ?? DEFAULT_REGIONS),
      organizationDenies: options.organizationDenies ?? [],
      effectiveTagPolicy: options.effectiveTagPolicy,
      allowedImageProviders: undefined,
      vaults: [],
      keys: [],
      roles: [],
      regionSettings: (region) => {
        const optIn = Object.fromEntries(RESOURCE_TYPES.map((type) => [type, true]));
        const found = settings.get(region) ?? { optIn, management: { DynamoDB: true } };
        settings.set(region, found);
        return found;
      },
    };
    this.accounts.set(options.id, account);
    if (options.serviceLinkedRole !== false) {
      this.addRole({
        account: options.id,
        path: '/aws-service-role/backup.amazonaws.com/',
        name: 'AWSServiceRoleForBackup',
        trust: trustService('backup.amazonaws.com'),
        policies: [],
      });
    }
    return account;
  }

  addOrganization(options: AddOrganization): Organization {
    const id = options.id ?? `o-${randomUUID().slice(0, 10).replace('-', 'x')}`;
    const rootId = options.rootId ?? 'r-root';
    const organization: Organization = {
      id,
      rootId,
      management: options.management,
      members: [...new Set([options.management, ...options.members])],
      isCrossAccountBackupEnabled: options.isCrossAccountBackupEnabled ?? true,
      delegatedAdministrators: [],
      path: `${id}/${rootId}/${options.ouPath ?? 'ou-root-all/'}`,
    };
    for (const member of organization.members) this.account(member).organization = organization;
    this.organizations.push(organization);
    return organization;
  }

  addKey(options: AddKey): Key {
    const { account, region, id = randomUUID(), manager = 'CUSTOMER' } = options;
    const key: Key = {
      arn: `arn:aws:kms:${region}:${account}:key/${id}`,
      id,
      account,
      region,
      manager,
      state: options.state ?? 'Enabled',
      alias: options.alias,
      policy: text(options.policy ?? (manager === 'AWS' ? managedKeyPolicy(options) : delegatingKeyPolicy(account))),
      grants: (options.grants ?? []).map((grant) => ({ grantId: randomUUID().replaceAll('-', ''), ...grant })),
      createdAt: this.clock.now(),
    };
    this.account(account).keys.push(key);
    return key;
  }

  /** aws/backup, aws/ebs, … exist once per account and Region. */
  managedKey(account: string, region: string, alias: string): Key {
    const keys = this.account(account).keys;
    const found = keys.find((key) => key.region === region && key.manager === 'AWS' && key.alias === alias);
    return found ?? this.addKey({ account, region, alias, manager: 'AWS' });
  }

  addVault(options: AddVault): Vault {
    const { account, region, name } = options;
    const arn = `arn:aws:backup:${region}:${account}:backup-vault:${name}`;
    if (this.vault(arn)) throw new Error(`${arn} is there already`);
    const vault: Vault = {
      arn,
      account,
      region,
      name,
      type: options.type ?? 'BACKUP_VAULT',
      state: options.state ?? 'AVAILABLE',
      key: this.resolveKey(options.key) ?? this.managedKey(account, region, 'aws/backup'),
      locked: options.locked ?? options.type === 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT',
      minRetentionDays: options.minRetentionDays,
      maxRetentionDays: options.maxRetentionDays,
      policy: options.policy === undefined ? undefined : text(options.policy),
      tags: options.tags ?? {},
      createdAt: this.clock.now(),
      recoveryPoints: [],
    };
    this.account(account).vaults.push(vault);
    return vault;
  }

  addRecoveryPoint(options: AddRecoveryPoint): RecoveryPoint {
    const { vault, type } = options;
    const names = newArns(type, vault.region, vault.account);
    const encrypted = options.encrypted ?? true;
    const inherited = feature(type).fullyManaged
      ? vault.key
      : this.managedKey(vault.account, vault.region, managedAlias(type));
    // A key that is not (or no longer) there stays nameable: that is a cause of failures.
    const keyArn = typeof options.key === 'string' ? options.key : (options.key ?? inherited).arn;
    const point: RecoveryPoint = {
      arn: options.arn ?? names.recoveryPoint,
      vault,
      type,
      resourceArn: options.resourceArn ?? names.resource,
      resourceName: options.resourceName,
      keyArn: encrypted ? keyArn : undefined,
      furtherKeyArns: (options.furtherKeys ?? []).map(({ arn }) => arn),
      encrypted,
      status: options.status ?? 'COMPLETED',
      statusMessage: undefined,
      storageClass: options.storageClass ?? 'WARM',
      tags: options.tags ?? {},
      lifecycle: options.lifecycle ?? {},
      bytes: options.bytes ?? 1024 ** 3,
      continuous: options.continuous ?? false,
      members: options.members ?? [],
      createdAt: options.createdAt ?? this.clock.now(),
    };
    vault.recoveryPoints.push(point);
    this.pointsByArn.set(point.arn, point);
    return point;
  }

  addRole(options: AddRole): Role {
    const { account, name, path = '/' } = options;
    const role: Role = {
      arn: `arn:aws:iam::${account}:role${path}${name}`,
      id: uniqueId('AROA'),
      account,
      name,
      path,
      trust: text(options.trust),
      policies: options.policies,
      permissionsBoundary: options.permissionsBoundary,
      maxSessionSeconds: options.maxSessionSeconds ?? 3600,
      createdAt: this.clock.now(),
    };
    if (this.account(account).roles.some((other) => other.name === name))
      throw new Error(`${role.arn} is there already`);
    this.account(account).roles.push(role);
    return role;
  }

  addCopyRole(account: string, name = 'service-role/AWSBackupDefaultServiceRole'): Role {
    const parts = name.split('/');
    const path = `/${parts
      .slice(0, -1)
      .map((part) => `${part}/`)
      .join('')}`;
    return this.addRole({ account, path, name: parts.at(-1) ?? name, trust: trustService('backup.amazonaws.com') });
  }

  /** An account, its root, its only user (admin), or a role or a session of one. */
  principalExists(principal: string): boolean {
    if (this.accounts.has(principal)) return true;
    const { service, account = '', resource = '' } = parseArn(principal) ?? {};
    const known = this.accounts.get(account);
    if (!known) return false;
    if (service === 'sts') {
      const name = /^assumed-role\/([^/]+)\/[^/]+$/.exec(resource)?.[1];
      return known.roles.some((role) => role.name === name);
    }
    if (service !== 'iam') return false;
    return ['root', 'user/admin'].includes(resource) || known.roles.some((role) => role.arn === principal);
  }

  removeVault(arn: string): void {
    const vaults = this.accounts.get(parseArn(arn)?.account ?? '')?.vaults ?? [];
    const index = vaults.findIndex((vault) => vault.arn === arn);
    if (index < 0) throw new Error(`the sandbox has no vault ${arn}`);
    vaults.splice(index, 1);
  }

  /** Closed, with all that is in it. */
  removeAccount(id: string): void {
    const { organization } = this.account(id);
    if (organization) organization.members = organization.members.filter((member) => member !== id);
    this.accounts.delete(id);
  }

  serviceLinkedRole(account: string): Role | undefined {
    return this.role(serviceLinkedRoleArn(account));
  }

  private resolveKey(key: Key | string | undefined): Key | undefined {
    if (typeof key !== 'string') return key;
    const found = this.key(key);
    if (!found) throw new Error(`the sandbox has no key ${key}`);
    return found;
  }
}
