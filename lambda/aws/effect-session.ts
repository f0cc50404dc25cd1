import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { CLIENT_CONFIG } from './client-config';
import type { EffectRole, OpenSession } from './effect-services';
import { ACCOUNT_NOT_LISTED, NotReadableError } from './readers';

export interface EffectSessionSettings {
  readonly partition: string;
  readonly region: string;
  /** How each role is called in every account. */
  readonly roleNames: Readonly<Record<EffectRole, string>>;
  /** Only these accounts are entered. */
  readonly accounts: ReadonlySet<string>;
}

/** What is thrown where a role is not there, or does not let this function in. */
export const EFFECT_ROLE_NOT_ASSUMABLE = 'EffectRoleNotAssumable';

/** The shortest that AWS gives; an effect takes 2 minutes at most. */
const SECONDS = 900;

/**
 * Sessions of the roles that change something: one for each effect, never kept, named after the incident, with whoever
 * decided as source identity, so that CloudTrail of the member account tells both.
 */
export function effectSessions({ partition, region, roleNames, accounts }: EffectSessionSettings): OpenSession {
  return async ({ role, account, incident, revision, by }) => {
    if (!accounts.has(account)) {
      const reason = `account ${account} is not among the accounts of this deployment`;
      throw new NotReadableError(ACCOUNT_NOT_LISTED, reason);
    }
    const RoleArn = `arn:${partition}:iam::${account}:role/${roleNames[role]}`;
    const sts = new STSClient({ ...CLIENT_CONFIG, region });
    try {
      const { Credentials: given } = await sts.send(
        new AssumeRoleCommand({
          RoleArn,
          RoleSessionName: `${incident}-${revision}`,
          SourceIdentity: sourceIdentityOf(by),
          DurationSeconds: SECONDS,
        }),
      );
      const { AccessKeyId, SecretAccessKey, SessionToken } = given ?? {};
      if (!AccessKeyId || !SecretAccessKey || !SessionToken) throw new Error('AssumeRole gave no credentials');
      return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    } catch (cause) {
      const { name, message } = cause instanceof Error ? cause : new Error(String(cause));
      // Throttling and the like keep their own name: they pass by themselves.
      const error = name === 'AccessDenied' ? EFFECT_ROLE_NOT_ASSUMABLE : name;
      throw new NotReadableError(error, `sts:AssumeRole of ${RoleArn} failed: ${name}: ${message}`, { cause });
    } finally {
      sts.destroy();
    }
  };
}

/** Of a change that no person decided on. */
const BY_SETTING = 'autoApply';
/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const MOST_CHARACTERS = 64;

/**
 * Whoever decided, as a source identity: `<account>+<role or user>+<session>` in characters that AWS takes there. The
 * whole ARN stands in DECISION and LOG.
 */
export function sourceIdentityOf(by: string | undefined): string {
  if (by === undefined) return BY_SETTING;
  const [, , , , account = '', ...rest] = by.split(':');
  const [kind = '', ...path] = rest.join(':').split('/');
  // A user's path says nothing; of an assumed role both its name and the session's count.
  const names = kind === 'assumed-role' ? path : [path.at(-1) ?? kind];
  const text = account === '' ? by : [account, ...names].join('+');
  return text.replace(/[^\w+=,.@-]/g, '-').slice(0, MOST_CHARACTERS);
}
