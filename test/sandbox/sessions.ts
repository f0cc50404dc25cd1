import { createHash, randomBytes } from 'node:crypto';
import { uniqueId } from './arn';
import type { Identity } from './authorize';
import type { Clock } from './clock';
import type { Role } from './model';

export interface StaticCredentials {
  accessKeyId: string;
  secretAccessKey: string;
}

export interface Session extends StaticCredentials {
  sessionToken: string;
  expiration: Date;
  identity: Identity;
  expired: boolean;
}

/** Access keys: one for each account's administrator, one for each session. */
export class Sessions {
  private readonly sessions = new Map<string, Session>();
  private readonly admins = new Map<string, StaticCredentials & { identity: Identity }>();

  constructor(private readonly clock: Clock) {}

  admin(account: string): StaticCredentials {
    const digest = createHash('sha256').update(account).digest('hex').toUpperCase();
    const accessKeyId = `AKIASANDBOX${digest.slice(0, 9)}`; // the same in every run
    const secretAccessKey = createHash('sha256').update(`secret of ${account}`).digest('base64').slice(0, 40);
    const arn = `arn:aws:iam::${account}:user/admin`;
    const userId = `AIDASANDBOX${digest.slice(0, 10)}`;
    const identity: Identity = {
      account,
      arn,
      userId,
      role: undefined,
      sessionPolicy: undefined,
      sourceIdentity: undefined,
    };
    this.admins.set(accessKeyId, { accessKeyId, secretAccessKey, identity });
    return { accessKeyId, secretAccessKey };
  }

  open(
    role: Role,
    name: string,
    options: { seconds?: number; sourceIdentity?: string | undefined; policy?: string | undefined } = {},
  ): Session {
    const start = Math.max(Date.now(), this.clock.now().getTime());
    const session: Session = {
      accessKeyId: uniqueId('ASIA', 20),
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken: randomBytes(120).toString('base64'),
      // Whole seconds, as STS answers it.
      expiration: new Date(Math.floor(start / 1000) * 1000 + (options.seconds ?? 3600) * 1000),
      identity: {
        account: role.account,
        arn: `arn:aws:sts::${role.account}:assumed-role/${role.name}/${name}`,
        userId: `${role.id}:${name}`,
        role,
        sessionPolicy: options.policy,
        sourceIdentity: options.sourceIdentity,
      },
      expired: false,
    };
    this.sessions.set(session.accessKeyId, session);
    return session;
  }

  find(
    accessKeyId: string,
  ): (StaticCredentials & { identity: Identity; sessionToken?: string; expired?: boolean }) | undefined {
    return this.admins.get(accessKeyId) ?? this.sessions.get(accessKeyId);
  }

  /** Of an account that is no more. */
  forget(account: string): void {
    for (const known of [this.admins, this.sessions]) {
      for (const [id, { identity }] of known) if (identity.account === account) known.delete(id);
    }
  }

  expire(account?: string): void {
    for (const session of this.sessions.values()) {
      if (account === undefined || session.identity.account === account) session.expired = true;
    }
  }
}
