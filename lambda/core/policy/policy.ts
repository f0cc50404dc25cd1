/** A policy document as IAM's grammar has it; one value or a list, as written. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement: readonly Statement[];
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: Principal;
  readonly NotPrincipal?: Principal;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, ConditionValue>>>>;
}

export type Principal = string | Readonly<Record<string, string | readonly string[]>>;
export type ConditionValue = string | boolean | number | readonly (string | boolean | number)[];

/** A parsed document, or what is wrong with the text. */
export type ParsedPolicy =
  { readonly ok: true; readonly document: PolicyDocument } | { readonly ok: false; readonly problem: string };

/** Who asks. */
export interface RequestPrincipal {
  /** Role or user ARN; undefined when only the account is known (then statements that name ARNs cannot be told). */
  readonly arn?: string;
  /** 12 digits. */
  readonly account: string;
  /** Only a Deny with NotPrincipal asks for it: IAM denies every principal that has a boundary. Absent = not known. */
  readonly hasPermissionsBoundary?: boolean;
  /** Set for an AWS service that calls as itself, e.g. `backup.amazonaws.com`. */
  readonly service?: string;
}

export interface PolicyRequest {
  readonly principal: RequestPrincipal;
  /** `service:Action`. */
  readonly action: string;
  readonly resource: string;
  /** Condition keys that are known (null = known to be absent); a key that is not here cannot be told. */
  readonly context: Readonly<Record<string, string | readonly string[] | null>>;
}

export type Decision = 'Allowed' | 'ExplicitlyDenied' | 'ImplicitlyDenied' | 'CannotTell';

export interface Verdict {
  readonly decision: Decision;
  /** The statement that decided, or (CannotTell) the first that could have. */
  readonly statement?: { readonly index: number; readonly sid?: string };
  /** For CannotTell: what could not be judged, e.g. `condition key aws:SourceIp`. */
  readonly undecided: readonly string[];
}
