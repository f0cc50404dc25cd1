import type { PolicyDocument, Statement } from '../policy/policy';

export type PlanKind = 'vault-policy' | 'key-policy';

export interface PlanSettings {
  /** Vault ARNs: a copy to any other vault gets no plan. */
  readonly destinations: readonly string[];
  /** Accounts that copies come from: no other gains access by a vault's policy, whatever the evidence says. */
  readonly sources?: readonly string[];
  readonly keyGrantee: 'role' | 'account';
  readonly vaultPolicy?: 'approve' | 'notify';
  readonly keyPolicy?: 'approve' | 'notify';
  /** Vaults out of `destinations` that are patched without asking. */
  readonly autoApply?: readonly string[];
  /** Whether failed copies are started again: as the decision says, always, never. Absent: never. */
  readonly retry?: 'ask' | 'auto' | 'never';
}

/** One exact change to one policy document. */
export interface Plan {
  readonly kind: PlanKind;
  /** Ids of the causes that it cures. */
  readonly causes: readonly string[];
  /** The ARN that changes, the account that owns it, and its Region. */
  readonly resource: string;
  readonly owner: string;
  readonly region: string;
  readonly partition: string;
  /** The account that gains access. */
  readonly grantee: string;
  /** Null: there is no policy yet. */
  readonly before: PolicyDocument | null;
  readonly after: PolicyDocument;
  readonly added: readonly Statement[];
  /** Of a rollback alone: what it takes away; then `added` is empty. */
  readonly removed?: readonly Statement[];
  /** Of a rollback alone: when it was asked for. Asked for again it has another hash, and is decided anew. */
  readonly askedAt?: string;
  /** Unified, of the two documents as canonical JSON. */
  readonly diff: string;
  /** What a decision is bound to. */
  readonly hash: string;
  readonly permits: readonly string[];
  readonly doesNotPermit: readonly string[];
  readonly undo: string;
  /** What a person should know before a decision, such as a Deny that may stop the change. */
  readonly warnings: readonly string[];
}

/** A plan, or why none is offered. */
export type PlanResult =
  | { readonly ok: true; readonly plan: Plan }
  | {
      readonly ok: false;
      readonly kind: PlanKind;
      readonly resource: string;
      readonly causes: readonly string[];
      readonly reason: string;
      /** True: the reason is the type that is copied; another type may have a plan for the same document. */
      readonly ofType?: true;
    };
