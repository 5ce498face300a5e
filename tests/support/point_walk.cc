#include "tests/support/point_walk.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_set>

namespace indoubt {
namespace {

struct Local {
  std::uint32_t armed = 0;
  bool working = false;
  std::vector<std::uint64_t> state;
};
struct Arrival {
  ProcessId from;
  Message message;
};

/// SplitMix64 (Steele, Lea & Flood 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::size_t below(std::size_t n) {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return static_cast<std::size_t>((z ^ z >> 31) % n);
  }

 private:
  std::uint64_t state_;
};

/// Groups of things by name: one of them is drawn by its group first, so that rare ones come too.
template <class T>
struct Groups {
  std::map<std::string, std::size_t> index;
  std::vector<std::vector<T>> groups;
  void add(const std::string& name, T thing) {
    const auto [at, fresh] = index.emplace(name, groups.size());
    if (fresh) groups.emplace_back();
    groups[at->second].push_back(std::move(thing));
  }
};

class Walk {
 public:
  Walk(const Machine& machine, std::uint32_t rounds, std::uint64_t seed)
      : machine_(machine), rounds_(rounds), random_(seed), points_(machine) {
    sites_.resize(machine.processes);
    for (ProcessId p = 0; p < machine.processes; ++p) {
      run(p, fresh(), Input::start(p));
      run(p, fresh(), Input::recovery(0, p));
    }
  }

  std::vector<ProtocolPoint> go(std::size_t steps) {
    for (std::size_t i = 0; i < steps; ++i) step();
    return points_.take();
  }

 private:
  struct Site {
    Groups<Local> locals;
    Groups<Arrival> arrivals;
    std::set<std::pair<ProcessId, std::uint64_t>> known;
    std::set<RecordWord> records;
  };

  Local fresh() const {
    Local local;
    local.state.resize((machine_.state_size + 7u) / 8u);
    machine_.construct(local.state.data());
    return local;
  }

  void step() {
    const auto p = static_cast<ProcessId>(random_.below(sites_.size()));
    Site& site = sites_[p];
    if (site.locals.groups.empty()) return;
    const auto& group = site.locals.groups[random_.below(site.locals.groups.size())];
    const Local local = group[random_.below(group.size())];
    std::vector<Input> own;
    for (Tag k = 0; k < machine_.timers.size(); ++k)
      if ((local.armed >> k & 1) != 0) own.push_back(Input::timeout(k, p));
    if (local.working)
      for (const LocalVote v : {LocalVote::no, LocalVote::yes, LocalVote::read_only})
        if (v != LocalVote::read_only || machine_.takes_read_only)
          own.push_back(Input::prepared(v, p));
    const std::size_t kinds = own.size() + site.arrivals.groups.size();
    if (kinds == 0) return;
    const std::size_t kind = random_.below(kinds);
    if (kind < own.size()) return run(p, local, own[kind]);
    const auto& some = site.arrivals.groups[kind - own.size()];
    const Arrival a = some[random_.below(some.size())];
    run(p, local, Input::message(a.message, a.from, p));
  }

  void run(ProcessId p, Local local, const Input& in) {
    if (in.kind() == Input::Kind::timeout) local.armed &= ~(std::uint32_t{1} << in.tag());
    if (in.kind() == Input::Kind::prepared) local.working = false;
    Effects effects;
    machine_.step(local.state.data(), in, effects);
    points_.add(in, effects);
    if (machine_.round != nullptr && machine_.round(local.state.data()) > rounds_) return;
    std::vector<RecordWord> written;
    for (int i = 0; i < effects.size(); ++i) take(effects, effects[i], p, local, written);
    keep(p, std::move(local));
    for (const RecordWord r : written) run(p, fresh(), Input::recovery(r, p));
  }

  void take(const Effects& effects, const Effect& e, ProcessId p, Local& local,
            std::vector<RecordWord>& written) {
    const std::uint32_t timer = std::uint32_t{1} << (e.tag & 31u);
    switch (e.kind) {
      case Effect::Kind::send: return arrive(p, e.to, Message{e.word});
      case Effect::Kind::send_set:
        for (const ProcessId to : effects.members(e)) arrive(p, to, Message{e.word});
        return;
      case Effect::Kind::prepare: local.working = true; return;
      case Effect::Kind::set_timer: local.armed |= timer; return;
      case Effect::Kind::cancel_timer: local.armed &= ~timer; return;
      case Effect::Kind::force:
      case Effect::Kind::log:
        if (sites_[p].records.insert(e.word).second) written.push_back(e.word);
        return;
      default: return;
    }
  }

  void arrive(ProcessId from, ProcessId to, Message m) {
    Site& site = sites_[to];
    if (site.known.insert({from, m.word}).second)
      site.arrivals.add(std::string(machine_.message_name(m)), {from, m});
  }

  void keep(ProcessId p, Local local) {
    std::string key(reinterpret_cast<const char*>(local.state.data()), machine_.state_size);
    const std::string rest =
        std::to_string(p) + ":" + std::to_string(local.armed) + (local.working ? "w" : "");
    if (!seen_.insert(key + rest).second) return;
    const std::string group = std::string(machine_.state_name(local.state.data())) + rest;
    sites_[p].locals.add(group, std::move(local));
  }

  const Machine& machine_;
  std::uint32_t rounds_;
  Random random_;
  PointCollector points_;
  std::vector<Site> sites_;
  std::unordered_set<std::string> seen_;  // asked only
};

}  // namespace

std::vector<ProtocolPoint> points_of_walk(const Machine& machine, std::size_t steps,
                                          std::uint32_t rounds, std::uint64_t seed) {
  return Walk(machine, rounds, seed).go(steps);
}

}  // namespace indoubt
