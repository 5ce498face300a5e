#pragma once
// The points of a protocol at which faults can strike, found by running it.
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "sim/process/effect.h"
#include "sim/process/machine.h"
#include "sim/scenario/faults.h"

namespace indoubt {

/// One effect of one handler at one role. A fault can strike before and after it. With
/// What::nothing: the handler is a message that is delivered to the role.
struct ProtocolPoint {
  std::string role;     ///< "coordinator", "participant" or what the auxiliaries are called
  std::string handler;  ///< "start", "recovery", "prepared", a message's name or a timer's
  Point::What what = Point::What::send;
  std::string name;  ///< message, record, vote or outcome; empty for `prepare` and a delivery
  int sends = 1;     ///< most destinations of one broadcast
  bool operator==(const ProtocolPoint&) const = default;
};

struct PointSearch {
  std::size_t steps = 2'000'000;             ///< handlers run; beyond: incomplete
  std::uint32_t rounds = ~std::uint32_t{0};  ///< see Closure::bound_rounds
};

/// Every point of `machine`, each once: by role, then in the order in which a run first meets them.
/// Timers fire, votes are cast either way, processes recover from every record. If the protocol has
/// too many local situations to see them all, `complete` is set to false.
std::vector<ProtocolPoint> points_of(const Machine& machine, bool& complete,
                                     const PointSearch& search = {});

namespace detail {
struct NamedEffect {
  Point::What what = Point::What::nothing;
  std::string_view name;
  int sends = 1;
};
}  // namespace detail

/// Collects the points of single steps of one machine, which must outlive it.
class PointCollector {
 public:
  explicit PointCollector(const Machine& machine) : machine_(machine) {}
  void add(const Input& in, const Effects& effects);
  /// Role by role, and in a role handler by handler, each where it first stood.
  std::vector<ProtocolPoint> take();

 private:
  using Key = std::tuple<const void*, const void*, const void*, std::uint32_t>;
  void add(std::string_view role, std::string_view handler, const detail::NamedEffect& effect);
  const Machine& machine_;
  std::set<Key> known_;  ///< asked only, never walked through
  std::vector<ProtocolPoint> points_;
};

/// "send", "force", "log", "decide", "vote", "prepare"; empty for a delivery.
std::string_view verb(Point::What what);

}  // namespace indoubt
