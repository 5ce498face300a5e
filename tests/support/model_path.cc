#include "tests/support/model_path.h"

#include "sim/process/effect.h"

namespace indoubt {

std::vector<RunEvent>& RunWriter::run(const At& at) {
  if (at.transaction != transaction_) runs_.emplace_back();
  transaction_ = at.transaction;
  return runs_.back();
}

void RunWriter::on_input(const At& at, const Input& in) {
  std::vector<RunEvent>& all = run(at);
  // The model lets everybody start before anything else happens; a loss at once commutes with it.
  const bool starts = in.kind() == Input::Kind::start;
  const auto place =
      starts ? std::find_if(all.begin(), all.end(),
                            [](const RunEvent& e) { return e.kind != RunEvent::Kind::input; })
             : all.end();
  all.insert(place, {.kind = RunEvent::Kind::input, .input = in});
  stepped_ = at.time;
}

/// The input whose step is under way.
RunEvent* RunWriter::last_input(const At& at) {
  std::vector<RunEvent>& all = run(at);
  const auto it = std::find_if(all.rbegin(), all.rend(),
                               [](const RunEvent& e) { return e.kind == RunEvent::Kind::input; });
  return it == all.rend() ? nullptr : &*it;
}

void RunWriter::on_effect(const At& at, const Effect& e, std::span<const ProcessId>) {
  if (e.kind != Effect::Kind::decide) return;
  RunEvent* input = last_input(at);
  if (input != nullptr && input->input.self() == at.process)
    input->decided = static_cast<Outcome>(e.tag);
}

void RunWriter::on_state(const At& at, std::string_view state) {
  RunEvent* input = last_input(at);
  if (input != nullptr && input->input.self() == at.process && !input->crashes)
    input->state = state;
}

void RunWriter::on_loss(const At& at, ProcessId to, Message m, Loss) {
  run(at).push_back({.kind = RunEvent::Kind::loss, .from = at.process, .to = to, .message = m});
}

void RunWriter::on_crash(const At& at) {
  RunEvent* input = last_input(at);
  if (input != nullptr && stepped_ == at.time && sites_[input->input.self()] == at.process &&
      !input->crashes) {
    input->crashes = true;
    input->state.clear();
    input->site = at.process;
    if (input->input.kind() != Input::Kind::start) return;
  }
  run(at).push_back({.kind = RunEvent::Kind::crash, .site = at.process});
}

namespace {

MessageName name_of(const RunEvent& e) {
  if (e.kind == RunEvent::Kind::loss) return {e.from, false, e.message};
  return {e.input.from(), false, e.input.message()};
}

bool has_message(const RunEvent& e) {
  return e.kind == RunEvent::Kind::loss ||
         (e.kind == RunEvent::Kind::input && e.input.kind() == Input::Kind::message);
}

ProcessId receiver(const RunEvent& e) {
  return e.kind == RunEvent::Kind::loss ? e.to : e.input.self();
}

/// Equal messages in flight are one in a world, so that it may have to stay for the next one.
bool comes_again(const std::vector<RunEvent>& run, std::size_t i) {
  if (!has_message(run[i])) return false;
  const MessageName name = name_of(run[i]);
  for (std::size_t k = i + 1; k < run.size(); ++k) {
    if (!has_message(run[k]) || receiver(run[k]) != receiver(run[i])) continue;
    const MessageName other = name_of(run[k]);
    if (!(name < other) && !(other < name)) return true;
  }
  return false;
}

}  // namespace

std::optional<std::size_t> PathFinder::first_that_is_no_move(const std::vector<RunEvent>& run) {
  at_ = {model_.initial()};
  for (std::size_t i = 0; i < run.size(); ++i) {
    follow(run[i], comes_again(run, i));
    if (at_.empty()) return i;
  }
  return std::nullopt;
}

/// Fills what the model does not know yet about the worlds that the run can be in.
void PathFinder::know() {
  for (bool all = false; !all;) {
    all = true;
    for (const World& w : at_) all = model_.each_successor(w, scratch_, [](World, Label) {}) && all;
    if (scratch_.gaps.empty()) return;
    all = false;
    const Learned learned = model_.learn({&scratch_, 1});
    INDOUBT_ASSERT(learned == Learned::more || learned == Learned::moved);
    for (World& w : at_) w = model_.moved_if(w, learned == Learned::moved);
  }
}

void PathFinder::step(const World& w, const std::vector<Label>& wanted, std::vector<World>& to) {
  model_.each_successor(w, scratch_, [&](const World& next, Label label) {
    if (std::find(wanted.begin(), wanted.end(), label) == wanted.end()) return;
    if (std::find(to.begin(), to.end(), next) == to.end()) to.push_back(next);
  });
}

std::vector<Label> PathFinder::own_moves(const World& w, const RunEvent& e) const {
  const ProcessId p = e.input.self();
  const std::uint32_t l = model_.local(w, p);
  std::vector<Label> labels;
  for (const Behaviour::Rule& r : b_.rules(b_.spontaneous(p, l))) {
    const bool fits = [&] {
      switch (e.input.kind()) {
        case Input::Kind::start: return r.move == Move::start;
        case Input::Kind::prepared: return r.move == Move::prepared && r.detail == e.input.tag();
        case Input::Kind::timeout: return r.move == Move::timeout && r.detail == e.input.tag();
        case Input::Kind::recovery:
          return r.move == Move::recover && b_.local(p, l).durable == e.input.record();
        default: return false;
      }
    }();
    if (fits && (!r.crashes || e.crashes)) labels.push_back(label_of(r.move, p, &r, nullptr));
  }
  return labels;
}

std::vector<Label> PathFinder::deliveries(const World& w, const MessageName& name, ProcessId to,
                                          bool again_later) const {
  std::vector<Label> labels;
  const std::uint32_t l = model_.local(w, to);
  for (const std::uint32_t item : b_.items(to, model_.inbox(w, to))) {
    const std::uint32_t number = b_.message_of(item);
    const MessageName& found = b_.message(to, number);
    if (found < name || name < found) continue;
    const Behaviour::Range range = b_.reactions(to, l, number);
    if (range.first == Behaviour::kUnknown) continue;
    for (const Behaviour::Rule& r : b_.rules(range))
      labels.push_back(label_of(r.move, to, &r, &name));
    if (again_later) labels.push_back(fault_label(Move::duplicate, to, 0, &name));
  }
  return labels;
}

std::vector<Label> PathFinder::losses(const World& w, const RunEvent& e) const {
  const MessageName name = name_of(e);
  std::vector<Label> labels = {fault_label(Move::lose, e.to, 0, &name)};
  if ((b_.facts(e.to, model_.local(w, e.to)) & Behaviour::up) != 0) return labels;
  for (const Label l : deliveries(w, name, e.to, false)) labels.push_back(l);
  return labels;
}

/// A site that is down stays as it is: its crash has come in the midst of a step.
void PathFinder::crash(ProcessId site) {
  know();
  std::vector<World> to;
  for (const World& w : at_) {
    if (is_down(w, site)) to.push_back(w);
    for (ProcessId p = 0; p < b_.processes(); ++p) {
      if (b_.setup().site[p] != site) continue;
      std::vector<Label> labels;
      const Behaviour::Range range = b_.spontaneous(p, model_.local(w, p));
      INDOUBT_ASSERT(range.first != Behaviour::kUnknown);
      for (const Behaviour::Rule& r : b_.rules(range))
        if (r.move == Move::crash) labels.push_back(label_of(r.move, p, &r, nullptr));
      step(w, labels, to);
    }
  }
  at_ = std::move(to);
}

bool PathFinder::is_down(const World& w, ProcessId p) const {
  return b_.local(p, model_.local(w, p)).phase == Local::Phase::down;
}

bool PathFinder::fits(const World& w, const RunEvent& e) const {
  const ProcessId p = e.input.self();
  const std::uint32_t l = model_.local(w, p);
  if (e.decided && b_.local(p, l).decided != *e.decided) return false;
  return e.state.empty() || !b_.local(p, l).up() || b_.process_facts(p, l).state == e.state;
}

void PathFinder::follow(const RunEvent& e, bool again_later) {
  if (e.kind == RunEvent::Kind::crash) return crash(e.site);
  know();
  std::vector<World> to;
  for (const World& w : at_) {
    if (e.kind == RunEvent::Kind::loss) {
      step(w, losses(w, e), to);
      if (again_later) to.push_back(w);
    } else if (e.input.kind() == Input::Kind::message) {
      step(w, deliveries(w, name_of(e), e.input.self(), again_later), to);
    } else {
      step(w, own_moves(w, e), to);
    }
  }
  at_ = std::move(to);
  if (e.kind == RunEvent::Kind::loss) return;
  // Others start yet before a crash that comes at the end of a start: it is an event of its own.
  if (e.crashes && e.input.kind() != Input::Kind::start) crash(e.site);
  if (!e.crashes) std::erase_if(at_, [&](const World& w) { return is_down(w, e.input.self()); });
  std::erase_if(at_, [&](const World& w) { return !fits(w, e); });
}

}  // namespace indoubt
