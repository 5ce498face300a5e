// A scenario's faults as a chain needs them.
#include "analysis/chain/plan.h"
#include "sim/latency/text.h"

namespace indoubt::markov {
namespace {

const std::string kElse = ", or use run";

bool is_of_link(Fault::Kind kind) {
  return kind == Fault::Kind::partition || kind == Fault::Kind::cut ||
         kind == Fault::Kind::slow_link || kind == Fault::Kind::stall;
}

/// How scenarios call the time until a fault ends.
const char* end_of(Fault::Kind kind) {
  switch (kind) {
    case Fault::Kind::crash:
    case Fault::Kind::disk: return ".restart";
    case Fault::Kind::partition:
    case Fault::Kind::cut: return ".heals";
    default: return ".lasts";
  }
}

}  // namespace

std::string Plan::end_field(const Fault& fault) const {
  return "faults." + fault.name + end_of(fault.kind);
}

void Plan::check_fault(const Fault& fault) {
  const Trigger& when = fault.when;
  const std::string name = "fault '" + fault.name + "'";
  if (!when.transactions.empty())
    refuse(name + " strikes chosen transactions; a chain describes any one: remove `transactions`" +
           kElse);
  if (when.kind == Trigger::Kind::trace)
    refuse(name + " follows a trace of instants, which is not solved yet; write `time`" + kElse);
  if (fault.kind == Fault::Kind::outcome && (when.from != Duration{0} || when.until))
    refuse(name + " has a window, which is not solved yet; remove `from` and `until`" + kElse);
  if (fault.kind == Fault::Kind::stall && !fault.lasts)
    refuse(name + " stalls for ever; write a cut, or how long it lasts" + kElse);
  if (fault.kind == Fault::Kind::disk && when.kind == Trigger::Kind::at_point)
    refuse(name + " names one forced write, which is not solved yet; remove `at`" + kElse);
}

Plan::Rule Plan::rule_of(const Fault& fault) {
  const std::string field = "faults." + fault.name;
  Rule rule;
  rule.fault = &fault;
  rule.probability = chance(fault.when.probability, field + ".probability");
  rule.never = fault.when.probability <= 0;
  rule.each = chance(fault.each, field + ".each");
  if (fault.when.gap) rule.gap = delay_of(*fault.when.gap, field + ".mttf");
  if (fault.lasts) rule.lasts = delay_of(*fault.lasts, end_field(fault));
  if (fault.kind == Fault::Kind::message &&
      (fault.action == Fault::Action::delay || fault.action == Fault::Action::hold))
    rule.delay = delay_of(fault.delay, field + ".delay");
  if (fault.kind == Fault::Kind::heuristic)
    rule.delay = delay_of(Latency::constant(fault.after), field + ".after");
  if (fault.kind == Fault::Kind::slow_link || fault.kind == Fault::Kind::slow_site)
    rule.pace = weights_.reciprocal(weights_.constant(as_written(fault.factor)));
  if (fault.kind == Fault::Kind::clock) rule.pace = weights_.constant(as_written(fault.drift));
  return rule;
}

void Plan::add_rules() {
  for (const Fault& fault : scenario_.faults) {
    check_fault(fault);
    rules_.push_back(rule_of(fault));
    const std::string field = "faults." + fault.name;
    const Trigger& when = fault.when;
    if (when.kind == Trigger::Kind::at_time && when.time != Duration{0})
      constants_.push_back({field + ".time", "an instant"});
    if (when.from != Duration{0} || when.until)
      constants_.push_back({field + ".window", "between instants"});
    has_crashes_ = has_crashes_ || fault.kind == Fault::Kind::crash ||
                   (fault.kind == Fault::Kind::disk && !fault.lies);
    has_message_faults_ = has_message_faults_ || fault.kind == Fault::Kind::message;
    has_link_faults_ = has_link_faults_ || is_of_link(fault.kind);
    has_site_faults_ = has_site_faults_ || fault.kind == Fault::Kind::slow_site ||
                       fault.kind == Fault::Kind::clock;
    counts_inquiries_ = counts_inquiries_ || when.before_first_inquiry;
  }
}

/// What waits for an instant or is put in an order has a place only among constant times.
void Plan::check_random_holds(const Rule& rule) {
  const Fault& fault = *rule.fault;
  const std::string name = "fault '" + fault.name + "'";
  const bool random = clocks_ != Clocks::constant;
  if (fault.kind == Fault::Kind::message && !rule.delay.instant() && random)
    refuse(name +
           " delays or holds messages, which is solved only where no time is random; "
           "remove it" +
           kElse);
  if (fault.jump != Duration{0} && random)
    refuse(name + " sets a clock, which is solved only where no time is random; write drift" +
           kElse);
  if (fault.kind == Fault::Kind::clock && machine_.round_timers != 0)
    refuse(name +
           " changes a clock by which participants ask in rounds, which is not solved; write "
           "uncertain: ask" +
           kElse);
  const bool waits = fault.kind == Fault::Kind::stall || fault.messages_held;
  if (waits && rule.lasts && rule.lasts->stages != 0)
    refuse(name + " holds messages for a random time, which is not solved; make " +
           end_field(fault) + " constant" + kElse);
  const bool reorders = fault.kind == Fault::Kind::slow_link || fault.kind == Fault::Kind::stall ||
                        fault.messages_held ||
                        (fault.kind == Fault::Kind::message && !rule.delay.instant());
  if (reorders && scenario_.network.fifo)
    refuse(name + " delays messages on links that keep their order; remove network.order" + kElse);
}

}  // namespace indoubt::markov
