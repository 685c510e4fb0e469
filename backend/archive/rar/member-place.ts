// Where a member begins.

import type { RarVolume } from './rar-volumes.js';
import type { VolumePart } from './volume-headers.js';

export interface MemberPlace {
  readonly volume: RarVolume;
  readonly part: VolumePart;
}
