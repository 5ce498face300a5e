#include "tests/support/fault_walk.h"

#include "tests/support/effect_text.h"

namespace indoubt {
namespace {

ProcessId id(int p) { return static_cast<ProcessId>(p); }

}  // namespace

FaultWalk::FaultWalk(const Machine& machine, std::uint64_t seed, const FaultLimits& limits)
    : machine_(machine), draws_(seed, 0), limits_(limits) {
  for (int p = 0; p < machine_.processes; ++p) {
    Site site;
    site.state.assign((machine_.state_size + 7u) / 8u, 0);
    site.armed.assign(machine_.timers.size(), false);
    machine_.construct(site.state.data());
    sites_.push_back(std::move(site));
  }
  for (int p = 0; p < machine_.processes; ++p) step(Input::start(id(p)), "starts");
}

std::uint64_t FaultWalk::draw(std::uint64_t below) {
  return draws_.word({1, Purpose::link, 0, drawn_++}) % below;
}

void FaultWalk::run(int steps) {
  for (int k = 0; k < steps && violation_.empty(); ++k) happen();
}

void FaultWalk::happen() {
  const int p = static_cast<int>(draw(sites_.size()));
  Site& me = at(p);
  switch (draw(8)) {
    case 0:
      if (me.working != 0) {
        const std::uint64_t kind = draw(limits_.readers ? 8 : 5);
        finish_work(p, kind == 0  ? LocalVote::no
                       : kind > 4 ? LocalVote::read_only
                                  : LocalVote::yes);
      }
      return;
    case 1: return expire(p, draw(me.armed.size()));
    case 2:
      if (me.down) return restart(p);
      if (limits_.crashes != 0 && draw(4) == 0) crash(p);
      return;
    case 3:
      if (limits_.loss && !flights_.empty() && draw(2) == 0) {
        flights_.erase(flights_.begin() + static_cast<std::ptrdiff_t>(draw(flights_.size())));
      }
      return;
    default:
      if (!flights_.empty()) deliver(draw(flights_.size()), limits_.duplication && draw(8) == 0);
  }
}

void FaultWalk::settle() {
  limits_.crashes = 0;
  for (int p = 0; p < processes(); ++p) {
    if (at(p).down) restart(p);
  }
  for (int round = 0; round < 12 * processes() && violation_.empty(); ++round) {
    for (int k = 0; k < 2'000 && !flights_.empty(); ++k) deliver(0, false);
    for (int p = 0; p < processes(); ++p) {
      if (at(p).working != 0) finish_work(p, LocalVote::yes);
    }
    if (!flights_.empty()) continue;
    const int p = round % processes();
    for (std::size_t k = 0; k < at(p).armed.size(); ++k) expire(p, k);
  }
}

void FaultWalk::deliver(std::size_t i, bool keeps) {
  const Flight f = flights_[i];
  if (!keeps) flights_.erase(flights_.begin() + static_cast<std::ptrdiff_t>(i));
  if (at(f.to).down) return;
  step(
      Input::message(f.message, f.from, f.to),
      "takes " + std::string(machine_.message_name(f.message)) + " from " + std::to_string(f.from));
}

void FaultWalk::expire(int p, std::size_t timer) {
  if (!at(p).armed[timer]) return;
  at(p).armed[timer] = false;
  step(Input::timeout(static_cast<Tag>(timer), id(p)),
       "time-out " + std::string(machine_.timers[timer]));
}

void FaultWalk::finish_work(int p, LocalVote vote) {
  --at(p).working;
  step(Input::prepared(vote, id(p)), "prepared " + std::string(name(vote)));
}

void FaultWalk::crash(int p) {
  if (limits_.crashes > 0) --limits_.crashes;
  Site& me = at(p);
  const std::size_t kept = draw(me.unforced.size() + 1);
  if (kept != 0) me.durable = me.unforced[kept - 1];
  me.unforced.clear();
  me.armed.assign(me.armed.size(), false);
  me.working = 0;
  me.down = true;
  story_ +=
      std::to_string(p) + " crashes with " + std::string(machine_.record_name(me.durable)) + "\n";
}

void FaultWalk::restart(int p) {
  Site& me = at(p);
  me.down = false;
  machine_.construct(me.state.data());
  step(Input::recovery(me.durable, id(p)), "recovers");
}

void FaultWalk::step(const Input& in, const std::string& what) {
  const int p = in.self();
  Site& me = at(p);
  Effects effects;
  machine_.step(me.state.data(), in, effects);
  const bool crashes = limits_.crashes != 0 && draw(12) == 0;
  int cut = effects.size();
  if (crashes) cut = static_cast<int>(draw(static_cast<std::uint64_t>(effects.size()) + 1));
  // A vote goes with the record before it: what it says is durable.
  if (cut != effects.size() && effects[cut].kind == Effect::Kind::vote) ++cut;
  story_ += std::to_string(p) + " " + what + ":";
  for (int i = 0; i < cut; ++i) {
    story_ += " " + effect_text(machine_, effects[i], effects.members(effects[i])) + ";";
    perform(me, p, effects[i], effects);
  }
  story_ += "\n";
  if (crashes) return crash(p);
  // Back from a crash it has decided as its record says, without asking for it once more.
  const Outcome outcome = machine_.outcome(me.state.data());
  if (outcome != Outcome::none) judge(p, outcome);
}

void FaultWalk::perform(Site& me, int p, const Effect& e, const Effects& all) {
  switch (e.kind) {
    case Effect::Kind::send: flights_.push_back({Message{e.word}, id(p), e.to}); break;
    case Effect::Kind::send_set:
      for (const ProcessId to : all.members(e)) flights_.push_back({Message{e.word}, id(p), to});
      break;
    case Effect::Kind::prepare: ++me.working; break;
    case Effect::Kind::vote:
      if (me.vote != Vote::none) break;
      me.vote = e.tag == static_cast<Tag>(LocalVote::no)    ? Vote::no
                : e.tag == static_cast<Tag>(LocalVote::yes) ? Vote::yes
                                                            : Vote::read_only;
      break;
    case Effect::Kind::force:
      me.durable = e.word;
      me.unforced.clear();
      break;
    case Effect::Kind::log: me.unforced.push_back(e.word); break;
    case Effect::Kind::set_timer: me.armed[e.tag] = true; break;
    case Effect::Kind::cancel_timer: me.armed[e.tag] = false; break;
    case Effect::Kind::decide: judge(p, static_cast<Outcome>(e.tag)); break;
    case Effect::Kind::forget: break;
  }
}

bool FaultWalk::everybody_reads() const {
  for (int p = 1; p < processes(); ++p) {
    if (!reader(p)) return false;
  }
  return true;
}

void FaultWalk::judge(int p, Outcome o) {
  Site& me = at(p);
  if (me.vote == Vote::read_only || everybody_reads()) return;
  if (me.decided != Outcome::none && me.decided != o) blame(p, "reverses its decision (AC2)");
  me.decided = o;
  for (int q = 0; q < processes(); ++q) {
    if (decided(q) != Outcome::none && decided(q) != o && !reader(q)) {
      blame(p, "decides otherwise than " + std::to_string(q) + " (AC1)");
    }
  }
  if (o != Outcome::commit) return;
  for (int q = 1; q < machine_.group.participants + 1; ++q) {
    if (at(q).vote != Vote::yes && !reader(q)) {
      blame(p, "commits without the YES of " + std::to_string(q) + " (AC3)");
    }
  }
}

void FaultWalk::blame(int p, const std::string& what) {
  if (!violation_.empty()) return;
  violation_ = std::to_string(p) + " " + what;
  story_ += " <- " + violation_;
}

}  // namespace indoubt
