#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <span>

#include "cli/call.h"
#include "cli/protocol_named.h"
#include "cli/table.h"
#include "scenarios/point_catalogue.h"
#include "scenarios/suggestion.h"

namespace indoubt {
namespace {

/// Participants enough for every step.
constexpr int kParticipants = 3;

std::string handler_text(const std::string& handler) {
  const bool by_itself = handler == "start" || handler == "recovery";
  return (by_itself ? "at " : "on ") + handler;
}

std::string effect_text(const ProtocolPoint& point) {
  std::string text(verb(point.what));
  if (!point.name.empty()) text += " " + point.name;
  return text;
}

using Points = std::vector<ProtocolPoint>;

/// One line a point.
std::string every_point(const Points& points) {
  Table table({Table::Align::left, Table::Align::left, Table::Align::left});
  std::string role;
  for (const ProtocolPoint& point : points) {
    if (point.role != role) {
      role = point.role;
      table.add({role, "", ""});
    }
    if (point.what == Point::What::nothing) continue;
    table.add(
        {"  " + handler_text(point.handler), effect_text(point),
         point.sends > 1 ? "to several: also `to SITE`, `between the 1st and 2nd send`" : ""});
  }
  return table.text(2);
}

/// The effects of one handler: "send ABORT*, COMMIT*, REJOIN; force aborted".
std::string effects_of(std::span<const ProtocolPoint> handler) {
  std::string text;
  Point::What last = Point::What::nothing;
  for (const ProtocolPoint& point : handler) {
    if (point.what == Point::What::nothing) continue;
    const bool goes_on = point.what == last;
    text += text.empty() ? "" : goes_on ? ", " : "; ";
    text += goes_on ? point.name : effect_text(point);
    text += point.sends > 1 ? "*" : "";
    last = point.what;
  }
  return text;
}

/// One line a handler, under its role.
std::string by_handler(const Points& points) {
  Table table({Table::Align::left, Table::Align::left});
  const std::span<const ProtocolPoint> all = points;
  for (std::size_t from = 0, end = 0; from < all.size(); from = end) {
    const ProtocolPoint& first = all[from];
    while (end < all.size() && all[end].role == first.role && all[end].handler == first.handler)
      ++end;
    if (from == 0 || all[from - 1].role != first.role) table.add({first.role, ""});
    const std::string effects = effects_of(all.subspan(from, end - from));
    if (!effects.empty()) table.add({"  " + handler_text(first.handler), effects});
  }
  return table.text(2) +
         "* to several sites: also `to SITE`, `between the 1st and 2nd send`\n"
         "One line for each point: --all\n";
}

void print_text(const ProtocolEntry& entry, const PointCatalogue& catalogue, bool all) {
  const Points& points = catalogue.points;
  std::printf("%s: %seffect before and after which a fault can strike\n(%s)\n", entry.name.data(),
              catalogue.complete ? "every " : "", catalogue.argument.c_str());
  std::printf("%s\n", (all ? every_point(points) : by_handler(points)).c_str());
  const auto example = std::find_if(points.begin(), points.end(), [](const ProtocolPoint& p) {
    return p.what != Point::What::nothing;
  });
  const bool none = example == points.end();
  std::printf(
      "In a scenario: faults: [{crash: {site: SITE, at: before EFFECT}}], or `after EFFECT`; with "
      "the\n"
      "handler where it matters: `before %s %s`; each message that stands behind `on` also as "
      "`on\n"
      "delivery of MESSAGE`. See `indoubt reference`, faults.\n",
      none ? "EFFECT" : effect_text(*example).c_str(),
      none ? "" : handler_text(example->handler).c_str());
}

void print_json(const ProtocolEntry& entry, const PointCatalogue& catalogue) {
  nlohmann::ordered_json document;
  document["indoubt"] = "points";
  document["protocol"] = entry.name;
  document["complete"] = catalogue.complete;
  document["argument"] = catalogue.argument;
  document["points"] = nlohmann::ordered_json::array();
  for (const ProtocolPoint& point : catalogue.points) {
    if (point.what == Point::What::nothing) continue;
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
                    "it with its standard options.",
                    "points 3pc"};
  po::options_description options;
  bool json = false, all = false;
  options.add_options()("all", po::bool_switch(&all), "print one line for each point");
  options.add_options()("json", po::bool_switch(&json), "print one JSON document");
  return with_call(usage, options, arguments, [&](const std::vector<std::string>& names) {
    if (names.size() != 1) throw CallError("one protocol is wanted, like 2pc");
    const ProtocolEntry& entry = protocol_named(names.front());
    const PointCatalogue catalogue =
        point_catalogue(entry, standard_options(entry), {kParticipants, {}});
    if (json)
      print_json(entry, catalogue);
    else
      print_text(entry, catalogue, all);
    return kExitOk;
  });
}

}  // namespace indoubt
