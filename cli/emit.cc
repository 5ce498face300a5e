#include "cli/emit.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/call.h"
#include "cli/explore_report.h"
#include "cli/explored_moves.h"
#include "scenarios/emission.h"
#include "sim/measures/measure.h"
#include "sim/process/assert.h"

namespace indoubt {
namespace {

/// The head of the file: what it shows, and every move.
std::vector<std::string> comment_of(const Answer& answer, const Scenario& scenario,
                                    const Machine& machine, const ProtocolUse& use) {
  std::vector<std::string> lines = {"The shortest way to " + answer.name + " under " + use.label +
                                        ", as indoubt explore found it.",
                                    ""};
  if (!answer.trace) return lines;
  std::istringstream trace(trace_text(answer, machine, process_names(scenario, machine)));
  for (std::string line; std::getline(trace, line);) lines.push_back(line);
  return lines;
}

/// A property by its full name, which `agreement` and `AC1` stand for too. Throws CallError.
std::string asked_name(const std::string& property, const std::vector<AskedProperty>& asked) {
  std::string full = property;
  for (std::size_t p = 0; p < kProperties; ++p)
    if (property == name(static_cast<Property>(p)) ||
        property == textbook_number(static_cast<Property>(p)))
      full = "violation." + std::string(name(static_cast<Property>(p)));
  std::string names;
  for (const AskedProperty& a : asked) {
    if (a.name == property || a.name == full) return a.name;
    names += (names.empty() ? "" : ", ") + a.name;
  }
  throw CallError("--emit-scenario: '" + property + "' is not asked; asked are: " + names);
}

}  // namespace

EmissionTarget emission_target(const std::string& text, std::size_t protocols,
                               const std::vector<AskedProperty>& asked) {
  const std::size_t equals = text.find('=');
  if (equals == text.npos || equals == 0 || equals + 1 == text.size())
    throw CallError("--emit-scenario: '" + text +
                    "' is not PROPERTY=FILE, such as violation.agreement=found.yaml");
  if (protocols != 1)
    throw CallError("--emit-scenario: the scenario runs " + std::to_string(protocols) +
                    " protocols; say with --protocol which one is meant");
  EmissionTarget target{
      asked_name(text.substr(0, equals), asked.empty() ? standard_properties() : asked),
      text.substr(equals + 1)};
  std::error_code unknown;
  if (std::filesystem::exists(target.path, unknown))
    throw CallError("--emit-scenario: " + target.path + " exists; name a new file");
  return target;
}

bool emit(const EmissionTarget& target, const ScenarioFile& file, const ProtocolUse& use,
          const Machine& machine, const ExploreReport& report) {
  const auto found = std::find_if(report.answers.begin(), report.answers.end(),
                                  [&](const Answer& a) { return a.name == target.property; });
  INDOUBT_ASSERT(found != report.answers.end());
  const Answer& answer = *found;
  const Emission emission = emit_scenario(file.scenario, use, machine, answer,
                                          comment_of(answer, file.scenario, machine, use));
  if (!emission.problem.empty()) {
    std::fprintf(stderr, "no scenario was written: %s\n", emission.problem.c_str());
    return false;
  }
  std::ofstream out(target.path, std::ios::binary);
  out << emission.text;
  if (!out.flush()) {
    std::fprintf(stderr, "no scenario was written: %s cannot be written\n", target.path.c_str());
    return false;
  }
  std::fprintf(stderr, "wrote %s; it runs into %s: indoubt run %s\n", target.path.c_str(),
               target.property.c_str(), target.path.c_str());
  return true;
}

}  // namespace indoubt
