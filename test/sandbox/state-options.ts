import type { Grant, Key, Lifecycle, RecoveryPoint, Vault } from './model';

export type Json = string | object;

export interface AddAccount {
  id: string;
  enabledRegions?: string[];
  organizationDenies?: string[];
  effectiveTagPolicy?: object;
  serviceLinkedRole?: boolean;
}
export interface AddOrganization {
  id?: string;
  rootId?: string;
  ouPath?: string;
  management: string;
  members: string[];
  isCrossAccountBackupEnabled?: boolean;
}
export interface AddKey {
  account: string;
  region: string;
  id?: string;
  manager?: Key['manager'];
  state?: string;
  policy?: Json;
  grants?: (Omit<Grant, 'grantId'> & { grantId?: string })[];
  alias?: string;
}
export interface AddVault {
  account: string;
  region: string;
  name: string;
  key?: Key | string;
  type?: Vault['type'];
  state?: Vault['state'];
  locked?: boolean;
  minRetentionDays?: number;
  maxRetentionDays?: number;
  policy?: Json;
  tags?: Record<string, string>;
}
export interface AddRecoveryPoint {
  vault: Vault;
  type: string;
  arn?: string;
  resourceArn?: string;
  resourceName?: string;
  key?: Key | string;
  furtherKeys?: Key[];
  encrypted?: boolean;
  status?: string;
  storageClass?: RecoveryPoint['storageClass'];
  tags?: Record<string, string>;
  lifecycle?: Lifecycle;
  bytes?: number;
  continuous?: boolean;
  members?: RecoveryPoint[];
  createdAt?: Date;
}
export interface AddRole {
  account: string;
  name: string;
  path?: string;
  trust: Json;
  policies?: object[];
  permissionsBoundary?: object;
  maxSessionSeconds?: number;
}
