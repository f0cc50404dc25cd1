// The one catalogue of what people read. Another language is another folder of the same shape.
import { capacity } from './en/capacity';
import { composite } from './en/composite';
import { copyable } from './en/copyable';
import { encryption } from './en/encryption';
import { images } from './en/images';
import { organization } from './en/organization';
import { retention } from './en/retention';
import { roles } from './en/roles';
import { tags } from './en/tags';
import { vaults } from './en/vaults';

export const text = {
  onlyMessage: "Only AWS's message tells of this cause.",
  ...organization,
  ...copyable,
  ...images,
  ...encryption,
  ...vaults,
  ...retention,
  ...roles,
  ...tags,
  ...capacity,
  ...composite,
};
