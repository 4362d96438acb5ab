// A listener for NVTX ranges, as a profiler is one: appends "+NAME" and "-" lines to the file OCTET_NVTX_RECORD names.
// NVTX loads it because NVTX_INJECTION64_PATH names it. The declarations are the part of NVTX 3's injection interface
// that ranges need (nvtxDetail/nvtxTypes.h), so that no toolkit is needed to build it.

#include <cstddef>
#include <cstdio>
#include <cstdlib>

namespace {

typedef void (*Function)();
typedef const void* (*GetExportTable)(unsigned id);

struct Callbacks {
  size_t size;
  int (*module_functions)(int module, Function*** table, unsigned* count);
};

constexpr unsigned CALLBACKS = 1;
constexpr int CORE = 1;
constexpr unsigned RANGE_PUSH_A = 9;
constexpr unsigned RANGE_POP = 11;

void append(const char* sign, const char* name) {
  const char* path = std::getenv("OCTET_NVTX_RECORD");
  FILE* file = path == nullptr ? nullptr : std::fopen(path, "a");
  if (file != nullptr) {
    std::fprintf(file, "%s%s\n", sign, name);
    std::fclose(file);
  }
}

int push(const char* name) {
  append("+", name);
  return 0;
}

int pop() {
  append("-", "");
  return 0;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int InitializeInjectionNvtx2(GetExportTable get_table) {
  const Callbacks* callbacks = static_cast<const Callbacks*>(get_table(CALLBACKS));
  Function** table = nullptr;
  unsigned count = 0;
  if (callbacks == nullptr || callbacks->module_functions(CORE, &table, &count) == 0 || count <= RANGE_POP) {
    return 0;
  }
  *table[RANGE_PUSH_A] = reinterpret_cast<Function>(push);
  *table[RANGE_POP] = reinterpret_cast<Function>(pop);
  return 1;
}
