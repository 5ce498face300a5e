#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "cli/call.h"
#include "cli/library.h"
#include "cli/mistakes_report.h"
#include "cli/protocol_named.h"
#include "scenarios/runner.h"

namespace indoubt {
namespace {

struct MistakesCall {
  std::string protocol;
  bool json = false, markdown = false;
};

/// The catalogue's rows for one protocol, or all of them.
std::vector<KnownBad> chosen(const MistakesCall& call) {
  std::vector<KnownBad> all = known_bad_variants();
  if (call.protocol.empty()) return all;
  const ProtocolEntry& wanted = protocol_named(call.protocol);
  std::erase_if(all, [&](const KnownBad& v) { return v.protocol->name != wanted.name; });
  if (all.empty()) throw CallError(call.protocol + " has no mistakes to make");
  return all;
}

int run(const MistakesCall& call) {
  if (call.json && call.markdown) throw CallError("--json and --markdown exclude each other");
  const std::vector<KnownBad> variants = chosen(call);
  const std::string place = library_place() + "/mistakes";
  if (!std::filesystem::is_directory(place)) {
    std::fprintf(stderr, "indoubt mistakes: the scenarios of the library are not found in %s\n",
                 place.c_str());
    return kExitUsage;
  }
  Trials trials(place);
  std::vector<Trial> done;
  try {
    for (const KnownBad& variant : variants) done.push_back(trials.run(variant));
  } catch (const TrialError& e) {
    std::fprintf(stderr, "indoubt mistakes: the library does not fit this program: %s\n", e.what());
    return kExitUsage;
  }
  write_output(call.json       ? mistakes_json(done)
               : call.markdown ? mistakes_markdown(done)
                               : mistakes_text(done));
  const bool good = std::all_of(done.begin(), done.end(), [](const Trial& t) { return t.good(); });
  return static_cast<int>(good ? RunStatus::met : RunStatus::failed);
}

}  // namespace

int mistakes_command(const Arguments& arguments) {
  namespace po = boost::program_options;
  const Usage usage{
      "mistakes", "[options]",
      "Runs every known-bad variant of the protocols on the scenario of the library that shows "
      "what it breaks,\nand the correct protocol on the same transactions. Ends with 1 if a "
      "mistake "
      "is not caught, or a\ncorrect protocol violates anything.",
      "mistakes --protocol 3pc"};
  MistakesCall call;
  po::options_description options;
  options.add_options()("protocol", po::value(&call.protocol)->value_name("NAME"),
                        "its mistakes only");
  options.add_options()("json", po::bool_switch(&call.json), "print one JSON document");
  options.add_options()("markdown", po::bool_switch(&call.markdown),
                        "print docs/mistakes.md, which says more of each mistake");
  return with_call(usage, options, arguments, [&](const std::vector<std::string>& words) {
    if (!words.empty()) throw CallError("takes no arguments, but '" + words.front() + "' is given");
    return run(call);
  });
}

}  // namespace indoubt
