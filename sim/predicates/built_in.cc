#include "sim/predicates/built_in.h"

#include <array>

namespace indoubt {
namespace {

constexpr std::array kBuiltIn = {
    BuiltIn{"commit", &committed},
    BuiltIn{"abort", &aborted},
    BuiltIn{"no_decision", &no_decision},
    BuiltIn{"coordinator_decided", &coordinator_decided},
    BuiltIn{"some_committed", &some_committed},
    BuiltIn{"some_aborted", &some_aborted},
    BuiltIn{"all_committed", &all_committed},
    BuiltIn{"none_committed", &none_committed},
    BuiltIn{"all_aborted", &all_aborted},
    BuiltIn{"mixed", &mixed},
    BuiltIn{"all_learnt", &all_learnt},
    BuiltIn{"stranded", &some_in_doubt},
    BuiltIn{"blocked_at_end", &some_blocked},
    BuiltIn{"violation.agreement", &violates_agreement},
    BuiltIn{"violation.stability", &violates_stability},
    BuiltIn{"violation.validity", &violates_validity},
};

}  // namespace

std::span<const BuiltIn> built_in_predicates() { return kBuiltIn; }

const BuiltIn* find_built_in(std::string_view name) {
  for (const BuiltIn& b : kBuiltIn)
    if (b.name == name) return &b;
  return nullptr;
}

}  // namespace indoubt
