#include "scenarios/reference.h"

#include <gtest/gtest.h>

#include <set>

#include "analysis/models/model.h"
#include "protocols/catalogue.h"
#include "scenarios/concat.h"
#include "scenarios/fields.h"
#include "scenarios/loader.h"
#include "sim/measures/measure.h"

namespace indoubt {
namespace {

const std::string& the_text() {
  static const std::string kText = scenario_reference();
  return kText;
}

bool has_row(std::string_view name) {
  return the_text().find(concat({"\n| `", name, "` |"})) != std::string::npos;
}

TEST(Reference, HasARowForEveryField) {
  for (const Section* s : all_sections()) {
    EXPECT_NE(the_text().find(concat({"\n## ", s->name, "\n"})), std::string::npos);
    for (const Field& f : s->fields) {
      EXPECT_TRUE(has_row(f.name)) << f.name;
      EXPECT_NE(the_text().find(f.doc), std::string::npos) << f.name;
    }
  }
}

TEST(Reference, HasARowForEveryCatalogueEntry) {
  for (const LatencyKind* k : latency_catalogue()) EXPECT_TRUE(has_row(k->name)) << k->name;
  for (const Measure& m : measure_catalogue()) EXPECT_TRUE(has_row(m.name)) << m.name;
  for (const Model* m : model_catalogue()) EXPECT_TRUE(has_row(m->name)) << m->name;
  for (const ProtocolEntry& p : protocol_catalogue()) {
    EXPECT_NE(the_text().find(concat({"\n### ", p.name, "\n"})), std::string::npos);
    for (const OptionField& o : p.options) EXPECT_TRUE(has_row(o.name)) << o.name;
    for (const std::string_view t : p.timers) EXPECT_TRUE(has_row(t)) << t;
  }
}

TEST(Reference, ShowsAScenarioThatLoads) {
  const std::size_t first = the_text().find("```yaml\n") + 8;
  const std::string example = the_text().substr(first, the_text().find("```", first) - first);
  EXPECT_TRUE(load_scenario_text(example, "example").file) << example;
}

TEST(Reference, HasTablesOfEqualWidth) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < the_text().size();) {
    const std::size_t end = the_text().find('\n', at);
    const std::string line = the_text().substr(at, end - at);
    std::size_t bars = 0;
    for (std::size_t i = 0; i < line.size(); ++i)
      if (line[i] == '|' && (i == 0 || line[i - 1] != '\\')) ++bars;
    if (line.empty() || line[0] != '|')
      columns = 0;
    else if (columns == 0)
      columns = bars;
    else
      EXPECT_EQ(bars, columns) << line;
    at = end + 1;
  }
}

TEST(Fields, HaveUniqueNamesAndASentenceEach) {
  for (const Section* s : all_sections()) {
    std::set<std::string_view> names;
    for (const Field& f : s->fields) {
      EXPECT_TRUE(names.insert(f.name).second) << f.name;
      EXPECT_EQ(f.doc.back(), '.') << f.name;
      EXPECT_TRUE((f.kind != nullptr) != (f.section != nullptr)) << f.name;
      EXPECT_TRUE(!f.required || !f.kind->example.empty()) << f.name;
    }
  }
}

}  // namespace
}  // namespace indoubt
