import type { RemediateConfig } from '../config';
import type { LookServices } from './look-again';
import type { Credentials } from './readers';

/** A role of a member account that changes something, each for one purpose. */
export type EffectRole = 'vault-writer' | 'retrier';

/** Opens a session for one effect, named after the incident; throws where the role cannot be assumed. */
export type OpenSession = (wanted: {
  readonly role: EffectRole;
  readonly account: string;
  readonly incident: string;
  readonly revision: number;
  /** ARN of whoever decided; undefined: a setting. */
  readonly by: string | undefined;
}) => Promise<Credentials>;

/** What effects that change something need. */
export interface EffectServices extends LookServices {
  readonly config: RemediateConfig;
  readonly openSession: OpenSession;
}
