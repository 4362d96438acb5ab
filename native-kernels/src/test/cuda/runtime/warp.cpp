// What the lanes of a warp do together: barriers, shuffles and votes.
#include <string.h>

#include "block.h"
#include "matrix.h"

namespace octet_sim {

namespace {

void shuffle(Warp& warp, unsigned mask) {
  unsigned long long values[LANES];
  for (int lane = 0; lane < LANES; lane++) {
    values[lane] = (mask >> lane & 1) != 0 ? warp.visits[lane]->value : 0;
  }
  for (int lane = 0; lane < LANES; lane++) {
    if ((mask >> lane & 1) == 0) {
      continue;
    }
    Visit& visit = *warp.visits[lane];
    const int first = lane & ~(visit.width - 1);
    const int last = first + visit.width - 1;
    int source = lane;
    switch (static_cast<Shuffle>(visit.how)) {
      case Shuffle::INDEX:
        source = first + (visit.operand & (visit.width - 1));
        break;
      case Shuffle::UP:
        source = lane - visit.operand < first ? lane : lane - visit.operand;
        break;
      case Shuffle::DOWN:
        source = lane + visit.operand > last ? lane : lane + visit.operand;
        break;
      case Shuffle::XOR:
        source = (lane ^ visit.operand) > last ? lane : lane ^ visit.operand;
        break;
    }
    if ((mask >> source & 1) == 0) {
      fail(Violation::LAUNCH, "lane " + std::to_string(lane) + " shuffles from lane " + std::to_string(source) +
                                  ", which the mask leaves out");
    }
    visit.value = values[source];
  }
}

unsigned combine(Vote how, unsigned a, unsigned b) {
  const int x = static_cast<int>(a);
  const int y = static_cast<int>(b);
  switch (how) {
    case Vote::BALLOT:
    case Vote::OR:
      return a | b;
    case Vote::ADD:
      return a + b;
    case Vote::MIN:
      return static_cast<unsigned>(x < y ? x : y);
    case Vote::MAX:
      return static_cast<unsigned>(x > y ? x : y);
    case Vote::UMIN:
      return a < b ? a : b;
    case Vote::UMAX:
      return a > b ? a : b;
    case Vote::AND:
      return a & b;
    case Vote::XOR:
      return a ^ b;
  }
  __builtin_unreachable();
}

void vote(Warp& warp, unsigned mask) {
  const Vote how = static_cast<Vote>(warp.visits[__builtin_ctz(mask)]->how);
  unsigned result = 0;
  bool first = true;
  for (int lane = 0; lane < LANES; lane++) {
    if ((mask >> lane & 1) != 0) {
      const unsigned value = static_cast<unsigned>(warp.visits[lane]->value);
      const unsigned part = how == Vote::BALLOT ? value << lane : value;
      result = first ? part : combine(how, result, part);
      first = false;
    }
  }
  for (int lane = 0; lane < LANES; lane++) {
    if ((mask >> lane & 1) != 0) {
      warp.visits[lane]->value = result;
    }
  }
}

}  // namespace

void complete(Worker& worker, Warp& warp, const Gathering& gathering) {
  switch (gathering.what) {
    case Meeting::NONE:
      break;
    case Meeting::SYNC:
      worker.shared.pass_warp_barrier(static_cast<unsigned>(&warp - worker.warps.data()));
      break;
    case Meeting::SHUFFLE:
      shuffle(warp, gathering.mask);
      break;
    case Meeting::VOTE:
      vote(warp, gathering.mask);
      break;
    case Meeting::MATRIX:
      multiply(warp);
      break;
    case Meeting::LOAD_MATRIX:
      load_matrices(warp);
      break;
    case Meeting::WARPGROUP:
      warpgroup_step(worker, warp);
      break;
  }
}

void warp_barrier(unsigned mask) {
  Visit visit = {};
  self().worker->meet(mask, Meeting::SYNC, visit);
}

unsigned long long warp_shuffle(unsigned mask, Shuffle how, unsigned long long value, int operand, int width) {
  Visit visit = {value, operand, width, static_cast<int>(how), {}};
  self().worker->meet(mask, Meeting::SHUFFLE, visit);
  return visit.value;
}

unsigned warp_vote(unsigned mask, Vote how, unsigned value) {
  if (how != Vote::BALLOT) {
    require_capability(80, "__reduce_sync");
  }
  Visit visit = {value, 0, 0, static_cast<int>(how), {}};
  self().worker->meet(mask, Meeting::VOTE, visit);
  return static_cast<unsigned>(visit.value);
}

}  // namespace octet_sim
