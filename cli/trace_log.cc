#include "cli/trace_log.h"

#include "cli/fault_text.h"
#include "cli/format.h"

namespace indoubt {
namespace {

std::string with(std::string_view verb, std::string_view object) {
  return std::string(verb).append(1, ' ').append(object);
}

std::string length(Duration d) { return time_text(static_cast<double>(d.count())); }
std::string_view cause(Loss why) {
  switch (why) {
    case Loss::link: return " on the way";
    case Loss::chosen: return ": a fault takes it";
    case Loss::cut: return ": the link is cut";
    case Loss::stalled: return ": the link holds it for ever";
    case Loss::down: return ": the site is down";
  }
  return "";
}

}  // namespace

TraceLog::TraceLog(const Scenario& scenario, const Machine& machine)
    : scenario_(scenario), machine_(machine) {
  for (ProcessId p = 0; p < machine.processes; ++p) standings_.push_back({.site = site(p)});
}

std::string TraceLog::site(ProcessId p) const {
  return scenario_.process_name(p, machine_.auxiliary_name);
}

void TraceLog::add(const At& at, std::string event, std::string detail) {
  rows_.push_back({at.time, site(at.process), std::move(event), std::move(detail), ""});
}

void TraceLog::on_work(const At& at, Duration request, Duration reply) {
  step_ = rows_.size() + 1;  // no process takes a step
  add(at, "is asked to work: request " + length(request) + ", reply " + length(reply), "execution");
}

void TraceLog::on_input(const At& at, const Input& in) {
  step_ = rows_.size();
  switch (in.kind()) {
    case Input::Kind::start: return add(at, "begins", "input");
    case Input::Kind::message:
      return add(at,
                 with("takes", machine_.message_name(in.message())) + " from " + site(in.from()),
                 "input");
    case Input::Kind::prepared:
      return add(at, with("is ready to vote", name(static_cast<LocalVote>(in.tag()))), "input");
    case Input::Kind::timeout:
      return add(at, with("waits no longer:", machine_.timers[in.tag()]), "input");
    case Input::Kind::recovery:
      return add(at, with("recovers with record", machine_.record_name(in.record())), "input");
    case Input::Kind::failure:
      return add(at, with("is told of the crash of", site(in.from())), "input");
  }
}

void TraceLog::on_effect(const At& at, const Effect& e, std::span<const ProcessId> members) {
  if (e.kind == Effect::Kind::vote) standings_[at.process].vote = static_cast<LocalVote>(e.tag);
  if (e.kind == Effect::Kind::decide) standings_[at.process].decided = static_cast<Outcome>(e.tag);
  switch (e.kind) {
    case Effect::Kind::send: members = {&e.to, 1}; [[fallthrough]];
    case Effect::Kind::send_set: {
      std::string text = with("sends", machine_.message_name(Message{e.word})) + " to";
      for (const ProcessId to : members) text += (to == members.front() ? " " : ", ") + site(to);
      return add(at, std::move(text), "effect");
    }
    case Effect::Kind::prepare: return add(at, "prepares", "effect");
    case Effect::Kind::vote:
      return add(at, with("votes", name(static_cast<LocalVote>(e.tag))), "effect");
    case Effect::Kind::force:
      return add(at, with("forces", machine_.record_name(e.word)), "effect");
    case Effect::Kind::log: return add(at, with("logs", machine_.record_name(e.word)), "effect");
    case Effect::Kind::decide:
      return add(at, with("decides", name(static_cast<Outcome>(e.tag))), "effect");
    case Effect::Kind::forget: return add(at, "forgets", "effect");
    case Effect::Kind::set_timer:
    case Effect::Kind::cancel_timer: return;
  }
}

void TraceLog::on_durable(const At& at, RecordWord record) {
  const bool waited = !rows_.empty() && rows_.back().time != at.time;
  if (waited) step_ = rows_.size();
  add(at, with("has on disk", machine_.record_name(record)), "durable");
}

void TraceLog::on_loss(const At& at, ProcessId to, Message m, Loss why) {
  add(at, with(machine_.message_name(m), "to ") + site(to) + " is lost" + std::string(cause(why)),
      "loss");
}

void TraceLog::on_mishap(const At& at, ProcessId to, Message m, Mishap what, Duration time) {
  const std::string message = with(machine_.message_name(m), "to ") + site(to);
  switch (what) {
    case Mishap::delayed: return add(at, message + " is delayed by " + length(time), "delay");
    case Mishap::twice: return add(at, message + " is sent twice", "duplicate");
    case Mishap::held: return add(at, message + " is held until " + length(time), "hold");
  }
}

void TraceLog::on_crash(const At& at) {
  standings_[at.process].down = true;
  standings_[at.process].state.clear();
  add(at, "CRASHES", "crash");
}
void TraceLog::on_restart(const At& at) {
  standings_[at.process].down = false;
  add(at, "is up again", "restart");
}

void TraceLog::on_fault(const At& at, std::size_t fault, bool begins) {
  rows_.push_back(
      {at.time, "", fault_event(scenario_.faults[fault], begins), begins ? "fault" : "repair", ""});
}

void TraceLog::on_decision_read(const At& at, Outcome o) { standings_[at.process].decided = o; }

void TraceLog::on_verdict(const At& at, Outcome o) {
  standings_[at.process].decided = o;
  add(at, with("DECIDES", name(o)) + " without the protocol", "verdict");
}

void TraceLog::on_state(const At& at, std::string_view state) {
  if (!standings_[at.process].down) standings_[at.process].state = state;
  if (step_ < rows_.size()) rows_[step_].state = state;
}

}  // namespace indoubt
