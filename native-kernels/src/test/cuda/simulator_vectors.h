// CUDA's vector types, with the alignments at which hardware loads and stores them in one access.
#pragma once

#define OCTET_VECTOR1(name, type)                          \
  struct name##1 {                                         \
    type x;                                                \
  };                                                       \
  inline name##1 make_##name##1(type x) { return {x}; }
#define OCTET_VECTOR2(name, type, bytes)                           \
  struct alignas(bytes) name##2 {                                \
    type x, y;                                                     \
  };                                                               \
  inline name##2 make_##name##2(type x, type y) { return {x, y}; }
#define OCTET_VECTOR3(name, type)                                               \
  struct name##3 {                                                              \
    type x, y, z;                                                               \
  };                                                                            \
  inline name##3 make_##name##3(type x, type y, type z) { return {x, y, z}; }
#define OCTET_VECTOR4(name, type, bytes)                                                    \
  struct alignas(bytes) name##4 {                                                         \
    type x, y, z, w;                                                                        \
  };                                                                                        \
  inline name##4 make_##name##4(type x, type y, type z, type w) { return {x, y, z, w}; }
#define OCTET_VECTORS(name, type, bytes2, bytes4) \
  OCTET_VECTOR1(name, type)                       \
  OCTET_VECTOR2(name, type, bytes2)               \
  OCTET_VECTOR3(name, type)                       \
  OCTET_VECTOR4(name, type, bytes4)

OCTET_VECTORS(char, signed char, 2, 4)
OCTET_VECTORS(uchar, unsigned char, 2, 4)
OCTET_VECTORS(short, short, 4, 8)
OCTET_VECTORS(ushort, unsigned short, 4, 8)
OCTET_VECTORS(int, int, 8, 16)
OCTET_VECTORS(uint, unsigned, 8, 16)
OCTET_VECTORS(float, float, 8, 16)
OCTET_VECTORS(longlong, long long, 16, 16)
OCTET_VECTORS(ulonglong, unsigned long long, 16, 16)
OCTET_VECTORS(double, double, 16, 16)

#undef OCTET_VECTORS
#undef OCTET_VECTOR4
#undef OCTET_VECTOR3
#undef OCTET_VECTOR2
#undef OCTET_VECTOR1

struct dim3 {
  unsigned x, y, z;
  constexpr dim3(unsigned x_ = 1, unsigned y_ = 1, unsigned z_ = 1) : x(x_), y(y_), z(z_) {}
};
