#include "cli/branch_moves.h"

#include <algorithm>
#include <map>

#include "cli/fault_text.h"
#include "sim/latency/text.h"

namespace indoubt {
namespace {

using markov::BranchMove;
using markov::Item;
using markov::World;

class Telling {
 public:
  Telling(const BranchMove& move, const std::vector<ProcessId>& site, const Scenario& scenario,
          const Machine& machine, const std::vector<std::string>& names)
      : move_(move), site_(site), scenario_(scenario), machine_(machine), names_(names) {}

  BranchRow row() const {
    BranchRow out;
    if (move_.at != BranchMove::kRandom) out.time = time_text(static_cast<double>(move_.at));
    out.event = event();
    out.does = does();
    if (!acts()) return out;
    out.site = names_[actor()];
    const auto& state = move_.after.processes[actor()].state;
    if (up(move_.after, actor())) out.state = machine_.state_name(state.data());
    return out;
  }

 private:
  bool first() const { return move_.before.processes.empty(); }
  bool acts() const {
    if (first()) return true;
    if (!move_.item) return false;
    switch (move_.item->kind) {
      case Item::Kind::deliver:
      case Item::Kind::prepared:
      case Item::Kind::written:
      case Item::Kind::timer:
      case Item::Kind::report:
      case Item::Kind::verdict: return true;
      default: return false;
    }
  }
  ProcessId actor() const { return first() ? kCoordinator : move_.item->to; }
  bool up(const World& w, ProcessId p) const { return w.sites[site_[p]].up; }

  std::string event() const {
    if (first()) return "begins";
    if (!move_.item) return "time goes on";
    const Item& item = *move_.item;
    if (item.stages > 1) return "a stage of what is under way is over";
    const auto fault = [&](bool begins) {
      const std::string text = fault_event(scenario_.faults[item.tag], begins);
      return text.empty() ? (begins ? "a fault strikes: " : "a fault ends: ") +
                                scenario_.faults[item.tag].name
                          : text;
    };
    switch (item.kind) {
      case Item::Kind::deliver: return delivery(item);
      case Item::Kind::prepared: return "is ready to vote";
      case Item::Kind::written: return "has its record on disk";
      case Item::Kind::report: return "is told of the crash of " + names_[item.from];
      case Item::Kind::timer: return "waits no longer: " + std::string(machine_.timers[item.tag]);
      case Item::Kind::fault: return fault(true);
      case Item::Kind::repair:
      case Item::Kind::ease: return fault(false);
      case Item::Kind::idle: return "what a fault has made void comes to its end";
      case Item::Kind::window:
        return std::string("the window of a fault ") + (item.from == 1 ? "closes" : "opens");
      case Item::Kind::verdict: return "is told to decide without the protocol";
    }
    return "";
  }
  std::string delivery(const Item& item) const {
    const std::string message(machine_.message_name(Message{item.word}));
    if (!up(move_.before, item.to))
      return message + " from " + names_[item.from] + " is lost: the site is down";
    return (held() ? "is not given " : "takes ") + message + " from " + names_[item.from] +
           (held() ? " yet" : "");
  }
  /// A message has come that something holds back: it is under way as before.
  bool held() const {
    const Item& item = *move_.item;
    const auto copies = [&](const World& w) {
      return std::count_if(w.items.begin(), w.items.end(), [&](const Item& i) {
        return i.kind == item.kind && i.word == item.word && i.from == item.from && i.to == item.to;
      });
    };
    return copies(move_.after) >= copies(move_.before) &&
           move_.after.processes[item.to].state == move_.before.processes[item.to].state;
  }

  std::string does() const {
    std::string out;
    const auto add = [&](const std::string& text) { out += (out.empty() ? "" : "; ") + text; };
    for (std::size_t p = 0; p < move_.after.processes.size(); ++p) {
      const std::string of = acts() && p == actor() ? "" : names_[p] + " ";
      for (const std::string& change : changes(static_cast<ProcessId>(p))) add(of + change);
    }
    add_sends(add);
    return out;
  }

  std::vector<std::string> changes(ProcessId p) const {
    std::vector<std::string> out;
    const bool was_up = first() || up(move_.before, p), is_up = up(move_.after, p);
    const markov::ProcessState& after = move_.after.processes[p];
    const markov::ProcessState before =
        first() ? markov::ProcessState{} : move_.before.processes[p];
    if (!was_up && is_up) out.emplace_back("is up again");
    if (before.voted != after.voted) out.push_back("votes " + std::string(vote_name(after.voted)));
    if (before.decided != after.decided && after.decided != Outcome::none)
      out.push_back("decides " + std::string(name(after.decided)));
    if (was_up && !is_up) out.emplace_back("CRASHES");
    return out;
  }
  static std::string_view vote_name(Voted v) {
    return v == Voted::yes ? "YES" : v == Voted::no ? "NO" : "READ";
  }

  /// Messages that are under way now and were not before.
  template <class Add>
  void add_sends(const Add& add) const {
    std::map<std::pair<std::uint64_t, ProcessId>, std::map<ProcessId, int>> sent;
    const auto count = [&](const World& w, int each) {
      for (const Item& i : w.items)
        if (i.kind == Item::Kind::deliver) sent[{i.word, i.from}][i.to] += each;
    };
    count(move_.after, 1);
    count(move_.before, -1);
    if (move_.item && move_.item->kind == Item::Kind::deliver && !held())
      ++sent[{move_.item->word, move_.item->from}][move_.item->to];  // it has come
    int under_way = 0;
    for (const auto& [what, to] : sent) {
      std::string destinations;
      for (const auto& [p, copies] : to)
        for (int k = 0; k < copies; ++k, ++under_way)
          destinations += (destinations.empty() ? "" : ", ") + names_[p];
      if (!destinations.empty())
        add("sends " + std::string(machine_.message_name(Message{what.first})) + " to " +
            destinations);
    }
    if (move_.sent > under_way)
      add(std::to_string(move_.sent - under_way) +
          (move_.sent - under_way == 1 ? " message is LOST" : " messages are LOST"));
  }

  const BranchMove& move_;
  const std::vector<ProcessId>& site_;
  const Scenario& scenario_;
  const Machine& machine_;
  const std::vector<std::string>& names_;
};

}  // namespace

BranchRow row_of(const BranchMove& move, const std::vector<ProcessId>& site,
                 const Scenario& scenario, const Machine& machine,
                 const std::vector<std::string>& names) {
  return Telling(move, site, scenario, machine, names).row();
}

}  // namespace indoubt
