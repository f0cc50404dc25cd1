import type { CauseId } from '../../../lambda/core/cause-ids';
import type { Confidence } from '../../../lambda/core/finding';
import type { Stage } from './stage';

/** The made-up accounts. */
export const SOURCE = '111111111111';
export const DESTINATION = '222222222222';
/** A member of the organization that has no reader role. */
export const UNREAD = '333333333333';
/** A member that owns keys and has a reader role. */
export const KEYS = '555555555555';
/** Has a reader role, but belongs to another organization. */
export const PARTNER = '444444444444';
export const MANAGEMENT = '999999999999';

export const REGION = 'eu-west-1';
/** When scenarios play, if they do not say otherwise. */
export const TODAY = '2026-06-01T00:00:00Z';

export interface Expected {
  readonly id: CauseId;
  readonly atLeast: Confidence;
}

/** What is copied where; from the hub's account, in REGION. */
export interface Copy {
  readonly type: string;
  readonly account: string;
  readonly region: string;
  /** Name of the destination vault; its own for every scenario unless the name matters. */
  readonly vault: string;
}

export interface Scenario {
  /** The cause's id where there is one cause. */
  readonly name: string;
  readonly line: string;
  /** The causes that a diagnosis must tell: these, no others, in the order to mend them. */
  readonly expected: readonly Expected[];
  readonly copy?: Partial<Copy>;
  /** With a copy role that no other scenario uses. */
  readonly ownRole?: boolean;
  /** So many days ago the same copy was made, when nothing was broken yet; 0: it never was. Default: 3. */
  readonly copiedBefore?: number;
  /** ISO time at which it plays; the clock only goes forward. */
  readonly at?: string;
  /** Breaks one thing before the copy starts; gives back what mends it if others would feel it. */
  arrange?(stage: Stage): (() => void) | undefined;
  /** Breaks it while the copy runs. */
  duringCopy?(stage: Stage): void;
  /** The failure itself is made up: no state of an account produces it at will. */
  readonly injected?: { readonly statusMessage: string; readonly messageCategory: string };
}

export const copyOf = ({ name, copy }: Scenario): Copy => ({
  type: 'EBS',
  account: DESTINATION,
  region: REGION,
  vault: `dr-${name}`,
  ...copy,
});

export function destinationVaultArn(scenario: Scenario): string {
  const { account, region, vault } = copyOf(scenario);
  return `arn:aws:backup:${region}:${account}:backup-vault:${vault}`;
}

export const confirmed = (id: CauseId): Expected => ({ id, atLeast: 'confirmed' });
export const likely = (id: CauseId): Expected => ({ id, atLeast: 'likely' });
export const possible = (id: CauseId): Expected => ({ id, atLeast: 'possible' });
