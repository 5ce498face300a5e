#pragma once
// Of whom predicates can speak.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/predicates/predicate.h"

namespace indoubt {

struct PredicateNames;

class PredicateSubjects {
 public:
  /// `names` must outlive this object.
  explicit PredicateSubjects(const PredicateNames& names) : names_(names) {}

  /// The processes, or why nobody is called so.
  struct Found {
    std::optional<ProcessRange> range;
    std::string problem;
  };
  /// "coordinator", "payment" if there is one of it, "shard.2", "acceptor.1".
  Found single(std::string_view name) const;
  /// "participant", a service, "acceptor": what any, all, no and count are about.
  Found group(std::string_view name) const;

  std::vector<std::string_view> singles() const;
  std::vector<std::string_view> groups() const;

 private:
  struct Numbered {
    ProcessId first = 0;
    int count = 0;      ///< 0: nobody is called so
    bool open = false;  ///< auxiliaries: how many there are depends on the protocol
  };
  Numbered numbered(std::string_view base) const;
  Found one_of(std::string_view name, std::string_view base, std::string_view number) const;
  const PredicateNames& names_;
};

}  // namespace indoubt
