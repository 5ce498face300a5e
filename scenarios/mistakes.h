#pragma once
// The known-bad variants of the protocols: every value of an option `mistake`, what it breaks, and
// the scenario of the library that shows it.
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "protocols/catalogue.h"
#include "sim/measures/totals.h"

namespace indoubt {

/// One mistake, of one protocol or of several that can make it in the same way.
struct Mistake {
  std::string_view name;                        ///< as the option `mistake` has it
  std::span<const std::string_view> protocols;  ///< that can make it
  /// The property that it breaks. Nothing: none of AC1 to AC5, but the coordinator can never forget
  /// the transaction (Al-Houmaily & Chrysanthis 1999, operational correctness).
  std::optional<Property> breaks;
  std::string_view wrong;     ///< one sentence: what happens
  std::string_view tempting;  ///< one sentence: why somebody would do it
  std::string_view source;    ///< author, year, section: what is done instead
  std::string_view scenario;  ///< in scenarios/library/mistakes/
};

/// "AC1" to "AC5", or "forgetting".
std::string_view broken_by(const Mistake& mistake);

std::span<const Mistake> two_phase_mistakes();
std::span<const Mistake> three_phase_mistakes();
std::span<const Mistake> other_mistakes();  ///< one-phase, broadcast, quorum, Paxos and INBAC

/// A protocol with one of its mistakes.
struct KnownBad {
  const ProtocolEntry* protocol = nullptr;
  std::string_view name;             ///< of the mistake
  const Mistake* mistake = nullptr;  ///< null: the catalogue has no row for it, which is a defect
};

/// Every mistake that the protocols offer, in the order of their catalogue and of its options.
std::vector<KnownBad> known_bad_variants();

/// The value of this use's option `mistake`: "none" without the option.
std::string_view mistake_of(const ProtocolEntry& protocol, std::span<const int> options);

}  // namespace indoubt
