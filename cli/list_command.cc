#include <array>
#include <cstdio>

#include "analysis/models/model.h"
#include "cli/call.h"
#include "cli/library.h"
#include "cli/scenario_files.h"
#include "cli/table.h"
#include "protocols/catalogue.h"
#include "scenarios/mistakes.h"
#include "scenarios/suggestion.h"
#include "sim/latency/latency.h"
#include "sim/measures/measure.h"

namespace indoubt {
namespace {

using A = Table::Align;

std::string default_text(const OptionField& field) {
  return field.choices.empty()
             ? std::to_string(field.standard)
             : std::string(field.choices[static_cast<std::size_t>(field.standard)]);
}

std::string allowed_text(const OptionField& field) {
  if (field.choices.empty())
    return std::to_string(field.least) + " to " + std::to_string(field.most);
  std::string out;
  for (const std::string_view c : field.choices) out += (out.empty() ? "" : " | ") + std::string(c);
  return out;
}

int list_protocols() {
  for (const ProtocolEntry& e : protocol_catalogue()) {
    std::printf("%s\n  %s\n  source: %s\n", std::string(e.name).c_str(),
                std::string(e.summary).c_str(), std::string(e.source).c_str());
    Table timers({A::left, A::left});
    for (std::size_t i = 0; i < e.timers.size(); ++i) {
      timers.add({std::string(e.timers[i]), std::string(e.timer_docs[i])});
    }
    std::printf("  timers:\n%s", timers.text(4).c_str());
    Table options({A::left, A::left, A::left});
    for (const OptionField& f : e.options) {
      options.add({std::string(f.name), default_text(f), allowed_text(f)});
    }
    std::printf("  options (name, default, allowed):\n%s\n", options.text(4).c_str());
  }
  return kExitOk;
}

int list_models() {
  for (const Model* m : model_catalogue()) {
    std::printf("%s: %s = %s\n  %s\n  source: %s\n\n", std::string(m->name).c_str(),
                std::string(m->measure).c_str(), std::string(m->formula).c_str(),
                std::string(m->doc).c_str(), std::string(m->source).c_str());
  }
  return kExitOk;
}

int list_latencies() {
  for (const LatencyKind* k : latency_catalogue()) {
    std::string form(k->name);
    for (const LatencyParameter& p : k->parameters) {
      form += " " + std::string(p.name) +
              (p.unit == LatencyParameter::Unit::time ? " TIME" : " NUMBER");
    }
    if (k->takes_quantiles) form += " FILE.csv";
    std::printf("%s\n  %s\n", form.c_str(), std::string(k->doc).c_str());
    for (const LatencyParameter& p : k->parameters) {
      std::printf("    %s: %s\n", std::string(p.name).c_str(), std::string(p.doc).c_str());
    }
  }
  std::printf("\nA time alone is a constant; `1ms + KIND ...` adds a fixed part to every draw.\n");
  return kExitOk;
}

int list_measures() {
  Table table({A::left, A::left, A::left});
  for (const Measure& m : measure_catalogue()) {
    const char* kind = m.kind == Measure::Kind::proportion ? "proportion"
                       : m.kind == Measure::Kind::time     ? "time"
                                                           : "count";
    table.add({std::string(m.name), kind, std::string(m.doc)});
  }
  std::fputs(table.text().c_str(), stdout);
  return kExitOk;
}

int list_scenarios() {
  const std::vector<LibraryScenario> library = library_scenarios();
  if (library.empty()) {
    std::fprintf(stderr, "indoubt: no scenario is found in %s\n", library_place().c_str());
    return kExitUsage;
  }
  Table table({A::left, A::left});
  int status = kExitOk;
  for (const LibraryScenario& scenario : library) {
    const auto file = load_or_explain(scenario.path);
    if (file)
      table.add({scenario.name, file->scenario.title});
    else
      status = kExitUsage;
  }
  std::printf("%s\nindoubt run NAME runs one; the files stand in %s\n", table.text().c_str(),
              library_place().c_str());
  return status;
}

int list_mistakes() {
  for (const auto rows : {two_phase_mistakes(), three_phase_mistakes(), other_mistakes()}) {
    for (const Mistake& m : rows) {
      std::string protocols;
      for (const std::string_view p : m.protocols)
        protocols += (protocols.empty() ? "" : ", ") + std::string(p);
      std::printf("%s: breaks %s, of %s\n  %s\n  Tempting: %s\n  scenario: %s\n  source: %s\n\n",
                  std::string(m.name).c_str(), std::string(broken_by(m)).c_str(), protocols.c_str(),
                  std::string(m.wrong).c_str(), std::string(m.tempting).c_str(),
                  std::string(m.scenario).c_str(), std::string(m.source).c_str());
    }
  }
  return kExitOk;
}

/// One thing that can be listed.
struct Topic {
  std::string_view name;
  int (*list)();
};
constexpr std::array<Topic, 6> kTopics = {{
    {"protocols", &list_protocols},
    {"models", &list_models},
    {"latencies", &list_latencies},
    {"measures", &list_measures},
    {"scenarios", &list_scenarios},
    {"mistakes", &list_mistakes},
}};

int list_topic(const std::vector<std::string>& words) {
  std::vector<std::string_view> names;
  for (const Topic& t : kTopics) names.push_back(t.name);
  if (words.size() != 1) throw CallError("takes one word: " + listed(names));
  for (const Topic& t : kTopics)
    if (t.name == words.front()) return t.list();
  throw CallError("cannot list '" + words.front() + "'" +
                  choices(words.front(), "it lists", names));
}

}  // namespace

int list_command(const Arguments& arguments) {
  const Usage usage{
      "list", "protocols | models | latencies | measures | scenarios | mistakes",
      "Lists what there is of one kind: protocols with their timers and options, "
      "models with their formulas,\nkinds of latency, measures with what each counts, "
      "the scenarios of the library, or the known mistakes that protocols can be asked to make.",
      "list measures"};
  return with_call(usage, {}, arguments, list_topic);
}

}  // namespace indoubt
