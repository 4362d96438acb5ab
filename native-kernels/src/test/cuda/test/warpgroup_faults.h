// What can be wrong with multiply_warpgroup.
#pragma once

enum WarpgroupFault {
  NO_FAULT,
  NO_GROUP_FENCE,
  NO_COMMIT,
  NO_WAIT,
  NO_PROXY_FENCE,
  NO_BARRIER,
  EARLY_WRITE,
  EARLY_CHANGE,
  EARLY_READ,
  OTHER_SWIZZLE,
  OTHER_DESCRIPTOR,
  UNSWIZZLED
};
