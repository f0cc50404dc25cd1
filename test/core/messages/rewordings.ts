import { REWORDINGS_OF_ACCESS } from './rewordings-of-access';
import { REWORDINGS_OF_COPIES } from './rewordings-of-copies';

export const REWORDINGS = [...REWORDINGS_OF_COPIES, ...REWORDINGS_OF_ACCESS];
