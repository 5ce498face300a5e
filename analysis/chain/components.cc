#include "analysis/chain/components.h"

#include <algorithm>

namespace indoubt::markov {
namespace {

constexpr std::uint32_t kUnseen = 0xffff'ffff;

class Search {
 public:
  Search(const Chain& chain, Marks cut)
      : chain_(chain),
        weights_(chain.weights().values()),
        cut_(cut),
        low_(chain.states(), kUnseen) {
    found_.of.assign(chain.states(), kUnseen);
    found_.order.reserve(chain.states());
    found_.first.push_back(0);
  }

  Components all() {
    for (StateId s = 0; s < chain_.states(); ++s)
      if (low_[s] == kUnseen) from(s);
    return std::move(found_);
  }

 private:
  struct Frame {
    StateId state;
    std::uint32_t number;  ///< in the order of discovery
    std::span<const Transition> left;
  };

  void enter(StateId s) {
    low_[s] = discovered_;
    open_.push_back(s);
    const bool is_cut = (chain_.marks(s) & cut_) != 0;
    path_.push_back({s, discovered_++, is_cut ? std::span<const Transition>{} : chain_.row(s)});
  }

  void from(StateId root) {
    enter(root);
    while (!path_.empty())
      if (!advance(path_.back())) leave();
  }

  /// False once the frame's transitions are all followed.
  bool advance(Frame& frame) {
    while (!frame.left.empty()) {
      const Transition& t = frame.left.front();
      frame.left = frame.left.subspan(1);
      if (weights_[static_cast<std::size_t>(t.weight)] == 0) continue;
      if (low_[t.target] == kUnseen) {
        enter(t.target);
        return true;
      }
      const bool open = found_.of[t.target] == kUnseen;
      if (open) low_[frame.state] = std::min(low_[frame.state], low_[t.target]);
    }
    return false;
  }

  void leave() {
    const Frame frame = path_.back();
    path_.pop_back();
    if (low_[frame.state] == frame.number) close(frame.state);
    if (path_.empty()) return;
    const StateId parent = path_.back().state;
    if (found_.of[frame.state] == kUnseen) low_[parent] = std::min(low_[parent], low_[frame.state]);
  }

  /// All states that are open since `root` form a component.
  void close(StateId root) {
    const auto number = static_cast<std::uint32_t>(found_.size());
    StateId s;
    do {
      s = open_.back();
      open_.pop_back();
      found_.of[s] = number;
      found_.order.push_back(s);
    } while (s != root);
    found_.first.push_back(static_cast<std::uint32_t>(found_.order.size()));
  }

  const Chain& chain_;
  std::span<const double> weights_;
  Marks cut_;
  std::vector<std::uint32_t> low_;
  std::vector<StateId> open_;
  std::vector<Frame> path_;
  std::uint32_t discovered_ = 0;
  Components found_;
};

}  // namespace

Components find_components(const Chain& chain, Marks cut) { return Search(chain, cut).all(); }

}  // namespace indoubt::markov
