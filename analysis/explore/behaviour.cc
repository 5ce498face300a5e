#include "analysis/explore/behaviour.h"

#include <algorithm>

#include "analysis/explore/reduction.h"
#include "sim/process/assert.h"

namespace indoubt {
namespace {

Move move_of(const Act& act) {
  if (act.kind == Act::Kind::written) return Move::written;
  switch (act.input.kind()) {
    case Input::Kind::start: return Move::start;
    case Input::Kind::message: return Move::deliver;
    case Input::Kind::prepared: return Move::prepared;
    case Input::Kind::timeout: return Move::timeout;
    case Input::Kind::recovery: return Move::recover;
    case Input::Kind::failure: return Move::report;
  }
  return Move::start;
}

template <class Map>
std::optional<std::uint32_t> found(const Map& map, const typename Map::key_type& key) {
  const auto at = map.find(key);
  return at == map.end() ? std::nullopt : std::optional(at->second);
}

}  // namespace

Behaviour::Behaviour(const Machine& machine, const ExploreSetup& setup, const Reduction* reduction)
    : machine_(machine),
      setup_(setup),
      steps_(machine_, setup_.steps),
      reduction_(reduction),
      independence_(reduction != nullptr && reduction->independence ? &*reduction->independence
                                                                    : nullptr),
      sites_(machine.processes) {
  for (const std::uint8_t d : setup_.delay) ages_ = std::max<std::uint32_t>(ages_, d + 1u);
  make_splits();
  make_groups();
  for (ProcessId p = 0; p < sites_.size(); ++p) {
    sites_[p].dead.resize(reduction_ == nullptr ? 1 : reduction_->sites[p].dead.size());
    intern(p, steps_.fresh());
    intern_inbox(p, {});
  }
}

/// Each way to part the sites in two groups, once: by the group that the coordinator is in.
void Behaviour::make_splits() {
  splits_.push_back(0);
  if (setup_.budget.partitions == 0) return;
  const auto n = static_cast<ProcessId>(sites_.size());
  INDOUBT_ASSERT(n <= 64);
  std::vector<ProcessId> apart;  // sites that may be on the other side
  for (ProcessId p = 1; p < n; ++p)
    if (setup_.site[p] == p) apart.push_back(p);
  for (std::uint64_t choice = 1; choice < std::uint64_t{1} << apart.size(); ++choice) {
    std::uint64_t other = 0;
    for (std::size_t i = 0; i < apart.size(); ++i)
      if ((choice >> i & 1) != 0) other |= std::uint64_t{1} << apart[i];
    std::uint64_t ours = 0;
    for (ProcessId p = 0; p < n; ++p)
      if ((other >> setup_.site[p] & 1) == 0) ours |= std::uint64_t{1} << p;
    splits_.push_back(ours);
  }
}

std::uint32_t Behaviour::facts_of(ProcessId p, const Local& local) const {
  const bool participant = p >= 1 && p <= machine_.group.participants;
  const bool reader = local.voted && local.vote == LocalVote::read_only;
  std::uint32_t f = 0;
  if (local.decided == Outcome::commit) f |= committed;
  if (local.decided == Outcome::abort) f |= aborted;
  if (!participant || (local.voted && local.vote != LocalVote::no)) f |= in_favour;
  if (participant && local.voted && local.vote == LocalVote::no) f |= refused;
  if (local.reversed) f |= reversed;
  if (participant && !(reader && machine_.takes_read_only)) f |= wrote;
  if (local.decided == Outcome::none && !reader && machine_.traits.decides(p) &&
      p <= machine_.group.participants)
    f |= owes;
  if (local.up()) f |= up;
  if (participant && local.in_doubt()) f |= doubtful;
  if (local.writing != 0) f |= busy;
  if (local.phase == Local::Phase::fresh) f |= fresh;
  if (!steps_.can_tick(local)) f |= due;
  if (local.working == 1 || local.writing == 1) f |= pressing;
  return f;
}

ProcessFacts Behaviour::process_facts_of(ProcessId p, const Local& local) const {
  const bool participant = p >= 1 && p <= machine_.group.participants;
  ProcessFacts f;
  f.decision = local.decided;
  f.reversed = local.reversed;
  f.learnt = local.decided;
  if (participant && local.voted)
    f.voted = local.vote == LocalVote::yes  ? Voted::yes
              : local.vote == LocalVote::no ? Voted::no
                                            : Voted::read;
  f.up = local.phase != Local::Phase::down;
  f.in_doubt = participant && local.in_doubt();
  if (f.up) f.state = machine_.state_name(local.state.data());
  return f;
}

std::uint32_t Behaviour::intern(ProcessId p, Local local) {
  Site& site = sites_[p];
  std::uint32_t dead_row = 0, its_class = 0;
  if (reduction_ != nullptr) {
    const Reduction::Site& reduced = reduction_->sites[p];
    its_class = reduced.class_of.at(local.key());
    local = reduced.standard[its_class];
    dead_row = reduced.dead_row[its_class];
  }
  const auto [it, added] =
      site.number.emplace(local.key(), static_cast<std::uint32_t>(site.locals.size()));
  if (!added) return it->second;
  site.dead_rows.push_back(dead_row);
  site.classes.push_back(its_class);
  constexpr std::uint64_t kEachLocal = 600;  // beside its key and state: the value and its rows
  bytes_ += kEachLocal + 2 * it->first.size() + 8 * local.state.size();
  site.facts.push_back(facts_of(p, local));
  site.process_facts.push_back(process_facts_of(p, local));
  site.recorded.push_back(local.durable == 0 ? Outcome::none
                                             : decision_in(machine_.record_name(local.durable)));
  site.ticked.push_back(kUnknown);
  site.spontaneous.push_back({kUnknown, 0});
  site.reactions.emplace_back();
  site.local_images.resize(site.local_images.size() + swaps_.size(), kUnknown);
  site.local_views.resize(site.local_views.size() + (swaps_.empty() ? 0 : sites_.size()), kUnknown);
  site.locals.push_back(std::move(local));
  return it->second;
}

std::optional<std::uint32_t> Behaviour::find_local(ProcessId p, const Local& local) const {
  const auto& number = sites_[p].number;
  if (reduction_ == nullptr) return found(number, local.key());
  const Reduction::Site& reduced = reduction_->sites[p];
  const auto at = reduced.class_of.find(local.key());
  if (at == reduced.class_of.end()) return std::nullopt;
  return found(number, reduced.standard[at->second].key());
}
std::optional<std::uint32_t> Behaviour::find_message(ProcessId p, const MessageName& name) const {
  return found(sites_[p].message_number, name);
}
std::optional<std::uint32_t> Behaviour::find_inbox(ProcessId p,
                                                   const std::vector<std::uint32_t>& items) const {
  return found(sites_[p].inbox_number, items);
}

std::uint32_t Behaviour::intern_inbox(ProcessId p, std::vector<std::uint32_t> items) {
  Site& site = sites_[p];
  const auto [it, added] =
      site.inbox_number.emplace(items, static_cast<std::uint32_t>(site.inboxes.size()));
  if (!added) return it->second;
  constexpr std::uint64_t kEachInbox = 300, kEachItem = 16, kEachSplit = 4, kEachPlus = 4;
  bytes_ += kEachInbox + kEachItem * items.size() + kEachSplit * splits_.size() +
            kEachPlus * site.messages.size() * ages_;
  Inbox box;
  box.minus.assign(items.size(), kUnknown);
  for (const std::uint32_t item : items) {
    box.due = box.due || (ages_ > 1 && ticks_left(item) == 0);
    box.senders |= std::uint64_t{1} << site.messages[message_of(item)].from;
  }
  site.inbox_images.resize(site.inbox_images.size() + swaps_.size(), kUnknown);
  site.inbox_views.resize(site.inbox_views.size() + (swaps_.empty() ? 0 : sites_.size()), kUnknown);
  box.items = std::move(items);
  site.inboxes.push_back(std::move(box));
  return it->second;
}

std::uint32_t Behaviour::item_of(ProcessId to, const MessageName& name) {
  Site& site = sites_[to];
  const auto [it, added] =
      site.message_number.emplace(name, static_cast<std::uint32_t>(site.messages.size()));
  if (added) {
    site.messages.push_back(name);
    for (std::size_t row = 0; row < site.dead.size(); ++row)
      site.dead[row].push_back(row != 0 && dead_in(to, row, name));
  }
  const std::uint32_t left = ages_ == 1 ? 0 : setup_.delay_of(name.from, to);
  return it->second * ages_ + left;
}

bool Behaviour::dead_in(ProcessId p, std::size_t row, const MessageName& name) const {
  const Reduction::Site& reduced = reduction_->sites[p];
  return reduced.dead[row][reduced.message.at(name)];
}

bool Behaviour::beyond_rounds(const Local& local) {
  if (machine_.round == nullptr || setup_.rounds == 0) return false;
  if (machine_.round(local.state.data()) <= setup_.rounds) return false;
  ++rounds_cut_;
  return true;
}

void Behaviour::add_rule(ProcessId p, const Stepped& step, Move move, std::uint8_t detail,
                         bool crashes, std::uint16_t variant) {
  Rule rule{};
  rule.first_send = static_cast<std::uint32_t>(sends_.size());
  for (const Sending& s : step.sends) {
    if (setup_.dead_link[std::size_t{p} * sites_.size() + s.to]) continue;
    sends_.push_back({s.to, item_of(s.to, {p, false, s.message})});
  }
  if (crashes && setup_.detects && machine_.detects_failures)
    for (ProcessId q = 0; q < sites_.size(); ++q)
      if (setup_.site[q] != setup_.site[p]) sends_.push_back({q, item_of(q, {p, true, {}})});
  rule.sends = static_cast<std::uint16_t>(sends_.size() - rule.first_send);
  rule.next = intern(p, step.next);
  rule.move = move;
  rule.detail = detail;
  rule.crashes = crashes;
  rule.splits = step.splits;
  rule.variant = variant;
  rule.cut = static_cast<std::int16_t>(step.cut);
  rules_.push_back(rule);
  bytes_ += 2 * (sizeof(Rule) + rule.sends * sizeof(Send));
}

void Behaviour::add_act(ProcessId p, const Local& from, const Act& act, Move move,
                        std::uint8_t detail) {
  ++steps_run_;
  const Stepped whole = steps_.whole(from, act);
  // A crash forgets the ballot, but not that it was led: a step that is cut leads it as well.
  if (beyond_rounds(whole.next)) return;
  add_rule(p, whole, move, detail, false, 0);
  if (!setup_.crashable[p] || setup_.budget.crashes == 0) return;
  std::uint16_t variant = 0;
  for (const Stepped& cut : steps_.cuts(from, act)) add_rule(p, cut, move, detail, true, variant++);
}

void Behaviour::add_crashes(ProcessId p, const Local& from) {
  if (!setup_.crashable[p] || setup_.budget.crashes == 0) return;
  std::uint16_t variant = 0;
  for (Local& down : steps_.crashed(from))
    add_rule(p, {std::move(down), {}, Stepped::kWhole}, Move::crash, 0, true, variant++);
}

Behaviour::Range Behaviour::spontaneous_of(ProcessId p, std::uint32_t number) {
  const Local from = sites_[p].locals[number];  // a copy: interning moves the table
  const auto first = static_cast<std::uint32_t>(rules_.size());
  if (from.phase != Local::Phase::down || setup_.budget.recoveries) {
    for (const Act& act : steps_.acts(from, p, setup_.votes[p])) {
      const Move move = move_of(act);
      const bool tagged = move == Move::prepared || move == Move::timeout;
      add_act(p, from, act, move, tagged ? act.input.tag() : Tag{0});
    }
  }
  if (from.phase != Local::Phase::down) add_crashes(p, from);
  return {first, static_cast<std::uint32_t>(rules_.size())};
}

Behaviour::Range Behaviour::reactions_of(ProcessId p, std::uint32_t number, std::uint32_t message) {
  const Local from = sites_[p].locals[number];
  const MessageName name = sites_[p].messages[message];
  const auto first = static_cast<std::uint32_t>(rules_.size());
  if (from.phase == Local::Phase::down) {
    add_rule(p, {from, {}, Stepped::kWhole}, Move::drop, 0, false, 0);
  } else if (from.phase == Local::Phase::up && from.writing == 0) {
    const Input in =
        name.failure ? Input::failure(name.from, p) : Input::message(name.message, name.from, p);
    add_act(p, from, Act::of(in), name.failure ? Move::report : Move::deliver, 0);
  }
  return {first, static_cast<std::uint32_t>(rules_.size())};
}

bool Behaviour::may_go_first(ProcessId p, std::uint32_t local, const Rule& rule,
                             bool takes_message) const {
  const Independence& parts = *independence_;
  const auto component = [&](std::uint32_t l) { return parts.component(p, sites_[p].classes[l]); };
  const bool advances =
      component(local) != component(rule.next) || (takes_message && rule.sends == 0);
  return advances && parts.undoes_nothing(*this, p, local, rule.next);
}

/// The range that `make` gives, and what it met.
template <class Make>
Behaviour::Range Behaviour::noted(ProcessId p, std::uint32_t local, bool takes_message,
                                  const Make& make) {
  const std::uint64_t before = rounds_cut_;
  Range range = make();
  range.cut = rounds_cut_ != before;
  if (independence_ == nullptr) return range;
  range.goes_first = !range.cut;
  for (const Rule& r : rules(range)) {
    if (r.crashes || (!takes_message && r.sends == 0 && r.next == local)) continue;
    range.acts = true;
    range.goes_first = range.goes_first && may_go_first(p, local, r, takes_message);
  }
  return range;
}

bool Behaviour::disturbs(ProcessId q, std::uint32_t its_local, std::uint32_t its_inbox, ProcessId p,
                         std::uint32_t local) const {
  const bool told = (sites_[q].inboxes[its_inbox].senders >> p & 1) != 0;
  return independence_->disturbs(q, sites_[q].classes[its_local], p, dead_row(p, local), told);
}

std::vector<std::uint32_t> Behaviour::changed_inbox(const Gap& gap) const {
  const Site& site = sites_[gap.process];
  std::vector<std::uint32_t> items = site.inboxes[gap.a].items;
  switch (gap.kind) {
    case Gap::Kind::plus: {
      const auto at = std::lower_bound(items.begin(), items.end(), gap.b);
      if (at == items.end() || *at != gap.b) items.insert(at, gap.b);
      break;
    }
    case Gap::Kind::minus: items.erase(items.begin() + gap.b); break;
    case Gap::Kind::ticked:
      // What is due already waits for a busy process.
      for (std::uint32_t& item : items) item -= ticks_left(item) != 0;
      std::sort(items.begin(), items.end());
      items.erase(std::unique(items.begin(), items.end()), items.end());
      break;
    case Gap::Kind::beyond:
      std::erase_if(items, [&](std::uint32_t item) {
        const MessageName& name = site.messages[message_of(item)];
        return !name.failure && !same_side(splits_[gap.b], name.from, gap.process);
      });
      break;
    case Gap::Kind::kept:
      std::erase_if(items, [&](std::uint32_t item) { return site.dead[gap.b][message_of(item)]; });
      break;
    default: INDOUBT_ASSERT(false);
  }
  return items;
}

void Behaviour::fill_inbox(const Gap& gap) {
  const std::uint32_t number = intern_inbox(gap.process, changed_inbox(gap));
  Site& site = sites_[gap.process];
  Inbox& inbox = site.inboxes[gap.a];
  const auto note = [&](std::vector<std::uint32_t>& row, std::size_t columns) {
    if (row.size() <= gap.b) row.resize(columns, kUnknown);
    row[gap.b] = number;
  };
  switch (gap.kind) {
    case Gap::Kind::plus: return note(inbox.plus, site.messages.size() * ages_);
    case Gap::Kind::minus: return note(inbox.minus, inbox.items.size());
    case Gap::Kind::beyond: return note(inbox.beyond, splits_.size());
    case Gap::Kind::kept: return note(inbox.kept, site.dead.size());
    case Gap::Kind::ticked: inbox.ticked = number; return;
    default: INDOUBT_ASSERT(false);
  }
}

void Behaviour::fill(const Gap& gap) {
  Site& site = sites_[gap.process];
  switch (gap.kind) {
    case Gap::Kind::spontaneous: {
      const Range r =
          noted(gap.process, gap.a, false, [&] { return spontaneous_of(gap.process, gap.a); });
      site.spontaneous[gap.a] = r;
      break;
    }
    case Gap::Kind::reaction: {
      const Range r =
          noted(gap.process, gap.a, true, [&] { return reactions_of(gap.process, gap.a, gap.b); });
      auto& row = site.reactions[gap.a];
      if (row.size() <= gap.b) row.resize(site.messages.size(), {kUnknown, 0});
      row[gap.b] = r;
      break;
    }
    case Gap::Kind::local_ticked: {
      const std::uint32_t number = intern(gap.process, steps_.ticked(site.locals[gap.a]));
      site.ticked[gap.a] = number;
      break;
    }
    case Gap::Kind::plus:
    case Gap::Kind::minus:
    case Gap::Kind::ticked:
    case Gap::Kind::beyond:
    case Gap::Kind::kept: fill_inbox(gap); break;
    case Gap::Kind::local_orbit: fill_orbit(false, gap.process, gap.a); break;
    case Gap::Kind::inbox_orbit: fill_orbit(true, gap.process, gap.a); break;
  }
}

}  // namespace indoubt
