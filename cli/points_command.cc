#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/call.h"
#include "cli/protocol_named.h"
#include "cli/table.h"
#include "sim/closure/points.h"

namespace indoubt {
namespace {

/// Participants enough for every kind of step: a broadcast, and a back-up with somebody to ask.
constexpr int kParticipants = 2;

std::string_view verb(Point::What what) {
  switch (what) {
    case Point::What::send: return "send";
    case Point::What::force: return "force";
    case Point::What::log: return "log";
    case Point::What::decide: return "decide";
    case Point::What::vote: return "vote";
    case Point::What::prepare: return "prepare";
    case Point::What::nothing: break;
  }
  return "";
}

std::string handler_text(const std::string& handler) {
  const bool by_itself = handler == "start" || handler == "recovery";
  return (by_itself ? "at " : "on ") + handler;
}

std::string effect_text(const ProtocolPoint& point) {
  std::string text(verb(point.what));
  if (!point.name.empty()) text += " " + point.name;
  return text;
}

void print_text(const ProtocolEntry& entry, const std::vector<ProtocolPoint>& points) {
  std::printf("%s: every effect before and after which a fault can strike\n", entry.name.data());
  Table table({Table::Align::left, Table::Align::left, Table::Align::left});
  std::string role;
  for (const ProtocolPoint& point : points) {
    if (point.role != role) {
      role = point.role;
      table.add({role, "", ""});
    }
    table.add(
        {"  " + handler_text(point.handler), effect_text(point),
         point.sends > 1 ? "to several: also `to SITE`, `between the 1st and 2nd send`" : ""});
  }
  std::printf("%s\n", table.text(2).c_str());
  std::printf(
      "In a scenario: faults: [{crash: {site: SITE, at: before EFFECT}}], or `after EFFECT`; with "
      "the\n"
      "handler where it matters: `before %s %s`. See `indoubt reference`, faults.\n",
      points.empty() ? "EFFECT" : effect_text(points.front()).c_str(),
      points.empty() ? "" : handler_text(points.front().handler).c_str());
}

void print_json(const ProtocolEntry& entry, const std::vector<ProtocolPoint>& points,
                bool complete) {
  nlohmann::ordered_json document;
  document["indoubt"] = "points";
  document["protocol"] = entry.name;
  document["complete"] = complete;
  document["points"] = nlohmann::ordered_json::array();
  for (const ProtocolPoint& point : points) {
    document["points"].push_back({{"role", point.role},
                                  {"handler", point.handler},
                                  {"effect", verb(point.what)},
                                  {"name", point.name},
                                  {"sends", point.sends}});
  }
  write_output(document.dump(2) + "\n");
}

}  // namespace

int points_command(const Arguments& arguments) {
  namespace po = boost::program_options;
  const Usage usage{"points", "PROTOCOL [options]",
                    "Prints the points of a protocol at which faults can strike, found by running "
                    "it with a coordinator and two participants and its standard options.",
                    "points 3pc"};
  po::options_description options;
  bool json = false;
  options.add_options()("json", po::bool_switch(&json), "print one JSON document");
  return with_call(usage, options, arguments, [&](const std::vector<std::string>& names) {
    if (names.size() != 1) throw CallError("one protocol is wanted, like 2pc");
    const ProtocolEntry& entry = protocol_named(names.front());
    bool complete = true;
    const auto points =
        points_of(entry.make({kParticipants, {}}, standard_options(entry)), complete);
    if (!complete) std::fprintf(stderr, "note: the protocol is too large to see every point\n");
    if (json)
      print_json(entry, points, complete);
    else
      print_text(entry, points);
    return kExitOk;
  });
}

}  // namespace indoubt
