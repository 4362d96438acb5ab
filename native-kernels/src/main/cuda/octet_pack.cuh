// Several neighbouring elements in one access to memory.
#pragma once

#include "octet.cuh"

namespace octet {

// Neighbouring elements that are loaded and stored as one; aligned to their size, which is at most 16 bytes.
template <typename T, int Width>
struct alignas(sizeof(T) * Width) Pack {
  T at[Width];
};

// An element of 16 bytes that is only moved.
typedef Pack<uint32_t, 4> Bytes16;

template <typename T, int Width>
__device__ __forceinline__ Pack<T, Width> load_pack(const T* from) {
  return *reinterpret_cast<const Pack<T, Width>*>(from);
}

template <typename T, int Width>
__device__ __forceinline__ void store_pack(T* to, const Pack<T, Width>& values) {
  *reinterpret_cast<Pack<T, Width>*>(to) = values;
}

}  // namespace octet
