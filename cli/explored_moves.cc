#include "cli/explored_moves.h"

namespace indoubt {
namespace {

std::string message_text(const MessageName& name, const Machine& machine) {
  return std::string(machine.message_name(name.message));
}

/// "payment, transfer | settlement".
std::string sides_text(std::uint64_t split, const std::vector<std::string>& names) {
  std::string sides[2];
  for (std::size_t p = 0; p < names.size(); ++p) {
    std::string& side = sides[(split >> p & 1) != 0 ? 0 : 1];
    side += (side.empty() ? "" : ", ") + names[p];
  }
  return sides[0] + " | " + sides[1];
}

std::string event_text(const TraceStep& step, const Machine& machine,
                       const std::vector<std::string>& names) {
  const auto from = [&] { return " from " + names[step.message->from]; };
  switch (step.move) {
    case Move::start: return "begins";
    case Move::deliver: return "takes " + message_text(*step.message, machine) + from();
    case Move::duplicate:
      return "takes " + message_text(*step.message, machine) + from() + "; a copy is on its way";
    case Move::prepared:
      return "is ready to vote " + std::string(name(static_cast<LocalVote>(step.detail)));
    case Move::written: return "has its record on disk";
    case Move::timeout: return "waits no longer: " + std::string(machine.timers[step.detail]);
    case Move::recover: return "is up again and recovers";
    case Move::report: return "is told of the crash of " + names[step.message->from];
    case Move::drop:
      return message_text(*step.message, machine) + from() + " is lost: the site is down";
    case Move::lose: return message_text(*step.message, machine) + from() + " is LOST on its way";
    case Move::crash: return "CRASHES";
    case Move::part: return "the network PARTS: " + sides_text(step.split, names);
    case Move::heal: return "the network is whole again";
    case Move::tick: return "time goes on by one tick";
  }
  return "";
}

std::string destinations(const Effect& e, const Effects& effects, int sends,
                         const std::vector<std::string>& names) {
  std::string out;
  if (e.kind == Effect::Kind::send) return names[e.to];
  const auto members = effects.members(e);
  for (int i = 0; i < sends; ++i)
    out += (i == 0 ? "" : ", ") + names[members[static_cast<std::size_t>(i)]];
  return out;
}

/// Nothing for what nobody sees from outside.
std::string effect_text(const Effects& effects, int number, int sends, const Machine& machine,
                        const std::vector<std::string>& names) {
  const Effect& e = effects[number];
  switch (e.kind) {
    case Effect::Kind::send:
    case Effect::Kind::send_set:
      return "sends " + std::string(machine.message_name(Message{e.word})) + " to " +
             destinations(e, effects, sends, names);
    case Effect::Kind::force: return "forces " + std::string(machine.record_name(e.word));
    case Effect::Kind::log: return "logs " + std::string(machine.record_name(e.word));
    case Effect::Kind::decide: return "decides " + std::string(name(static_cast<Outcome>(e.tag)));
    case Effect::Kind::vote: return "votes " + std::string(name(static_cast<LocalVote>(e.tag)));
    case Effect::Kind::prepare: return "prepares";
    case Effect::Kind::set_timer:
    case Effect::Kind::cancel_timer:
    case Effect::Kind::forget: break;
  }
  return "";
}

std::string does_text(const TraceStep& step, const Machine& machine,
                      const std::vector<std::string>& names) {
  std::string out;
  const auto add = [&](const std::string& text) {
    if (!text.empty()) out += (out.empty() ? "" : "; ") + text;
  };
  for (int i = 0; i < step.done; ++i) {
    const Effect& e = step.effects[i];
    add(effect_text(step.effects, i, e.kind == Effect::Kind::send_set ? e.count : 1, machine,
                    names));
  }
  if (step.sends_of_last > 0)
    add(effect_text(step.effects, step.done, step.sends_of_last, machine, names));
  if (step.crashes && step.move != Move::crash) add("CRASHES");
  return out;
}

}  // namespace

std::vector<std::string> process_names(const Scenario& scenario, const Machine& machine) {
  std::vector<std::string> names;
  for (int p = 0; p < machine.processes; ++p)
    names.push_back(scenario.process_name(p, machine.auxiliary_name));
  return names;
}

ExploredRow row_of(const TraceStep& step, const Machine& machine,
                   const std::vector<std::string>& names) {
  const bool of_network =
      step.move == Move::part || step.move == Move::heal || step.move == Move::tick;
  return {of_network ? "" : names[step.process], event_text(step, machine, names),
          does_text(step, machine, names), step.state};
}

}  // namespace indoubt
