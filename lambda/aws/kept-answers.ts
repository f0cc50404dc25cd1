import { isRefused, type Response } from '../core/evidence';
import type { Operation } from '../core/reads';
import type { Answer } from './readers';

/** Milliseconds: long enough for a storm, short enough that a person's change shows in the next diagnosis. */
const KEEP_FOR = 60_000;

/** A key policy is at most 32 KB, and 20 failing copies with nothing in common ask less than this. */
const MOST = 500;

/** Answers about one failure alone: kept, they would only fill the memory. */
export const OF_ONE_FAILURE: ReadonlySet<Operation> = new Set<Operation>([
  'backup:DescribeCopyJob',
  'backup:DescribeRecoveryPoint',
  'backup:ListCopyJobs',
  'backup:ListTags',
  'tag:GetResources',
  // Asks about one recovery point, unless failures are told to share it.
  'iam:SimulatePrincipalPolicy',
]);

/** Errors by which AWS says that there is none: a vault without a policy, an account without an organization. */
const ABSENT: ReadonlySet<string> = new Set([
  'ResourceNotFoundException',
  'EffectivePolicyNotFoundException',
  'AWSOrganizationsNotInUseException',
  'NotFoundException',
  'NoSuchEntityException',
]);

/** False: refused, for a reason that may be gone in the next batch. */
export const isFact = (response: Response): boolean => !isRefused(response) || ABSENT.has(response.error);

/** What failures share across batches, each answer for 60 s. A refused one is never among them. */
export class KeptAnswers {
  // In the order they were kept, so the oldest come first.
  readonly #answers = new Map<string, Answer>();

  /** `now`: milliseconds since the epoch. */
  constructor(private readonly now: () => number) {}

  get(key: string): Answer | undefined {
    const answer = this.#answers.get(key);
    return answer && this.#isFresh(answer) ? answer : undefined;
  }

  keep(key: string, answer: Answer): void {
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    for (const [oldest, { at }] of this.#answers) {
      if (this.#answers.size <= MOST && this.now() - at < KEEP_FOR) break;
      this.#answers.delete(oldest);
    }
  }

  get size(): number {
    return this.#answers.size;
  }

  #isFresh({ at }: Answer): boolean {
    return this.now() - at < KEEP_FOR;
  }
}
