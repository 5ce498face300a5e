#pragma once
#include "sim/engine/simulator.h"

namespace indoubt {

/// Performs effects as a handler asks for them. After a force that takes time the rest is recorded
/// and waits for the disk.
template <class Events>
class Simulator<Events>::Performer final : public Sink {
 public:
  Performer(Simulator& s, Transaction& t, ProcessSlot& me, const Input& in)
      : s_(s), t_(t), me_(me), in_(in), p_(in.self()) {}

  /// What is asked for now waits for a force.
  bool suspended() const { return rest_ != nullptr; }

  void send(ProcessId to, Message m) override {
    if (rest_) [[unlikely]]
      return rest_->send(to, m);
    if (s_.options_.observer) [[unlikely]]
      observe({Effect::Kind::send, 0, to, 0, m.word}, {});
    if (s_.is_inquiry(m)) [[unlikely]]
      inquire();
    s_.send(t_, p_, to, m, 0);
  }
  void send_set(std::span<const ProcessId> to, Message m) override {
    if (rest_) [[unlikely]]
      return rest_->send_set(to, m);
    if (s_.options_.observer) [[unlikely]] {
      observe({Effect::Kind::send_set, 0, 0, static_cast<std::uint16_t>(to.size()), m.word}, to);
    }
    if (s_.is_inquiry(m)) [[unlikely]]
      inquire();
    if (s_.crowded()) {
      for (const ProcessId each : to) s_.records_.prefetch_slot(&t_, each);
    }
    std::int64_t gap = 0;
    for (const ProcessId each : to) {
      s_.send(t_, p_, each, m, gap);
      gap += s_.network_.send_gap_ns();
    }
  }
  void prepare() override {
    if (rest_) [[unlikely]]
      return rest_->prepare();
    if (s_.options_.observer) [[unlikely]]
      observe({.kind = Effect::Kind::prepare}, {});
    s_.prepare(t_, me_, p_);
  }
  void vote(LocalVote v) override {
    if (rest_) [[unlikely]]
      return rest_->vote(v);
    if (s_.options_.observer) [[unlikely]]
      observe({.kind = Effect::Kind::vote, .tag = static_cast<Tag>(v)}, {});
    s_.vote(t_, me_, p_, v);
  }
  void force(RecordWord r) override {
    if (rest_) [[unlikely]]
      return rest_->force(r);
    if (s_.options_.observer) [[unlikely]]
      observe({Effect::Kind::force, 0, 0, 0, r}, {});
    ++t_.forced;
    if (p_ == kCoordinator) ++s_.records_.sums(t_).forced;
    if (s_.is_acceptor(p_)) [[unlikely]]
      ++s_.records_.other_roles(t_).acceptors->forced;
    if (troubled(t_)) [[unlikely]]
      s_.write_record(t_, p_, r, s_.forces_at_once_);
    if (!s_.forces_at_once_) {
      rest_ = &s_.suspend(t_, me_, p_, in_);
      return rest_->force(r);
    }
    if (p_ == kCoordinator && !s_.lying_) s_.note_record(t_, r);
    if (s_.options_.observer) [[unlikely]]
      s_.options_.observer->on_durable(s_.at(t_, p_), r);
  }
  void log(RecordWord r) override {
    if (rest_) [[unlikely]]
      return rest_->log(r);
    if (s_.options_.observer) [[unlikely]]
      observe({Effect::Kind::log, 0, 0, 0, r}, {});
    ++t_.logged;
    if (p_ == kCoordinator) ++s_.records_.sums(t_).logged;
    if (s_.is_acceptor(p_)) [[unlikely]]
      ++s_.records_.other_roles(t_).acceptors->logged;
    if (troubled(t_)) [[unlikely]]
      s_.write_record(t_, p_, r, false);
  }
  void set_timer(Tag k) override {
    if (rest_) [[unlikely]]
      return rest_->set_timer(k);
    if (s_.options_.observer) [[unlikely]]
      observe({.kind = Effect::Kind::set_timer, .tag = k}, {});
    s_.set_timer(t_, me_, p_, k);
  }
  void cancel_timer(Tag k) override {
    if (rest_) [[unlikely]]
      return rest_->cancel_timer(k);
    disarm(t_, me_, k);
  }
  void decide(Outcome o, AbortCause cause) override {
    if (rest_) [[unlikely]] {
      s_.learn(t_, me_, p_, cause);
      return rest_->decide(o, cause);
    }
    if (s_.options_.observer) [[unlikely]] {
      observe({.kind = Effect::Kind::decide, .tag = static_cast<Tag>(o)}, {});
    }
    s_.decide(t_, me_, p_, o, cause);
  }
  void forget() override {
    if (rest_) [[unlikely]]
      return rest_->forget();
    if (s_.options_.observer) [[unlikely]]
      observe({.kind = Effect::Kind::forget}, {});
  }

 private:
  void observe(const Effect& e, std::span<const ProcessId> members) const {
    s_.options_.observer->on_effect(s_.at(t_, p_), e, members);
  }
  /// Inquiries of one step are one round.
  void inquire() {
    if (!inquired_) s_.note_inquiry(t_, me_, p_);
    inquired_ = true;
  }
  Simulator& s_;
  Transaction& t_;
  ProcessSlot& me_;
  const Input in_;
  ProcessId p_;
  bool inquired_ = false;
  Effects* rest_ = nullptr;
};

}  // namespace indoubt
