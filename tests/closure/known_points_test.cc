// Goal: the tables of points of large protocols hold what the protocols do, no more and no less.
// Method: a table must hold every point of a visit of all local situations with few participants
// and ballots or elections up to a bound, of the same with the bound raised, and of random walks
// with more of both; and together, but for the shorter searches under the sanitizers, these must
// meet every point of the table. With INDOUBT_REGENERATE=1 the tables are written anew, from longer
// searches too.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "protocols/catalogue.h"
#include "protocols/known_points.h"
#include "sim/closure/point_table.h"
#include "tests/support/effort.h"
#include "tests/support/machines.h"
#include "tests/support/point_walk.h"

namespace indoubt {
namespace {

constexpr std::uint32_t kAny = ~std::uint32_t{0};

struct Visit {
  int participants;
  std::uint32_t rounds;
};
struct Searches {
  std::string_view protocol;
  std::vector<Visit> visits;   ///< all local situations
  std::vector<Visit> walks;    ///< a million random steps each
  std::vector<Visit> further;  ///< visits when the tables are written
};

const std::vector<Searches>& searches() {
  static const std::vector<Searches> all = {
      {"3pc", {{1, kAny}, {2, kAny}}, {{3, kAny}, {4, kAny}}, {{3, kAny}}},
      {"3pc-majority", {{1, kAny}, {2, kAny}}, {{3, kAny}, {3, kAny}, {4, kAny}}, {{3, kAny}}},
      {"3pc-decentralised", {{1, kAny}, {2, kAny}}, {{3, kAny}, {4, kAny}}, {{3, kAny}}},
      {"3pc-quorum", {{1, 4}, {1, 6}, {2, 3}, {2, 4}}, {{3, 3}, {3, 4}, {4, 3}}, {{2, 5}, {3, 3}}},
      {"e3pc", {{1, 4}, {1, 5}, {2, 3}, {2, 4}}, {{2, 5}, {2, 6}, {3, 4}}, {{2, 5}, {3, 3}}},
      {"paxos-commit", {{1, 6}, {1, 11}, {2, 7}}, {{2, 8}, {2, 14}, {3, 9}}, {{2, 8}}},
      {"paxos-commit-fast", {{1, 6}, {1, 11}, {2, 7}}, {{2, 8}, {2, 14}, {3, 9}}, {{2, 8}}},
      {"inbac", {{1, 4}, {2, 2}, {2, 4}, {3, 2}}, {{3, 4}, {3, 8}, {4, 5}}, {{3, 3}, {4, 1}}},
  };
  return all;
}

std::string text(ProtocolPoint p) {
  p.sends = 1;  // grows with the group
  return point_table({p});
}

bool has(const std::vector<ProtocolPoint>& points, const ProtocolPoint& p) {
  return std::any_of(points.begin(), points.end(),
                     [&](const ProtocolPoint& q) { return text(q) == text(p); });
}

void merge(std::vector<ProtocolPoint>& all, const std::vector<ProtocolPoint>& more) {
  for (const ProtocolPoint& p : more) {
    const auto same = std::find_if(all.begin(), all.end(),
                                   [&](const ProtocolPoint& q) { return text(q) == text(p); });
    if (same == all.end())
      all.push_back(p);
    else
      same->sends = std::max(same->sends, p.sends);
  }
}

std::vector<ProtocolPoint> visited(std::string_view protocol, const Visit& visit) {
  bool complete = false;
  auto points = points_of(machine_with(protocol, visit.participants), complete,
                          {.steps = 100'000'000, .rounds = visit.rounds});
  EXPECT_TRUE(complete) << protocol << " " << visit.participants << " " << visit.rounds;
  return points;
}

class KnownPoints : public testing::TestWithParam<Searches> {};

TEST_P(KnownPoints, AreThoseOfEverySearch) {
  const Searches& s = GetParam();
  const auto known = points_from_table(known_points(s.protocol));
  std::vector<ProtocolPoint> met;
  for (const Visit& v : s.visits)
    if (!kSanitized || v.participants < 2) merge(met, visited(s.protocol, v));
  for (std::size_t i = 0; i < s.walks.size(); ++i)
    merge(met, points_of_walk(machine_with(s.protocol, s.walks[i].participants),
                              random_runs(1'000'000), s.walks[i].rounds, i + 1));
  for (const ProtocolPoint& p : met) EXPECT_TRUE(has(known, p)) << "missing: " << text(p);
  if (kSanitized) return;
  for (const ProtocolPoint& p : known) EXPECT_TRUE(has(met, p)) << "never met: " << text(p);
}

INSTANTIATE_TEST_SUITE_P(EveryTable, KnownPoints, testing::ValuesIn(searches()), [](const auto& p) {
  std::string name(p.param.protocol);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

/// In an order that does not depend on the searches.
std::vector<ProtocolPoint> in_order(std::vector<ProtocolPoint> points) {
  std::stable_sort(points.begin(), points.end(), [](const auto& a, const auto& b) {
    const auto key = [](const ProtocolPoint& p) {
      const int role = p.role == "coordinator" ? 0 : p.role == "participant" ? 1 : 2;
      return std::tuple(role, p.handler, p.what != Point::What::nothing, p.what, p.name);
    };
    return key(a) < key(b);
  });
  return points;
}

void write_table() {
  std::ostringstream out;
  out << "// Generated: INDOUBT_REGENERATE=1 build/release/tests/test_closure "
         "--gtest_filter='*KnownPoints*'\n"
         "// clang-format off\n#include \"protocols/known_points.h\"\n\nnamespace indoubt {\n\n"
         "namespace {\n\nstruct Known {\n  std::string_view protocol, points;\n};\n\n"
         "constexpr Known kKnown[] = {\n";
  for (const Searches& s : searches()) {
    std::vector<ProtocolPoint> met;
    for (const auto& list : {s.visits, s.further})
      for (const Visit& v : list) merge(met, visited(s.protocol, v));
    for (std::uint64_t seed = 1; seed <= 3; ++seed)
      for (const Visit& v : s.walks)
        merge(met, points_of_walk(machine_with(s.protocol, v.participants), 3'000'000, v.rounds,
                                  100 * seed));
    out << "    {\"" << s.protocol << "\", R\"(" << point_table(in_order(std::move(met)))
        << ")\"},\n";
  }
  out << "};\n\n}  // namespace\n\n"
         "std::string_view known_points(std::string_view protocol) {\n"
         "  for (const Known& k : kKnown)\n    if (k.protocol == protocol) return k.points;\n"
         "  return {};\n}\n\n}  // namespace indoubt\n";
  std::ofstream(INDOUBT_SOURCE_DIR "/protocols/known_points.cc") << out.str();
}

TEST(KnownPointsTable, HoldsTheProtocolsThatAreSearched) {
  if (std::getenv("INDOUBT_REGENERATE") != nullptr) write_table();
  std::set<std::string_view> searched;
  for (const Searches& s : searches()) searched.insert(s.protocol);
  for (const ProtocolEntry& row : protocol_catalogue())
    EXPECT_EQ(known_points(row.name).empty(), !searched.contains(row.name)) << row.name;
}

}  // namespace
}  // namespace indoubt
