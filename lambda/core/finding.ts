/** How sure the diagnosis is. Fixed meanings: docs/confidence in ARCHITECTURE.md. */
export type Confidence = 'confirmed' | 'likely' | 'possible';

/** How safe the fix is, and who makes it. */
export type FixKind = 'vault-policy' | 'key-policy' | 'retry-later' | 'manual';

export interface Fix {
  readonly kind: FixKind;
  /** Steps for a person, in order; each starts with a verb; commands stand on lines of their own, with real ids. */
  readonly steps: readonly string[];
}

/** One closed gate, proven from evidence. */
export interface Finding {
  readonly confidence: Confidence;
  /** The ARN that must change (or the thing that the cause is about, where nothing has an ARN). */
  readonly resource: string;
  /** The account that owns the resource and where somebody must act. */
  readonly owner: string;
  /** Facts only, each true without the others, no advice. */
  readonly because: readonly string[];
  readonly fix: Fix;
  /** False: AWS does not say that the copy needs it, so what else the status message points to is told too. */
  readonly explains?: false;
}
