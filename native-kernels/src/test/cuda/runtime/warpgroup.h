// Asynchronous multiplications of a warpgroup, by warp: each of its four warps has its own 16 rows of the sums, so that what
// a warp waits for is computed for it alone.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <string>
#include <vector>

namespace octet_sim {

struct Warp;
struct Worker;

enum class GroupStep { FENCE, MULTIPLY, COMMIT, WAIT };

struct Multiplication {
  uint64_t a;  // descriptors
  uint64_t b;
  int n;
  bool a_unsigned;

  bool operator==(const Multiplication& other) const {
    return a == other.a && b == other.b && n == other.n && a_unsigned == other.a_unsigned;
  }
};

// Registers that multiplications under way add to.
struct Sums {
  int* registers[32];   // by lane
  std::vector<int> at;  // by lane, then register
  int registers_each;
  int under_way;
};

// What a warp has started and not waited for.
struct WarpgroupWork {
  struct Started {
    Multiplication what;
    size_t sums;
  };
  std::vector<Started> started;   // in order
  std::vector<size_t> committed;  // the number of multiplications in each group
  std::vector<Sums> sums;
  size_t count = 0;  // of the block's multiplications
  bool fenced = false;
};

// Every lane's visit: how = GroupStep, operand = n or groups, width = whether a is unsigned; registers: 0 = d, 1 and 2 = the
// descriptors.
void warpgroup_step(Worker& worker, Warp& warp);

// What is wrong with a block that has ended, or nothing.
std::string unfinished_warpgroups(const Worker& worker);

}  // namespace octet_sim
