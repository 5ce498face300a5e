#include "scenarios/points.h"

#include <algorithm>

#include "scenarios/concat.h"

namespace indoubt {
namespace {

using Names = std::vector<std::string_view>;
using Where = Point::Where;
using What = Point::What;

void add(Names& names, std::string_view name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

bool has(const Names& names, std::string_view name) {
  return name.empty() || name == kEitherDecision ||
         std::find(names.begin(), names.end(), name) != names.end();
}

bool names_message(const Point& point) {
  return point.what == What::send || point.where == Where::instead_of;
}

std::string_view verb(What what) {
  switch (what) {
    case What::send: return "send";
    case What::force: return "force";
    case What::log: return "log";
    case What::decide: return "decide";
    case What::vote: return "vote";
    case What::prepare: return "prepare";
    case What::nothing: break;
  }
  return {};
}

std::string ordinal(int n) {
  const bool teen = n % 100 / 10 == 1;
  const std::string_view end = teen          ? "th"
                               : n % 10 == 1 ? "st"
                               : n % 10 == 2 ? "nd"
                               : n % 10 == 3 ? "rd"
                                             : "th";
  return std::to_string(n).append(end);
}

std::string with(std::string_view word, std::string_view name) {
  return name.empty() ? std::string() : concat({word, name});
}

/// The name of something that must be named.
std::string_view named(const std::string& name) {
  return name.empty() ? std::string_view("any") : std::string_view(name);
}

std::string effect_text(const Point& point) {
  const std::string_view before = point.where == Where::before ? "before " : "after ";
  if (point.sends > 0)
    return concat({"after the ", ordinal(point.sends), " send of ", named(point.name)});
  const bool must =
      point.what == What::send || point.what == What::force || point.what == What::log;
  const std::string name = must ? concat({" ", named(point.name)}) : with(" ", point.name);
  return concat({before, verb(point.what), name, with(" to ", point.to)});
}

std::string place_text(const Point& point) {
  switch (point.where) {
    case Where::instead_of:
      return concat({"on delivery of ", named(point.name), with(" from ", point.to)});
    case Where::each_send:
      return concat({"before each single send", with(" of ", point.name), with(" to ", point.to)});
    case Where::random_cut: return concat({"random cut of ", named(point.name)});
    case Where::per_step: return "per step";
    default: return effect_text(point);
  }
}

}  // namespace

std::vector<std::string_view> message_names(const Machine& machine) {
  Names names;
  for (const Message m : machine.variants) add(names, machine.message_name(m));
  return names;
}

std::vector<std::string_view> record_names(const Machine& machine) {
  Names names;
  for (const std::string_view r : machine.records)
    if (r != "none") add(names, r);
  return names;
}

std::vector<std::string_view> handler_names(const Machine& machine) {
  Names names{"start", "recovery", "prepared"};
  for (const std::string_view m : message_names(machine)) add(names, m);
  for (const std::string_view t : machine.timers) add(names, t);
  return names;
}

bool has_point(const Machine& machine, const Point& point) {
  if (names_message(point) && !has(message_names(machine), point.name)) return false;
  const bool record = point.what == What::force || point.what == What::log;
  if (record && !machine.records.empty() && !has(record_names(machine), point.name)) return false;
  if (point.what == What::vote && point.name == name(LocalVote::read_only) &&
      !machine.takes_read_only)
    return false;
  return has(handler_names(machine), point.handler);
}

std::string point_text(const Point& point) {
  const bool by_itself = point.handler == "start" || point.handler == "recovery";
  return place_text(point) + with(by_itself ? " at " : " on ", point.handler);
}

}  // namespace indoubt
