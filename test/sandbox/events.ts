import type { CopyState } from './model';

/** EventBridge's event, as the source vault's account and Region see it. */
export interface CopyJobEvent {
  version: '0';
  id: string;
  'detail-type': 'Copy Job State Change';
  source: 'aws.backup';
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: {
    copyJobId?: string;
    backupSizeInBytes: number;
    creationDate: string;
    completionDate?: string;
    iamRoleArn: string;
    resourceArn: string;
    resourceType: string;
    sourceBackupVaultArn: string;
    destinationBackupVaultArn: string;
    /** An empty object until there is one. */
    destinationRecoveryPointArn: string | Record<string, never>;
    state: CopyState;
    statusMessage?: string;
    createdBy?: { backupPlanId: string; backupPlanArn: string; backupPlanVersion: string; backupPlanRuleId: string };
  };
}

/** A change of a policy, as CloudTrail gives it to EventBridge. */
export interface ApiCallEvent {
  version: '0';
  id: string;
  'detail-type': 'AWS API Call via CloudTrail';
  source: string;
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: {
    eventSource: string;
    eventName: string;
    requestParameters: Record<string, unknown>;
    userIdentity: Record<string, unknown>;
    [member: string]: unknown;
  };
}

type Listener = (event: CopyJobEvent) => void | Promise<void>;
type ChangeListener = (event: ApiCallEvent) => void | Promise<void>;

export class Events {
  readonly all: CopyJobEvent[] = [];
  /** Of accounts with a trail. */
  readonly changes: ApiCallEvent[] = [];
  private listeners: Listener[] = [];
  private changeListeners: ChangeListener[] = [];

  /** Answers a function that takes the listener off. */
  on(listener: Listener): () => void {
    this.listeners.push(listener);
    return () => {
      this.listeners = this.listeners.filter((one) => one !== listener);
    };
  }

  onChange(listener: ChangeListener): () => void {
    this.changeListeners.push(listener);
    return () => {
      this.changeListeners = this.changeListeners.filter((one) => one !== listener);
    };
  }

  async emitChange(event: ApiCallEvent): Promise<void> {
    this.changes.push(event);
    for (const listener of this.changeListeners) await listener(structuredClone(event));
  }

  async emit(event: CopyJobEvent): Promise<void> {
    this.all.push(event);
    for (const listener of this.listeners) await listener(structuredClone(event));
  }
}
