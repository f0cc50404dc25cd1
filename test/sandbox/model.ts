// What the embedded AWS is made of. Plain mutable objects: a scenario breaks one thing by changing it.

export interface Organization {
  id: string;
  rootId: string;
  management: string;
  members: string[];
  isCrossAccountBackupEnabled: boolean;
  /** Members that are delegated administrators of an AWS service. */
  delegatedAdministrators: string[];
  /** As in aws:PrincipalOrgPaths, the same for every member. */
  path: string;
}

export interface RegionSettings {
  optIn: Record<string, boolean>;
  management: Record<string, boolean>;
}

export interface Account {
  id: string;
  organization: Organization | undefined;
  enabledRegions: Set<string>;
  /** Actions (with wildcards) that a service control policy denies. */
  organizationDenies: string[];
  effectiveTagPolicy: object | undefined;
  /** Whose images may be used (Allowed AMIs of EC2, in every Region); undefined: the setting is off. */
  allowedImageProviders: string[] | undefined;
  vaults: Vault[];
  keys: Key[];
  roles: Role[];
  regionSettings(region: string): RegionSettings;
}

export interface Vault {
  arn: string;
  account: string;
  region: string;
  name: string;
  type: 'BACKUP_VAULT' | 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT' | 'RESTORE_ACCESS_BACKUP_VAULT';
  state: 'AVAILABLE' | 'CREATING' | 'FAILED';
  key: Key;
  locked: boolean;
  minRetentionDays: number | undefined;
  maxRetentionDays: number | undefined;
  policy: string | undefined;
  /** Copies still meet this one, until then. */
  former?: { policy: string | undefined; until: Date };
  tags: Record<string, string>;
  createdAt: Date;
  recoveryPoints: RecoveryPoint[];
}

export interface Lifecycle {
  moveToColdStorageAfterDays?: number | undefined;
  /** undefined: inherit; -1: always */
  deleteAfterDays?: number | undefined;
}

export interface RecoveryPoint {
  arn: string;
  vault: Vault;
  type: string;
  resourceArn: string;
  resourceName: string | undefined;
  keyArn: string | undefined;
  /** Of an image: the keys of its disks beyond the first. */
  furtherKeyArns: string[];
  encrypted: boolean;
  status: string;
  statusMessage: string | undefined;
  storageClass: 'WARM' | 'COLD' | 'DELETED';
  tags: Record<string, string>;
  lifecycle: Lifecycle;
  bytes: number;
  continuous: boolean;
  /** Of a composite one: what it groups, each with a recovery point of its own. */
  members: RecoveryPoint[];
  createdAt: Date;
}

export interface Grant {
  grantId: string;
  granteePrincipal: string;
  operations: string[];
}

export interface Key {
  arn: string;
  id: string;
  account: string;
  region: string;
  manager: 'AWS' | 'CUSTOMER';
  state: string;
  alias: string | undefined;
  policy: string;
  /** Copies still meet this one, until then. */
  former?: { policy: string | undefined; until: Date };
  grants: Grant[];
  createdAt: Date;
}

export interface Role {
  arn: string;
  id: string;
  account: string;
  name: string;
  path: string;
  trust: string;
  policies: object[] | undefined;
  permissionsBoundary: object | undefined;
  maxSessionSeconds: number;
  createdAt: Date;
}

export interface Topic {
  arn: string;
  account: string;
  region: string;
  /** Encrypts it: who publishes needs the key too. */
  key: Key | undefined;
  subscriptions: Subscription[];
}

export interface Subscription {
  arn: string;
  protocol: string;
  endpoint: string;
  confirmed: boolean;
  /** What the confirmation message asks back. */
  token: string;
  /** Whether only a signed request may end it. */
  authenticateOnUnsubscribe: boolean;
}

export interface Trail {
  arn: string;
  account: string;
  homeRegion: string;
  name: string;
  multiRegion: boolean;
  /** Records the organization's members too. */
  organization: boolean;
  logging: boolean;
}

export interface Stack {
  id: string;
  account: string;
  region: string;
  name: string;
  status: string;
  outputs: Record<string, string>;
  resources: { logicalId: string; physicalId: string; type: string }[];
  createdAt: Date;
}

export type CopyState = 'CREATED' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'PARTIAL';

export interface CreatedBy {
  planId: string;
  planArn: string;
  planVersion: string;
  ruleId: string;
  /** When the rule runs: `cron(0 5 ? * * *)`, and in which time zone. */
  ruleCron?: string;
  ruleTimezone?: string;
}

export interface CopyJob {
  id: string;
  account: string;
  region: string;
  state: CopyState;
  statusMessage: string | undefined;
  messageCategory: string;
  /** The gate that was closed. */
  gate: string | undefined;
  sourceVaultArn: string;
  destinationVaultArn: string;
  sourceRecoveryPointArn: string;
  destinationRecoveryPointArn: string | undefined;
  resourceArn: string;
  resourceName: string | undefined;
  type: string;
  bytes: number;
  role: string;
  lifecycle: Lifecycle | undefined;
  createdBy: CreatedBy | undefined;
  parentId: string | undefined;
  childIds: string[];
  createdAt: Date;
  completedAt: Date | undefined;
}
