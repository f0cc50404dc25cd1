import type { BackupClient } from '@aws-sdk/client-backup';
import type { Response } from '../core/evidence';
import { isFact, OF_ONE_FAILURE, type KeptAnswers } from './kept-answers';
import type { ReadableOperation, ReadCall } from './read-calls';

/** Whose credentials a read is made with. */
export type Credentials = NonNullable<NonNullable<ConstructorParameters<typeof BackupClient>[0]>['credentials']>;

/** Errors that are gone a moment later, by the names that AWS's services and Node give them. */
export const passesByItself = (error: string): boolean =>
  /^(TooManyRequests|RequestLimit|Service(Unavailable|Failure|Exception)|(KMS)?Internal|(Dependency)?Timeout|EAI_AGAIN)|Throttl/.test(
    error,
  );

/** What every read of an account answers when its credentials cannot be had. */
export const READER_ROLE_NOT_ASSUMABLE = 'ReaderRoleNotAssumable';
export const ACCOUNT_NOT_LISTED = 'AccountNotListed';

export class NotReadableError extends Error {
  override readonly name = 'NotReadableError';
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
  /** True: asked by the organization reader, not by the account's. */
  readonly asOrganization?: true;
}

/** Gives credentials for one account; throws NotReadableError with the reason. */
export interface CredentialsOf {
  (place: Place): Promise<Credentials>;
  /** The account whose organization reader may be used, if there is one. */
  readonly organizationAccount?: string | undefined;
  /** Accounts that own keys and nothing else that is read here. */
  readonly keyAccounts?: readonly string[];
}

/** What AWS answered, and since when the answer is known: milliseconds since the epoch, before the call was made. */
export interface Answer {
  readonly response: Response;
  readonly at: number;
}

export interface ReadOptions {
  /** Failures that share this text share the answer, whatever the input says. */
  readonly sharedAs?: string;
}

export interface ReadersOptions {
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Answers that outlive this batch. */
  readonly kept?: KeptAnswers;
}

type Call = Omit<ReadCall, 'operation'> & ReadOptions;

/**
 * Makes reads, each at most once while it lives, which is a batch: vaults, keys and organizations that its failures
 * share are read once. Answers as evidence holds them; a refused read is an answer, never an exception.
 */
export class Readers {
  readonly #answers = new Map<string, Promise<Answer>>();
  readonly #now: () => number;
  readonly #kept: KeptAnswers | undefined;

  constructor(
    private readonly credentialsOf: CredentialsOf,
    { now = Date.now, kept }: ReadersOptions = {},
  ) {
    this.#now = now;
    this.#kept = kept;
  }

  get organizationAccount(): string | undefined {
    return this.credentialsOf.organizationAccount;
  }

  get keyAccounts(): readonly string[] {
    return this.credentialsOf.keyAccounts ?? [];
  }

  /** Starts getting credentials for an account, so that all accounts' come in one step. */
  async enter(place: Place): Promise<void> {
    await this.credentialsOf(place).catch(() => undefined);
  }

  async read(operation: ReadableOperation, place: Place, call: Call): Promise<Response> {
    return (await this.answer(operation, place, call)).response;
  }

  answer(operation: ReadableOperation, place: Place, call: Call): Promise<Answer> {
    const what = call.sharedAs ?? `${call.resource ?? ''}#${JSON.stringify(call.input)}`;
    const by = place.asOrganization ? '!' : '';
    const key = `${operation}@${place.account}/${place.region}${by}#${what}`;
    const answer = this.#answers.get(key) ?? this.#kept?.get(key) ?? this.#ask(key, operation, place, call);
    // Thousands of rows that nobody asks for twice.
    if (operation !== 'backup:ListCopyJobs') this.#answers.set(key, Promise.resolve(answer));
    return Promise.resolve(answer);
  }

  async #ask(key: string, operation: ReadableOperation, place: Place, { sharedAs, ...call }: Call): Promise<Answer> {
    const at = this.#now();
    const response = await this.#send({ operation, ...call }, place);
    const answer = { response, at };
    if (isFact(response) && (sharedAs !== undefined || !OF_ONE_FAILURE.has(operation))) this.#kept?.keep(key, answer);
    return answer;
  }

  async #send(call: ReadCall, place: Place): Promise<Response> {
    try {
      // A chunk of its own, with the clients of all that is read: the tick, once a minute, reads nothing.
      const [credentials, { readCall }] = await Promise.all([this.credentialsOf(place), import('./read-calls')]);
      return plain(await readCall(call, place.region, credentials));
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
  if (error instanceof NotReadableError) return { error: error.error, message: error.message };
  if (error instanceof Error) {
    // Some AWS errors carry their code only as name with a suffix that the wire adds; the name is AWS's own.
    const { name, message, code } = error as Error & { readonly code?: string };
    return { error: name === 'Error' && code ? code : name, message };
  }
  throw error;
}
