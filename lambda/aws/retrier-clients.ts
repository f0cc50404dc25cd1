import { BackupClient } from '@aws-sdk/client-backup';
import type { Incident } from '../core/incident/incident';
import { CLIENT_CONFIG } from './client-config';
import type { EffectServices } from './effect-services';
import { EFFECT_ROLE_NOT_ASSUMABLE } from './effect-session';
import { ACCOUNT_NOT_LISTED, NotReadableError, type Credentials } from './readers';

/** Gives the client of a Region. Throws where the role cannot be taken on. */
export type ClientIn = (region: string) => Promise<BackupClient>;

/** One session an effect, opened when the first copy is to be started; `by`: ARN of whoever decided. */
export function retrierClients(
  { id, revision }: Incident,
  by: string | undefined,
  { openSession, config }: EffectServices,
): ClientIn {
  let session: Promise<Credentials> | undefined;
  const known = new Map<string, BackupClient>();
  return async (region) => {
    session ??= openSession({ role: 'retrier', account: config.hubAccount, incident: id, revision, by });
    const credentials = await session;
    // One call, never repeated by the SDK: what became of a lost one is looked up first.
    const client = known.get(region) ?? new BackupClient({ ...CLIENT_CONFIG, maxAttempts: 1, region, credentials });
    known.set(region, client);
    return client;
  };
}

/** For people; undefined: it may be taken on a moment later. */
export function notAllowed(thrown: unknown): string | undefined {
  if (!(thrown instanceof NotReadableError)) return undefined;
  if (thrown.error !== EFFECT_ROLE_NOT_ASSUMABLE && thrown.error !== ACCOUNT_NOT_LISTED) return undefined;
  return (
    `The role that starts copies cannot be taken on: ${thrown.message.replace(/[.\s]+$/, '')}. Deploy again, and start ` +
    'the failed copies by hand, or wait for the next run of the backup plan.'
  );
}
