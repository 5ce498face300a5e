#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "analysis/models/model.h"
#include "cli/commands.h"
#include "cli/scenario_files.h"
#include "cli/table.h"
#include "protocols/catalogue.h"
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

void list_protocols() {
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
}

void list_models() {
  for (const Model* m : model_catalogue()) {
    std::printf("%s: %s = %s\n  %s\n  source: %s\n\n", std::string(m->name).c_str(),
                std::string(m->measure).c_str(), std::string(m->formula).c_str(),
                std::string(m->doc).c_str(), std::string(m->source).c_str());
  }
}

void list_latencies() {
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
}

void list_measures() {
  Table table({A::left, A::left, A::left});
  for (const Measure& m : measure_catalogue()) {
    const char* kind = m.kind == Measure::Kind::proportion ? "proportion"
                       : m.kind == Measure::Kind::time     ? "time"
                                                           : "count";
    table.add({std::string(m.name), kind, std::string(m.doc)});
  }
  std::fputs(table.text().c_str(), stdout);
}

/// The library stands beside the sources; it is looked for where the command is called.
int list_scenarios() {
  const std::filesystem::path library("scenarios/library");
  std::error_code error;
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(library, error)) {
    if (entry.path().extension() == ".yaml") paths.push_back(entry.path().generic_string());
  }
  if (error) {
    std::fprintf(
        stderr,
        "indoubt: there is no scenarios/library here; call it from the top of the project\n");
    return kExitUsage;
  }
  std::sort(paths.begin(), paths.end());
  Table table({A::left, A::left});
  int status = kExitOk;
  for (const std::string& path : paths) {
    const auto file = load_or_explain(path);
    if (file)
      table.add({path, file->scenario.title});
    else
      status = kExitUsage;
  }
  std::fputs(table.text().c_str(), stdout);
  return status;
}

}  // namespace

int list_command(const Arguments& arguments) {
  const std::string allowed = "protocols, models, latencies, measures or scenarios";
  if (arguments.size() != 1) return usage_error("", "'indoubt list' takes one word: " + allowed);
  const std::string& what = arguments.front();
  if (what == "scenarios") return list_scenarios();
  if (what == "protocols")
    list_protocols();
  else if (what == "models")
    list_models();
  else if (what == "latencies")
    list_latencies();
  else if (what == "measures")
    list_measures();
  else
    return usage_error("", "'indoubt list " + what + "' is not known; it lists " + allowed);
  return kExitOk;
}

}  // namespace indoubt
