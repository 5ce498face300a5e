#include "cli/fault_text.h"

#include "cli/format.h"
#include "scenarios/points.h"
#include "sim/latency/text.h"

namespace indoubt {
namespace {

using Kind = Fault::Kind;

std::string listed_names(const std::vector<Who>& names) {
  std::string out;
  for (const Who& n : names) out += (out.empty() ? "" : ", ") + n;
  return out.empty() ? "any site" : out;
}

std::string one(const Who& name) { return name.empty() ? "any site" : name; }

std::string message_text(const Fault& f) {
  std::string out = f.type.empty() ? "messages" : f.type;
  out += " from " + one(f.from) + " to " + one(f.to);
  switch (f.action) {
    case Fault::Action::lose: return out + " is lost";
    case Fault::Action::duplicate: return out + " arrives twice";
    case Fault::Action::delay: return out + " takes longer by " + f.delay.text();
    case Fault::Action::hold: return out + " is held for " + f.delay.text();
  }
  return out;
}

std::string groups_text(const Fault& f) {
  std::string out;
  for (const auto& group : f.groups) out += (out.empty() ? "" : " | ") + listed_names(group);
  return "no message passes between " + out;
}

std::string what_text(const Fault& f) {
  const std::string link = one(f.from) + " to " + one(f.to);
  switch (f.kind) {
    case Kind::crash: return listed_names(f.sites) + " down";
    case Kind::partition: return groups_text(f);
    case Kind::cut: return "no message passes from " + link;
    case Kind::slow_link: return "messages from " + link + " are slow";
    case Kind::stall: return "messages from " + link + " are held back";
    case Kind::message: return message_text(f);
    case Kind::clock: return "wrong clock at " + listed_names(f.sites);
    case Kind::slow_site: return listed_names(f.sites) + " slow";
    case Kind::disk: return "a forced write fails at " + listed_names(f.sites);
    case Kind::heuristic: return listed_names(f.sites) + " in doubt decides alone";
    case Kind::outcome: return "an operator decides at " + listed_names(f.sites);
  }
  return {};
}

std::string when_text(const Trigger& when) {
  switch (when.kind) {
    case Trigger::Kind::always: return "";
    case Trigger::Kind::at_point: return " from `" + point_text(when.point) + "` on";
    case Trigger::Kind::at_time: return " from " + duration_text(when.time) + " on";
    case Trigger::Kind::random: return " again and again, after " + when.gap->text();
    case Trigger::Kind::trace: return " at the times of a trace";
  }
  return {};
}

bool can_last(Kind kind) {
  return kind == Kind::crash || kind == Kind::partition || kind == Kind::cut ||
         kind == Kind::slow_link || kind == Kind::stall || kind == Kind::slow_site;
}

}  // namespace

std::string fault_text(const Fault& f) {
  std::string out = what_text(f) + when_text(f.when);
  if (f.when.probability < 1) {
    char text[40];
    std::snprintf(text, sizeof text, ", with probability %.6g %%", 100 * f.when.probability);
    out += text;
  }
  const bool stated = f.when.kind != Trigger::Kind::trace && can_last(f.kind);
  if (!stated) return out;
  return out + (f.lasts ? ", for " + f.lasts->text() : ", for good");
}

}  // namespace indoubt
