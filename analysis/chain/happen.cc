#include "analysis/chain/happen.h"

#include <algorithm>

namespace indoubt::markov {

World Happenings::blank() const {
  World w;
  w.processes.resize(machine_.processes);
  w.sites.resize(machine_.processes);
  for (ProcessState& p : w.processes) {
    p.state.resize((machine_.state_size + 7u) / 8u);
    machine_.construct(p.state.data());
  }
  w.seen.resize(plan_.rules().size());
  w.active.resize(plan_.rules().size());
  w.struck.resize(plan_.rules().size());
  w.windows.resize(plan_.rules().size());
  return w;
}

/// A run ends a hopeless transaction early if some fault concerns it. Where messages get lost it
/// may be hopeless without, so that this must be known.
void Happenings::draw_all() {
  if (!plan_.loses_messages()) return;
  for (std::size_t r = 0; r < plan_.rules().size(); ++r) {
    if (plan_.always_concerns(r)) continue;
    world_->active[r] = !plan_.rules()[r].never && happens(plan_.rules()[r].probability) ? 1 : 2;
  }
}

/// Faults first, as their events come first; then every process that is up, in order.
void Happenings::begin(World& world, Choices& choices, Earned& earned) {
  world_ = &world;
  choices_ = &choices;
  earned_ = &earned;
  draw_all();
  begin_windows();
  begin_faults();
  for (ProcessId p = 0; p < machine_.processes; ++p)
    if (site(p).up && !process(p).anew) step(Input::start(p));
}

void Happenings::happen(World& world, const Item& item, Choices& choices, Earned& earned) {
  world_ = &world;
  choices_ = &choices;
  earned_ = &earned;
  switch (item.kind) {
    case Item::Kind::deliver: return deliver(item);
    case Item::Kind::prepared:
      return react(item.to, Input::prepared(LocalVote::no, item.to).head(), 0);
    case Item::Kind::written: return resume(item.to);
    case Item::Kind::timer: return react(item.to, Input::timeout(item.tag, item.to).head(), 0);
    case Item::Kind::fault: return come(item);
    case Item::Kind::repair: return repaired(item);
    case Item::Kind::idle: return;
    case Item::Kind::ease: return end_trouble(item.tag);
    case Item::Kind::window:
      world.windows[item.tag] = item.from == 0 ? World::Window::open : World::Window::past;
      return;
    case Item::Kind::verdict:
      if (plan_.rules()[item.tag].fault->kind == Fault::Kind::outcome) return come(item);
      return decide_alone(item.to, item.tag);
  }
}

// ---- inputs

void Happenings::deliver(const Item& item) {
  const std::optional<std::int64_t> stalled = stalled_until(item.from, item.to);
  if (stalled && *stalled != 0) return put_off(item, *stalled);
  if (!site(item.to).up) {
    if (site(item.to).holds_messages)
      if (const auto restart = restarts_at(plan_.network().site_of(item.to)))
        return put_off(item, *restart);
    world_->lost = true;
    return;
  }
  const Input in = Input::message(Message{item.word}, item.from, item.to);
  react(item.to, in.head(), in.word());
}

/// A message that has come waits outside until then (Item::at).
void Happenings::put_off(Item item, std::int64_t until) {
  item.stages = 0;
  item.rate = Weights::kOne;
  item.at = until;
  world_->add(item);
}

/// A busy process takes no input: it waits, in order of arrival.
void Happenings::react(ProcessId p, std::uint64_t head, std::uint64_t word) {
  if (process(p).waits != 0) {
    process(p).held.push_back({head, word});
    return;
  }
  const Input in = Input::from_words(head, word);
  if (in.kind() == Input::Kind::prepared) return vote_drawn(p);
  if (in.kind() == Input::Kind::timeout) world_->fired = true;
  step(in);
}

void Happenings::vote_drawn(ProcessId p) {
  process(p).working = false;
  const Plan::Participant& mine = plan_.participant(p);
  const bool reads = mine.read ? choices_->happens(*mine.read) : mine.certain_read;
  if (reads) return step(Input::prepared(LocalVote::read_only, p));
  const bool yes = mine.yes ? choices_->happens(*mine.yes) : mine.certain_yes;
  step(Input::prepared(yes ? LocalVote::yes : LocalVote::no, p));
}

void Happenings::step(Input in) {
  const ProcessId p = in.self();
  Watch watch{p, in, {}, false, false};
  strikes_instead(watch);
  if (!watch.crashed_by) {
    Effects effects;
    machine_.step(process(p).state.data(), in, effects);
    perform(effects, 0, watch);
  }
  if (watch.crashed_by) crash(*watch.crashed_by, plan_.network().site_of(p));
}

/// A forced write is done: the effects behind it, then the inputs that were held back.
void Happenings::resume(ProcessId p) {
  const Continuations::Entry& entry = continuations_[process(p).waits - 1];
  process(p).waits = 0;
  if (!entry.lies) durable(p);
  Watch watch{p, entry.input, {}, false, false};
  at(Point::Where::after, Point::What::force, machine_.record_name(entry.effects[entry.first].word),
     watch);
  if (!watch.crashed_by) perform(entry.effects, entry.first + 1, watch);
  if (watch.crashed_by) {
    crash(*watch.crashed_by, plan_.network().site_of(p));
    return;
  }
  while (!process(p).held.empty() && process(p).waits == 0) {
    const Held held = process(p).held.front();
    process(p).held.erase(process(p).held.begin());
    react(p, held.head, held.word);
  }
}

// ---- effects

void Happenings::perform(const Effects& effects, int first, Watch& watch) {
  for (int i = first; i < effects.size() && !watch.crashed_by; ++i)
    if (!take(effects, i, watch)) return;
}

/// Does one effect; false if the others wait for it.
bool Happenings::take(const Effects& effects, int number, Watch& watch) {
  const Performed& e = effects[number];
  const ProcessId p = watch.self;
  const auto around = [&](Point::What what, std::string_view name, auto&& act) {
    at(Point::Where::before, what, name, watch);
    if (watch.crashed_by) return;
    act();
    at(Point::Where::after, what, name, watch);
  };
  switch (e.kind) {
    case Performed::Kind::send: send_all({&e.to, 1}, Message{e.word}, watch); break;
    case Performed::Kind::send_set: send_all(effects.members(e), Message{e.word}, watch); break;
    case Performed::Kind::prepare:
      around(Point::What::prepare, "", [&] {
        ++earned_->asked;
        process(p).working = true;
        begin_item({.kind = Item::Kind::prepared, .to = p},
                   slowed_site(plan_.participant(p).prepare, p), "prepare");
      });
      break;
    case Performed::Kind::vote: {
      const auto v = static_cast<LocalVote>(e.tag);
      around(Point::What::vote, name(v), [&] { vote(p, v); });
      break;
    }
    case Performed::Kind::force: return force(effects, number, watch);
    case Performed::Kind::log:
      around(Point::What::log, machine_.record_name(e.word), [&] {
        ++earned_->unforced[static_cast<std::size_t>(role(p))];
        write(p, e.word);
      });
      break;
    case Performed::Kind::set_timer: set_timer(p, e.tag); break;
    case Performed::Kind::cancel_timer: cancel_timer(p, e.tag); break;
    case Performed::Kind::decide: {
      const auto o = static_cast<Outcome>(e.tag);
      step_point(watch);
      watch.decided = true;
      around(Point::What::decide, name(o), [&] { decide(p, o, static_cast<AbortCause>(e.to)); });
      break;
    }
    case Performed::Kind::forget: break;
  }
  return true;
}

bool Happenings::force(const Effects& effects, int number, Watch& watch) {
  const ProcessId p = watch.self;
  const RecordWord record = effects[number].word;
  at(Point::Where::before, Point::What::force, machine_.record_name(record), watch);
  if (watch.crashed_by) return true;
  const bool lies = disk_lies(watch);
  if (watch.crashed_by) return true;
  ++earned_->forced[static_cast<std::size_t>(role(p))];
  if (!lies) write(p, record);
  if (plan_.force().instant()) {
    if (!lies) durable(p);
    at(Point::Where::after, Point::What::force, machine_.record_name(record), watch);
    return true;
  }
  suspend(effects, number, watch, lies);
  return false;
}

/// Whether the disk only says that it writes this. If it fails openly, its site crashes.
bool Happenings::disk_lies(Watch& watch) {
  bool lies = false;
  for (std::size_t r = 0; r < plan_.rules().size() && !watch.crashed_by; ++r) {
    const Plan::Rule& rule = plan_.rules()[r];
    const bool may = rule.fault->kind == Fault::Kind::disk && !rule.never &&
                     plan_.faults().rules()[r].at[watch.self] && world_->active[r] != 2;
    if (!may || !meets_conditions(r) || !happens(rule.probability)) continue;
    if (rule.fault->lies)
      lies = true;
    else
      watch.crashed_by = r;
  }
  return lies;
}

/// The rest of the effects waits for a write; a decision among them is known already.
void Happenings::suspend(const Effects& effects, int number, const Watch& watch, bool lies) {
  const ProcessId p = watch.self;
  process(p).waits = 1 + continuations_.intern(effects, number, watch.input, lies);
  begin_item({.kind = Item::Kind::written, .to = p}, slowed_site(plan_.force(), p), "force");
  for (int i = number + 1; i < effects.size(); ++i)
    if (effects[i].kind == Performed::Kind::decide)
      learn(p, static_cast<AbortCause>(effects[i].to));
}

/// Logs matter to crashes only, but for the coordinator's decision.
void Happenings::write(ProcessId p, RecordWord record) {
  if (plan_.has_crashes() || p == kCoordinator) site(p).open.push_back({p, record});
}

/// The last record of p and every earlier one of its site.
void Happenings::durable(ProcessId p) {
  auto& open = site(p).open;
  const auto mine =
      std::find_if(open.rbegin(), open.rend(), [&](const OpenRecord& r) { return r.process == p; });
  if (mine == open.rend()) return;
  const auto end = mine.base();
  if (p == kCoordinator) {
    const Outcome told = decision_in(machine_.record_name((end - 1)->record));
    if (world_->recorded == Outcome::none) world_->recorded = told;
  }
  for (auto at = open.begin(); at != end; ++at) process(at->process).durable = at->record;
  open.erase(open.begin(), end);
}

void Happenings::vote(ProcessId p, LocalVote v) {
  ProcessState& me = process(p);
  if (me.voted != Voted::nothing) return;  // said again after a restart
  me.voted = v == LocalVote::yes ? Voted::yes : v == LocalVote::no ? Voted::no : Voted::read;
  earned_->yes = static_cast<std::uint16_t>(earned_->yes + (v != LocalVote::no));
  if (v != LocalVote::yes || me.learnt) return;
  me.in_doubt = true;
  ++me.doubts;
  expect_verdicts(p);
}

void Happenings::send(ProcessId from, ProcessId to, Message m, std::int64_t gap) {
  const Plan::Link& link = plan_.link(from, to);
  if (link.counted) ++earned_->messages[static_cast<std::size_t>(role(from))];
  if (link.loss && choices_->happens(*link.loss)) {
    world_->lost = true;
    return;
  }
  if (is_cut(from, to)) {
    world_->lost = true;
    return;
  }
  Passage passage{gap, 0, link.duplication && choices_->happens(*link.duplication)};
  if (plan_.has_message_faults() && mishap(from, to, m, passage)) {
    world_->lost = true;
    return;
  }
  Delay delay = slowed_link(link.delay, from, to);
  if (delay.stages == 0) delay.fixed = std::max(passage.departs + delay.fixed, passage.not_before);
  Item item{.kind = Item::Kind::deliver, .from = from, .to = to};
  item.word = m.word;
  begin_item(item, delay, "network.latency");
  if (passage.twice) begin_item(item, delay, "network.latency");
}

void Happenings::set_timer(ProcessId p, Tag tag) {
  const std::optional<Delay>& length = plan_.timer(tag);
  if (!length) return;
  cancel_timer(p, tag);
  begin_item({.kind = Item::Kind::timer, .tag = tag, .to = p}, by_clock(*length, p), "");
}

void Happenings::cancel_timer(ProcessId p, Tag tag) {
  std::erase_if(world_->items, [&](const Item& i) {
    return i.kind == Item::Kind::timer && i.to == p && i.tag == tag;
  });
  std::erase_if(process(p).held,
                [&](const Held& h) { return h.head == Input::timeout(tag, p).head(); });
  process(p).floating &= ~(std::uint32_t{1} << tag);
}

/// Where times are mixed, a constant one that begins at a random instant has no place in the
/// chain: a time-out is noted as armed (and must prove harmless), anything else ends the attempt.
void Happenings::begin_item(Item item, const Delay& delay, const char* field) {
  item.stages = delay.stages;
  item.rate = delay.rate;
  item.at = delay.stages == 0 ? delay.fixed : 0;
  if (plan_.clocks() == Clocks::mixed && delay.constant()) {
    if (world_->clock == World::kUnknown) {
      if (item.kind == Item::Kind::timer)
        process(item.to).floating |= std::uint32_t{1} << item.tag;
      else if (!stuck_)
        stuck_ = name_of(item, field);
      return;
    }
    item.at += world_->clock;
  }
  world_->add(item);
}

/// What a scenario calls the time that something takes.
std::string Happenings::name_of(const Item& item, const char* field) const {
  switch (item.kind) {
    case Item::Kind::repair:
    case Item::Kind::ease: return plan_.end_field(*plan_.rules()[item.tag].fault);
    case Item::Kind::verdict: return "faults." + plan_.rules()[item.tag].fault->name + ".after";
    case Item::Kind::prepared:
      return "services." + plan_.scenario().service_of(item.to).name + ".prepare";
    case Item::Kind::written: return "disk.force";
    default: return field;
  }
}

/// The handler asked for a decision: the process knows it now, even if a force holds it up.
void Happenings::learn(ProcessId p, AbortCause cause) {
  ProcessState& me = process(p);
  if (me.voted == Voted::read) return;  // it has left the transaction
  if (p == kCoordinator && me.decided == Outcome::none && !me.learnt) world_->cause = cause;
  me.learnt = true;
  me.in_doubt = false;
}

void Happenings::decide(ProcessId p, Outcome o, AbortCause cause) {
  learn(p, cause);
  ProcessState& me = process(p);
  const Outcome before = me.decided;
  if (me.alone || before == o || me.voted == Voted::read) return;
  me.decided = o;
  judge(p, o, before, cause);
}

/// AC1 to AC3, when a decision is taken.
void Happenings::judge(ProcessId p, Outcome o, Outcome before, AbortCause cause) {
  World& w = *world_;
  const bool commit = o == Outcome::commit;
  bool committed = false, aborted = false, all_yes = true;
  bool all_read = machine_.takes_read_only;
  for (ProcessId q = 0; q <= machine_.group.participants; ++q) {
    committed = committed || w.processes[q].decided == Outcome::commit;
    aborted = aborted || w.processes[q].decided == Outcome::abort;
    const Voted v = w.processes[q].voted;
    all_yes = all_yes && (q == kCoordinator || v == Voted::yes || v == Voted::read);
    all_read = all_read && (q == kCoordinator || v == Voted::read);
  }
  if (before != Outcome::none) {
    w.violated |= all_read ? 0 : 2;  // as violates_stability says
    process(p).reversed = true;
  }
  if (committed && aborted) w.violated |= 1;
  if (commit && !all_yes) w.violated |= 4;
  const Outcome coordinator = process(kCoordinator).decided;
  const bool known = coordinator == Outcome::commit ||
                     (coordinator == Outcome::abort && w.cause != AbortCause::other);
  if (known)
    w.first = 0;
  else if (w.first == 0 && (commit || process(p).voted != Voted::no))
    w.first = commit ? World::kCommitFirst : static_cast<std::uint8_t>(1 + static_cast<int>(cause));
}

}  // namespace indoubt::markov
