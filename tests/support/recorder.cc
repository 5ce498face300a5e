#include "tests/support/recorder.h"

#include <algorithm>

#include "sim/latency/latency.h"
#include "tests/support/effect_text.h"

namespace indoubt {

void Recorder::add(const At& at, std::string text) {
  lines_.push_back({at.transaction, at.time, at.process, std::move(text)});
}

void Recorder::on_work(const At& at, Duration request, Duration reply) {
  add(at, "works after " + duration_text(request) + ", replies after " + duration_text(reply));
}

void Recorder::on_input(const At& at, const Input& in) {
  std::string text;
  switch (in.kind()) {
    case Input::Kind::start: text = "start"; break;
    case Input::Kind::message:
      text.append("takes ").append(machine_.message_name(in.message())).append(" from ");
      text.append(std::to_string(in.from()));
      break;
    case Input::Kind::prepared:
      text.append("prepared ").append(name(static_cast<LocalVote>(in.tag())));
      break;
    case Input::Kind::timeout: text.append("time-out ").append(machine_.timers[in.tag()]); break;
    case Input::Kind::recovery: text = "recovery"; break;
    case Input::Kind::failure: text.append("failure of ").append(std::to_string(in.from())); break;
  }
  add(at, std::move(text));
}

void Recorder::on_effect(const At& at, const Effect& e, std::span<const ProcessId> members) {
  add(at, effect_text(machine_, e, members));
}

void Recorder::on_durable(const At& at, RecordWord record) {
  add(at, std::string("durable ").append(machine_.record_name(record)));
}

void Recorder::on_loss(const At& at, ProcessId to, Message m, Loss why) {
  std::string text("loses ");
  text.append(machine_.message_name(m)).append(" to ").append(std::to_string(to));
  add(at, std::move(text));
  ++lost_by_[static_cast<std::size_t>(why)];
}

void Recorder::on_mishap(const At& at, ProcessId to, Message m, Mishap what, Duration time) {
  std::string text(what == Mishap::delayed ? "delays "
                   : what == Mishap::twice ? "doubles "
                                           : "holds ");
  text.append(machine_.message_name(m)).append(" to ").append(std::to_string(to));
  if (what != Mishap::twice)
    text += (what == Mishap::held ? " until " : " by ") +
            std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(time).count()) +
            "ms";
  add(at, std::move(text));
}

void Recorder::on_fault(const At& at, std::size_t fault, bool begins) {
  add(at, "fault " + std::to_string(fault) + (begins ? " begins" : " ends"));
}

void Recorder::on_verdict(const At& at, Outcome o) {
  add(at, std::string("verdict ").append(name(o)));
}

std::optional<Duration> Recorder::when(int p, std::string_view text) const {
  for (const Line& line : lines_)
    if (line.transaction == 1 && line.process == p && line.text == text) return line.time;
  return std::nullopt;
}

int Recorder::times(int p, std::string_view text) const {
  return static_cast<int>(std::count_if(lines_.begin(), lines_.end(), [&](const Line& line) {
    return line.process == p && line.text == text;
  }));
}

std::string Recorder::story(int p) const {
  std::string all;
  for (const Line& line : lines_) {
    if (line.transaction != 1 || line.process != p) continue;
    if (!all.empty()) all += "; ";
    all.append(duration_text(line.time)).append(1, ' ').append(line.text);
  }
  return all;
}

}  // namespace indoubt
