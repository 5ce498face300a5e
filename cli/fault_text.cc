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

std::string ordinal(int n) {
  const int last = n % 10, tens = n / 10 % 10;
  const char* end = tens == 1 || last > 3 ? "th" : last == 1 ? "st" : last == 2 ? "nd" : "rd";
  return std::to_string(n) + (last == 0 ? "th" : end);
}

std::string percent(double share) {
  char text[40];
  std::snprintf(text, sizeof text, "%.6g %%", 100 * share);
  return text;
}

std::string message_text(const Fault& f) {
  std::string out = f.type.empty() ? "messages" : f.type;
  if (f.nth != 0) out = "the " + ordinal(f.nth) + " " + (f.type.empty() ? "message" : f.type);
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
  return out;
}

std::string link_text(const Fault& f) { return one(f.from) + " to " + one(f.to); }

std::string factor_text(const Fault& f) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", f.factor);
  return text;
}

std::string slowness_text(const Fault& f) {
  return (f.sites.size() == 1 ? " takes " : " take ") + factor_text(f) +
         " times as long for its work";
}

/// "5ms forward".
std::string jump_text(const Fault& f) {
  const bool back = f.jump < Duration{0};
  return duration_text(back ? -f.jump : f.jump) + (back ? " back" : " forward");
}

std::string clock_text(const Fault& f) {
  std::string out;
  char rate[48];
  std::snprintf(rate, sizeof rate, " runs %.6g times as fast", f.drift);
  if (f.drift != 1) out = rate;
  if (f.jump != Duration{0}) out += (out.empty() ? "" : " and") + (" is set " + jump_text(f));
  return "the clock of " + listed_names(f.sites) + (out.empty() ? " is as it should be" : out);
}

std::string crash_text(const Fault& f) {
  std::string out = listed_names(f.sites) + " down";
  if (f.each < 1) out += " (each with probability " + percent(f.each) + ")";
  if (f.log_lost) out += ", its log lost,";
  if (f.messages_held) out += ", messages to it held,";
  return out;
}

std::string disk_text(const Fault& f) {
  const std::string sites = listed_names(f.sites);
  return f.lies ? "a forced write at " + sites + " seems done and is not durable"
                : "a forced write fails at " + sites + ", which crashes";
}

std::string what_text(const Fault& f) {
  const std::string link = link_text(f);
  switch (f.kind) {
    case Kind::crash: return crash_text(f);
    case Kind::partition: return "no message passes between " + groups_text(f);
    case Kind::cut: return "no message passes from " + link;
    case Kind::slow_link:
      return "messages from " + link + " take " + factor_text(f) + " times as long";
    case Kind::stall: return "messages from " + link + " are held back";
    case Kind::message: return message_text(f);
    case Kind::clock: return clock_text(f);
    case Kind::slow_site: return listed_names(f.sites) + slowness_text(f);
    case Kind::disk: return disk_text(f);
    case Kind::heuristic:
      return listed_names(f.sites) + " in doubt for " + duration_text(f.after) + " decides " +
             std::string(name(f.outcome)) + " alone";
    case Kind::outcome:
      return "an operator decides " + std::string(name(f.outcome)) + " at " + listed_names(f.sites);
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

std::string transactions_text(const std::vector<std::uint64_t>& chosen) {
  constexpr std::size_t kShown = 5;
  std::string out = chosen.size() == 1 ? ", only in transaction " : ", only in transactions ";
  for (std::size_t i = 0; i < chosen.size() && i < kShown; ++i)
    out += (i == 0 ? "" : ", ") + grouped(chosen[i]);
  return out + (chosen.size() > kShown ? " and " + grouped(chosen.size() - kShown) + " more" : "");
}

/// Every other condition that was written.
std::string conditions_text(const Fault& f) {
  const Trigger& when = f.when;
  std::string out;
  if (when.kind == Trigger::Kind::at_point && when.occurrence > 1)
    out += ", the " + ordinal(when.occurrence) + " time that it is met";
  if (when.probability < 1) out += ", with probability " + percent(when.probability);
  if (!when.transactions.empty()) out += transactions_text(when.transactions);
  if (when.from != Duration{0}) out += ", not before " + duration_text(when.from);
  if (when.until) out += ", only before " + duration_text(*when.until);
  if (when.before_first_inquiry) out += ", only before the first inquiry";
  return out;
}

bool can_last(const Fault& f) {
  const Kind kind = f.kind;
  return kind == Kind::crash || (kind == Kind::disk && !f.lies) || kind == Kind::partition ||
         kind == Kind::cut || kind == Kind::slow_link || kind == Kind::stall ||
         kind == Kind::slow_site;
}

/// What happens to links between sites.
std::string link_event(const Fault& f, bool begins) {
  const std::string link = link_text(f);
  switch (f.kind) {
    case Kind::partition: return (begins ? "NETWORK PARTS: " : "network heals: ") + groups_text(f);
    case Kind::cut: return (begins ? "LINK CUT: " : "link heals: ") + link;
    case Kind::slow_link:
      return begins ? "LINK SLOWS DOWN: " + link + ", " + factor_text(f) + " times as long"
                    : "link is as fast as before: " + link;
    case Kind::stall: return (begins ? "LINK STALLS: " : "link passes messages again: ") + link;
    default: return {};
  }
}

}  // namespace

std::string fault_event(const Fault& f, bool begins) {
  const std::string sites = listed_names(f.sites);
  switch (f.kind) {
    case Kind::slow_site:
      return begins ? "SLOWS DOWN: " + sites + ", " + factor_text(f) + " times as long"
                    : "as fast as before: " + sites;
    case Kind::clock: return "CLOCK JUMPS " + jump_text(f) + ": " + sites;
    default: return link_event(f, begins);
  }
}

std::string fault_text(const Fault& f) {
  const std::string out = what_text(f) + when_text(f.when) + conditions_text(f);
  const bool stated = f.when.kind != Trigger::Kind::trace && can_last(f);
  if (!stated) return out;
  return out + (f.lasts ? ", for " + f.lasts->text() : ", for good");
}

}  // namespace indoubt
