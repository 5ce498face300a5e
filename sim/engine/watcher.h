#pragma once
#include "sim/engine/performer.h"

namespace indoubt {

/// Performs effects as Performer does and strikes faults at the points of the protocol that they
/// name. After a crash the handler runs on, but nothing that it asks for happens.
template <class Events>
class Simulator<Events>::Watcher final : public Sink {
 public:
  Watcher(Simulator& s, Transaction& t, ProcessSlot& me, const Input& in)
      : s_(s), t_(t), p_(in.self()), in_(in), inner_(s, t, me, in) {}

  bool crashed() const { return crashed_; }
  /// Instead of acting at a step, or of handling a delivered message.
  bool strikes_instead() {
    each([&](std::size_t r, const Trigger& when) {
      const Point& point = when.point;
      const bool per_step = point.where == Point::Where::per_step;
      const bool instead = point.where == Point::Where::instead_of &&
                           in_.kind() == Input::Kind::message &&
                           names(point.name, s_.machine_.message_name(in_.message())) &&
                           s_.faults_.rules()[r].to[in_.from()];
      if (per_step || instead) reach(r);
    });
    return crashed_;
  }
  /// A forced record has become durable: "after force".
  void durable(RecordWord record) { after(Point::What::force, s_.machine_.record_name(record)); }

  void send(ProcessId to, Message m) override { send_set({&to, 1}, m); }
  void send_set(std::span<const ProcessId> to, Message m) override {
    if (crashed_) return;
    if (inner_.suspended()) return inner_.send_set(to, m);
    if (decided_ && !told_) step_point();
    told_ = decided_;
    const std::string_view name = s_.machine_.message_name(m);
    if (name == "INQUIRY" && p_ != kCoordinator) s_.trouble(t_).inquired = true;
    const std::size_t cut = random_cut(name, to.size());
    for (std::size_t i = 0; i < to.size() && !crashed_; ++i) {
      if (i == cut) crash_now(cut_rule_);
      around_send(Point::Where::before, name, to, i);
      if (!crashed_) inner_.send(to[i], m);
      around_send(Point::Where::after, name, to, i);
    }
    if (cut == to.size() && !crashed_) crash_now(cut_rule_);
  }
  void prepare() override {
    around(Point::What::prepare, "", [&] { inner_.prepare(); });
  }
  void vote(LocalVote v) override {
    around(Point::What::vote, name(v), [&] { inner_.vote(v); });
  }
  void force(RecordWord r) override {
    if (inner_.suspended()) return inner_.force(r);
    before(Point::What::force, s_.machine_.record_name(r));
    const bool lies = !crashed_ && disk_fails();
    if (crashed_) return;
    s_.lying_ = lies;
    inner_.force(r);
    s_.lying_ = false;
    if (s_.forces_at_once_) durable(r);
  }
  void log(RecordWord r) override {
    around(Point::What::log, s_.machine_.record_name(r), [&] { inner_.log(r); });
  }
  void set_timer(Tag k) override {
    if (!crashed_) inner_.set_timer(k);
  }
  void cancel_timer(Tag k) override {
    if (!crashed_) inner_.cancel_timer(k);
  }
  void decide(Outcome o, AbortCause cause) override {
    if (inner_.suspended()) return inner_.decide(o, cause);
    if (!crashed_) step_point();
    decided_ = true;
    around(Point::What::decide, name(o), [&] { inner_.decide(o, cause); });
  }
  void forget() override {
    if (!crashed_) inner_.forget();
  }

 private:
  static bool names(const std::string& wanted, std::string_view found) {
    return wanted.empty() || wanted == found;
  }
  std::string_view handler() const {
    switch (in_.kind()) {
      case Input::Kind::start: return "start";
      case Input::Kind::message: return s_.machine_.message_name(in_.message());
      case Input::Kind::prepared: return "prepared";
      case Input::Kind::timeout: return s_.machine_.timers[in_.tag()];
      case Input::Kind::recovery: return "recovery";
      case Input::Kind::failure: return "failure";
    }
    return "";
  }
  /// Calls f for the faults whose points this process and handler may reach now. A crash here does
  /// not hide the point from the faults after it.
  template <class F>
  void each(F&& f) {
    if (crashed_) return;
    const auto& rules = s_.faults_.rules();
    for (std::size_t r = 0; r < rules.size(); ++r) {
      const Trigger& when = rules[r].fault->when;
      if (when.kind != Trigger::Kind::at_point || !s_.concerns(t_, r)) continue;
      if (rules[r].at[p_] && names(when.point.handler, handler())) f(r, when);
    }
  }
  void reach(std::size_t rule) {
    const Trigger& when = s_.faults_.rules()[rule].fault->when;
    const bool each_time =
        when.point.where == Point::Where::each_send || when.point.where == Point::Where::per_step;
    if (crashed_ && each_time) return;  // nothing is drawn for who is down
    const std::uint32_t n = ++s_.trouble(t_).seen[rule];
    const bool counted = when.occurrence != 0 && !each_time;
    if (counted && n != static_cast<std::uint32_t>(when.occurrence)) return;
    if (!s_.meets_conditions(t_, when)) return;
    if (each_time && !s_.strikes_now(t_, rule, n)) return;
    crash_now(rule);
  }
  void crash_now(std::size_t rule) {
    if (s_.faults_.rules()[rule].fault->kind == Fault::Kind::crash) {
      if (crashed_) return;
      crashed_ = true;
      crash_rule_ = rule;
    } else {
      s_.strike_all(t_, rule);
    }
  }
  /// Whether the disk lies about this write; if it fails openly, its site crashes.
  bool disk_fails() {
    const auto& rules = s_.faults_.rules();
    bool lies = false;
    for (std::size_t r = 0; r < rules.size() && !crashed_; ++r) {
      const Fault& fault = *rules[r].fault;
      if (fault.kind != Fault::Kind::disk || !s_.concerns(t_, r) || !rules[r].at[p_]) continue;
      const std::uint32_t n = ++s_.trouble(t_).seen[r];
      if (!s_.meets_conditions(t_, fault.when) || !s_.strikes_now(t_, r, n)) continue;
      lies = lies || fault.lies;
      crashed_ = !fault.lies;
      crash_rule_ = r;
    }
    return lies;
  }
  void step_point() {
    each([&](std::size_t r, const Trigger& when) {
      if (when.point.where == Point::Where::per_step) reach(r);
    });
  }
  void before(Point::What what, std::string_view name) { at(Point::Where::before, what, name); }
  void after(Point::What what, std::string_view name) { at(Point::Where::after, what, name); }
  void at(Point::Where where, Point::What what, std::string_view name) {
    if (crashed_) return;
    each([&](std::size_t r, const Trigger& when) {
      if (when.point.where == where && names_effect(when.point, what, name)) reach(r);
    });
  }
  template <class F>
  void around(Point::What what, std::string_view name, F&& perform) {
    if (inner_.suspended()) return perform();
    before(what, name);
    if (crashed_) return;
    perform();
    after(what, name);
  }
  /// The points before and after the single send number i of a broadcast. `before` and `after`
  /// without a destination or a number of sends mean the whole of it.
  void around_send(Point::Where where, std::string_view name, std::span<const ProcessId> to,
                   std::size_t i) {
    if (crashed_) return;
    each([&](std::size_t r, const Trigger& when) {
      const Point& point = when.point;
      if (!names_effect(point, Point::What::send, name)) return;
      const bool to_it = s_.faults_.rules()[r].to[to[i]];
      if (point.where == Point::Where::each_send && where == Point::Where::before) {
        if (to_it) reach(r);
        return;
      }
      if (point.where != where || !to_it) return;
      const bool whole = point.to.empty() && point.sends == 0;
      if (whole && i != (where == Point::Where::before ? 0 : to.size() - 1)) return;
      if (point.sends != 0 && i + 1 != static_cast<std::size_t>(point.sends)) return;
      reach(r);
    });
  }
  std::size_t random_cut(std::string_view name, std::size_t sends) {
    std::size_t cut = ~std::size_t{0};
    each([&](std::size_t r, const Trigger& when) {
      if (when.point.where != Point::Where::random_cut) return;
      if (!names_effect(when.point, Point::What::send, name)) return;
      const std::uint32_t n = ++s_.trouble(t_).seen[r];
      if (when.occurrence != 0 && n != static_cast<std::uint32_t>(when.occurrence)) return;
      if (!s_.meets_conditions(t_, when)) return;
      const double u = unit_uniform(s_.draws_.word(
          {t_.number, Purpose::mishap, static_cast<std::uint32_t>(r), std::uint64_t{n}}));
      cut = static_cast<std::size_t>(u * static_cast<double>(sends + 1));
      cut_rule_ = r;
    });
    return cut;
  }

 public:
  std::size_t crash_rule() const { return crash_rule_; }

 private:
  Simulator& s_;
  Transaction& t_;
  ProcessId p_;
  const Input in_;
  Performer inner_;
  bool crashed_ = false, decided_ = false, told_ = false;
  std::size_t crash_rule_ = 0, cut_rule_ = 0;
};

}  // namespace indoubt
