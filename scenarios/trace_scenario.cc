#include "scenarios/trace_scenario.h"

#include <algorithm>

#include "protocols/catalogue.h"
#include "scenarios/concat.h"
#include "sim/latency/text.h"

namespace indoubt {
namespace {

constexpr std::int64_t kUnitNs = 10'000'000;
/// A point is met at its moment, give or take this.
constexpr std::int64_t kSlackNs = kUnitNs * 2 / 5;

std::string units(std::int64_t n) { return duration_text(Duration{n * kUnitNs}); }

/// "{a: 1, b: 2}" out of its parts.
class Flow {
 public:
  void add(std::string_view key, std::string_view value) {
    text_ += concat({text_.empty() ? "" : ", ", key, ": ", value});
  }
  bool empty() const { return text_.empty(); }
  std::string text() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

class Writer {
 public:
  Writer(const TracedRun& run, const TraceSchedule& schedule) : r_(run), s_(schedule) {
    for (int p = 0; p < run.machine.processes; ++p)
      names_.push_back(run.scenario.process_name(p, run.machine.auxiliary_name));
    for (int p = 1; p <= run.machine.group.participants; ++p) rename(static_cast<std::size_t>(p));
  }

  std::string text(std::span<const std::string> comment, std::span<const std::string> expect) {
    for (const std::string& line : comment) out_ += line.empty() ? "#\n" : "# " + line + "\n";
    out_ += "indoubt: 1\n";
    if (!r_.scenario.title.empty()) out_ += "title: " + quoted(r_.scenario.title) + "\n";
    out_ += "protocols:\n  - " + protocol() + "\n";
    services();
    out_ += "network: {latency: " + units(1) + "}\n";
    timeouts();
    faults();
    out_ += "transactions: {count: 1}\n";
    if (!expect.empty()) out_ += "expect:\n";
    for (const std::string& line : expect) out_ += "  - " + line + "\n";
    return std::move(out_);
  }

 private:
  /// "shard.2" names one of several; here it is a service of its own.
  void rename(std::size_t p) {
    std::string name = names_[p];
    std::replace(name.begin(), name.end(), '.', '-');
    while (name != names_[p] && std::find(names_.begin(), names_.end(), name) != names_.end())
      name += "-of-its-own";
    names_[p] = name;
  }

  std::int64_t at(int step) const { return s_.at[static_cast<std::size_t>(step)]; }

  std::string protocol() const {
    const ProtocolEntry& entry = *find_protocol(r_.use.protocol);
    Flow options;
    if (r_.use.label != r_.use.protocol) options.add("as", r_.use.label);
    for (std::size_t i = 0; i < entry.options.size(); ++i) {
      const OptionField& field = entry.options[i];
      const int value = r_.use.options[i];
      if (value == field.standard) continue;
      options.add(field.name, field.choices.empty()
                                  ? std::to_string(value)
                                  : std::string(field.choices[static_cast<std::size_t>(value)]));
    }
    return options.empty() ? std::string(entry.name) : concat({entry.name, ": ", options.text()});
  }

  void services() {
    out_ += "services:\n";
    for (int i = 1; i <= r_.machine.group.participants; ++i) {
      const auto p = static_cast<ProcessId>(i);
      const Service& service = r_.scenario.service_of(i);
      Flow keys;
      if (r_.flow.votes[p] == LocalVote::no) keys.add("vote_yes", "0%");
      if (r_.flow.votes[p] == LocalVote::read_only) keys.add("read_only", "100%");
      if (const std::int64_t work = work_of(p); work != 0) keys.add("prepare", units(work));
      if (service.weight != 1) keys.add("weight", std::to_string(service.weight));
      if (service.at_coordinator) keys.add("site", "coordinator");
      out_ += concat({"  ", names_[p], ": ", keys.text(), "\n"});
    }
    if (r_.scenario.coordinator_weight != 1)
      out_ += "coordinator: {weight: " + std::to_string(r_.scenario.coordinator_weight) + "}\n";
  }

  std::int64_t work_of(ProcessId p) const {
    std::int64_t work = 0;
    for (const FlowWork& w : r_.flow.works) {
      if (w.process != p) continue;
      if (w.done != kNoStep) return at(w.done) - at(w.begun);
      work = s_.end + 2 * kAfterEnd;
    }
    return work;
  }

  void timeouts() {
    Flow lengths;
    for (Tag k = 0; k < r_.machine.timers.size(); ++k)
      if (s_.fires[k] || r_.scenario.timeout(r_.machine.timers[k]))
        lengths.add(r_.machine.timers[k], units(s_.length[k]));
    if (!lengths.empty()) out_ += "timeouts: " + lengths.text() + "\n";
  }

  void faults() {
    const std::string before = std::move(out_);
    out_.clear();
    for (const FlowMessage& m : r_.flow.messages) message(m);
    for (const FlowOutage& o : r_.flow.outages) outage(o);
    partitions();
    for (ProcessId p = 0; p < r_.machine.processes; ++p)
      if (s_.slowness[p] != 1)
        fault("clock", {{"site", names_[p]}, {"drift", number_text(1.0 / s_.slowness[p])}});
    out_ = before + (out_.empty() ? "" : "faults:\n") + out_;
  }

  using Keys = std::vector<std::pair<std::string_view, std::string>>;
  void fault(std::string_view kind, const Keys& keys) {
    Flow flow;
    for (const auto& [key, value] : keys) flow.add(key, value);
    out_ += concat({"  - ", kind, ": ", flow.text(), "\n"});
  }

  void message(const FlowMessage& m) {
    const ProcessId from = r_.flow.site[m.from], to = r_.flow.site[m.to];
    if (m.cut_off || from == to) return;
    const std::string type(r_.machine.message_name(m.message));
    const auto chosen = [&](std::string_view action, Keys more) {
      Keys keys = {{action, type}, {"from", names_[from]}, {"to", names_[to]}};
      keys.insert(keys.end(), more.begin(), more.end());
      keys.emplace_back("nth", std::to_string(m.nth));
      fault("message", keys);
    };
    if (m.lost) return chosen("lose", {});
    const std::int64_t arrives = m.taken != kNoStep ? at(m.taken) : s_.end + kAfterEnd;
    const std::int64_t late = arrives - at(m.sent) - 1;
    if (late > 0) chosen("delay", {{"by", units(late)}});
    if (m.twice) chosen("duplicate", {});
  }

  void outage(const FlowOutage& o) {
    const TraceStep& step = r_.trace.steps[static_cast<std::size_t>(o.step)];
    Keys keys;
    if (step.move == Move::crash) {
      keys = {{"site", names_[o.site]}, {"time", units(at(o.step))}};
    } else {
      const std::int64_t ns = at(o.step) * kUnitNs;
      Flow window;
      if (ns > 0) window.add("from", duration_text(Duration{ns - kSlackNs}));
      window.add("until", duration_text(Duration{ns + kSlackNs}));
      keys = {{"site", names_[o.process]}, {"at", point(step)}, {"window", window.text()}};
    }
    if (o.restart != kNoStep) keys.emplace_back("restart", units(at(o.restart) - at(o.step)));
    fault("crash", keys);
  }

  /// Where in the protocol's text a step is cut.
  std::string point(const TraceStep& step) const {
    const Effect& e = step.effects[step.done];
    const auto message = [&] { return std::string(r_.machine.message_name(Message{e.word})); };
    switch (e.kind) {
      case Effect::Kind::send: return "before send " + message() + " to " + names_[e.to];
      case Effect::Kind::send_set:
        if (step.sends_of_last == 0) return "before send " + message();
        return "after the " + ordinal(step.sends_of_last) + " send of " + message();
      case Effect::Kind::force:
        return "before force " + std::string(r_.machine.record_name(e.word));
      case Effect::Kind::decide:
        return "before decide " + std::string(name(static_cast<Outcome>(e.tag)));
      default: return "per step";  // no cut falls there
    }
  }
  static std::string ordinal(int n) {
    const bool teen = n / 10 % 10 == 1;
    constexpr std::string_view kEnds[] = {"th", "st", "nd", "rd"};
    return std::to_string(n) + std::string(kEnds[teen || n % 10 > 3 ? 0 : n % 10]);
  }

  void partitions() {
    for (std::size_t i = 0; i < r_.trace.steps.size(); ++i) {
      const TraceStep& step = r_.trace.steps[i];
      if (step.move != Move::part) continue;
      Keys keys = {{"groups", "[" + side(step.split, 1) + ", " + side(step.split, 0) + "]"},
                   {"time", units(s_.at[i])}};
      for (std::size_t j = i + 1; j < r_.trace.steps.size(); ++j) {
        if (r_.trace.steps[j].move != Move::heal) continue;
        keys.emplace_back("heals", units(s_.at[j] - s_.at[i]));
        break;
      }
      fault("partition", keys);
    }
  }
  std::string side(std::uint64_t split, std::uint64_t which) const {
    std::string out;
    for (ProcessId p = 0; p < names_.size(); ++p)
      if (r_.flow.site[p] == p && (split >> p & 1) == which)
        out += (out.empty() ? "" : ", ") + names_[p];
    return "[" + out + "]";
  }

  const TracedRun& r_;
  const TraceSchedule& s_;
  std::vector<std::string> names_;
  std::string out_;
};

}  // namespace

std::string scenario_text(const TracedRun& run, const TraceSchedule& schedule,
                          std::span<const std::string> comment,
                          std::span<const std::string> expect) {
  return Writer(run, schedule).text(comment, expect);
}

}  // namespace indoubt
