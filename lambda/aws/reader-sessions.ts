import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { parseArn } from '../core/arn';
import { CLIENT_CONFIG } from './client-config';
import {
  ACCOUNT_NOT_LISTED,
  NotReadableError,
  READER_ROLE_NOT_ASSUMABLE,
  type Credentials,
  type CredentialsOf,
} from './readers';

export interface ReaderSettings {
  readonly partition: string;
  readonly region: string;
  readonly readerRoleName: string;
  /** The role that asks the organization; absent or empty where there is none. */
  readonly organizationReaderArn?: string;
  /** Only these accounts are entered, whatever an event names. */
  readonly accounts: ReadonlySet<string>;
  /** Entered too, for the keys that they own. */
  readonly keyAccounts?: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** How the sessions are called in the member's CloudTrail. */
  readonly sessionName?: string;
}

interface Session {
  readonly credentials: Promise<Credentials>;
  /** Milliseconds since the epoch; known once the session is open. */
  until: number;
}

/** Sessions end 1 h after they were opened (role chaining); a new one is opened before a read could fail on that. */
const MARGIN_MS = 5 * 60_000;
const REFUSAL_MS = 30_000;

/** Sessions of the reader role, one an account, kept until 5 minutes before they end. */
export function readerSessions(settings: ReaderSettings): CredentialsOf {
  const sessions = new Map<string, Session>();
  const { sessionName = 'copy-doctor-diagnose' } = settings;
  const sts = once(() => new STSClient({ ...CLIENT_CONFIG, region: settings.region }));

  const { organizationReaderArn = '', keyAccounts = [] } = settings;

  const credentialsOf: CredentialsOf = ({ account, asOrganization }) => {
    if (asOrganization && organizationReaderArn !== '') return sessionOf(organizationReaderArn);
    if (!settings.accounts.has(account) && !keyAccounts.includes(account)) {
      const reason = `account ${account} is not among the accounts of this deployment`;
      return Promise.reject(new NotReadableError(ACCOUNT_NOT_LISTED, reason));
    }
    return sessionOf(`arn:${settings.partition}:iam::${account}:role/${settings.readerRoleName}`);
  };
  return Object.assign(credentialsOf, { organizationAccount: parseArn(organizationReaderArn)?.account, keyAccounts });

  function sessionOf(roleArn: string): Promise<Credentials> {
    const known = sessions.get(roleArn);
    if (known && settings.now() < known.until) return known.credentials;
    const session: Session = { credentials: open(roleArn), until: Infinity };
    sessions.set(roleArn, session);
    return session.credentials;
  }

  async function open(RoleArn: string): Promise<Credentials> {
    try {
      const { Credentials: given } = await sts().send(
        new AssumeRoleCommand({ RoleArn, RoleSessionName: sessionName, DurationSeconds: 3600 }),
      );
      const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given ?? {};
      if (!AccessKeyId || !SecretAccessKey || !SessionToken) throw new Error('AssumeRole gave no credentials');
      const opened = sessions.get(RoleArn);
      if (opened) opened.until = (Expiration?.getTime() ?? settings.now()) - MARGIN_MS;
      return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    } catch (cause) {
      // Kept for a moment only: the role may be deployed a minute from now, but one batch asks many times.
      const refused = sessions.get(RoleArn);
      if (refused) refused.until = settings.now() + REFUSAL_MS;
      const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
      // Throttling and the like keep their own name: they pass, and nobody has to deploy a role for them.
      const refusal = cause instanceof Error && cause.name !== 'AccessDenied' ? cause.name : READER_ROLE_NOT_ASSUMABLE;
      throw new NotReadableError(refusal, `sts:AssumeRole of ${RoleArn} failed: ${reason}`, { cause });
    }
  }
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
