import type { BackupClient } from '@aws-sdk/client-backup';
import type { Response } from '../core/evidence';
import { readCall, type ReadCall } from './read-calls';
import type { Operation } from '../core/reads';

/** Whose credentials a read is made with. `undefined` = the account is out of reach on purpose (not on the list). */
export type Credentials = NonNullable<ConstructorParameters<typeof BackupClient>[0]>['credentials'];

/** What every read of an account answers when its credentials cannot be had. */
export const READER_ROLE_NOT_ASSUMABLE = 'ReaderRoleNotAssumable';
export const ACCOUNT_NOT_LISTED = 'AccountNotListed';

export class NotReadable extends Error {
  override readonly name = 'NotReadable';
  constructor(
    readonly error: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface Place {
  readonly account: string;
  readonly region: string;
}

/** Gives credentials for one account; throws NotReadable with the reason. */
export type CredentialsOf = (place: Place) => Promise<Credentials>;

/**
 * Makes reads, each at most once while it lives: vaults, keys and organizations that a batch shares are read once.
 * Answers as evidence holds them; a refused read is an answer, never an exception.
 */
export class Readers {
  readonly #answers = new Map<string, Promise<Response>>();

  constructor(private readonly credentialsOf: CredentialsOf) {}

  /** Starts getting credentials for an account, so that all accounts' come in one step. */
  async enter(place: Place): Promise<void> {
    await this.credentialsOf(place).catch(() => undefined);
  }

  read(operation: Operation, place: Place, call: Omit<ReadCall, 'operation'>): Promise<Response> {
    const key = `${operation}@${place.account}/${place.region}#${call.resource ?? ''}#${JSON.stringify(call.input)}`;
    const known = this.#answers.get(key) ?? this.#read(operation, place, call);
    this.#answers.set(key, known);
    return known;
  }

  async #read(operation: Operation, place: Place, call: Omit<ReadCall, 'operation'>): Promise<Response> {
    try {
      const credentials = await this.credentialsOf(place);
      return plain(await readCall({ operation, ...call }, place.region, credentials));
    } catch (error) {
      return refusal(error);
    }
  }
}

/** As JSON has it: dates are ISO strings, no SDK metadata, no undefined. */
function plain(output: object): Response {
  return JSON.parse(JSON.stringify({ ...output, $metadata: undefined })) as Response;
}

function refusal(error: unknown): Response {
  if (error instanceof NotReadable) return { error: error.error, message: error.message };
  if (error instanceof Error) {
    // Some AWS errors carry their code only as name with a suffix that the wire adds; the name is AWS's own.
    return { error: error.name, message: error.message };
  }
  throw error;
}
