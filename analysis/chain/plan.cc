#include "analysis/chain/plan.h"

#include <algorithm>

#include "sim/process/assert.h"

namespace indoubt::markov {
namespace {

const std::string kElse = ", or use run";

bool has_queues(const Scenario& s) {
  const bool exclusive = std::any_of(s.services.begin(), s.services.end(),
                                     [](const Service& each) { return each.exclusive; });
  return exclusive || s.transactions.arrivals.kind == Arrivals::Kind::closed;
}

}  // namespace

Plan::Plan(const Scenario& scenario, const Machine& machine, const PlanOptions& options,
           Weights& weights)
    : scenario_(scenario),
      machine_(machine),
      weights_(weights),
      network_(scenario, machine.auxiliary_hosts, machine.auxiliary_name),
      faults_(scenario, machine, network_) {
  INDOUBT_ASSERT(machine.group.participants == scenario.participants());
  check_sites();
  add_links();
  add_participants();
  force_ = delay_of(scenario.disk.force, "disk.force");
  add_rules();
  add_timers(options);
  find_clocks();
  check_network();
}

WeightId Plan::parameter(const std::string& name, double value) {
  const auto found = parameters_.find(name);
  if (found != parameters_.end()) return found->second;
  const WeightId weight = weights_.of(weights_.add_parameter(name, as_written(value)));
  parameters_.emplace(name, weight);
  return weight;
}

std::optional<WeightId> Plan::chance(double p, const std::string& name) {
  if (p <= 0 || p >= 1) return std::nullopt;
  return parameter(name, p);
}

Delay Plan::delay_of(const Latency& latency, const std::string& field) {
  if (latency.is_constant()) {
    const auto ns = static_cast<std::int64_t>(latency.mean());
    if (ns != 0) constants_.push_back({field, latency.text()});
    return {ns, Weights::kOne, 0};
  }
  const bool erlang = latency.kind->name == "erlang";
  if (latency.minimum != Duration{0} || (latency.shape != Latency::Shape::exponential && !erlang)) {
    refuse(field + " is " + latency.text() +
           ", which no finite Markov chain describes exactly; make it constant, exponential or "
           "erlang" +
           kElse);
    return {};
  }
  exponentials_.push_back({field, latency.text()});
  const double stages = erlang ? latency.parameter[0] : 1;
  const WeightId mean = parameter(field, latency.mean());
  const WeightId rate =
      weights_.product(weights_.constant(as_written(stages)), weights_.reciprocal(mean));
  return {0, rate, static_cast<std::uint16_t>(stages)};
}

void Plan::check_sites() {
  const Scenario& s = scenario_;
  const bool waits = has_queues(s) || !s.faults.empty();
  if (s.transactions.sites == Sites::shared && waits)
    refuse(
        "transactions.sites is shared, and transactions meet there at what fails or makes them "
        "wait; a chain describes one transaction: write sites: fresh" +
        kElse);
  if (!s.cpu.is_zero()) refuse("cpu is " + s.cpu.text() + ", a queue; remove it" + kElse);
  if (s.disk.queue)
    refuse("disk.queue is on; write forced writes that do not wait for each other" + kElse);
  if (s.execution)
    refuse("transactions.execution is on; a chain begins with the commit: remove it" + kElse);
  const bool crashes = std::any_of(s.faults.begin(), s.faults.end(),
                                   [](const Fault& f) { return f.kind == Fault::Kind::crash; });
  if (machine_.detects_failures && s.detection.delay && crashes)
    refuse("failure_detection reports crashes, which is not solved yet; remove it" + kElse);
}

std::string Plan::link_field(const LinkClass& link, ProcessId from, ProcessId to,
                             const char* what) const {
  const Network& n = scenario_.network;
  const std::string field = std::string("network.") + what;
  const std::string_view name = what;
  const bool standard = name == "latency" ? link.latency == n.latency
                        : name == "loss"  ? link.loss == n.loss
                                          : link.duplication == n.duplication;
  if (standard) return field;
  return field + " from " + scenario_.process_name(from, machine_.auxiliary_name) + " to " +
         scenario_.process_name(to, machine_.auxiliary_name);
}

void Plan::add_links() {
  std::vector<std::pair<LinkClass, Link>> known;
  const auto n = static_cast<ProcessId>(machine_.processes);
  for (ProcessId from = 0; from < n; ++from)
    for (ProcessId to = 0; to < n; ++to) {
      if (from == to) {
        links_.push_back({{}, {}, {}, false});
        continue;
      }
      const LinkClass& link = network_.link(from, to);
      const auto at = std::find_if(known.begin(), known.end(),
                                   [&](const auto& each) { return each.first == link; });
      if (at != known.end()) {
        links_.push_back(at->second);
        continue;
      }
      Link mine;
      mine.counted = link.counted;
      mine.delay = delay_of(link.latency, link_field(link, from, to, "latency"));
      if (link.loss > 0)
        mine.loss = link.loss >= 1 ? Weights::kOne
                                   : parameter(link_field(link, from, to, "loss"), link.loss);
      if (link.duplication > 0)
        mine.duplication =
            link.duplication >= 1
                ? Weights::kOne
                : parameter(link_field(link, from, to, "duplication"), link.duplication);
      known.emplace_back(link, mine);
      links_.push_back(mine);
    }
}

void Plan::add_participants() {
  for (int p = 1; p <= scenario_.participants(); ++p) {
    const Service& service = scenario_.service_of(p);
    const std::string field = "services." + service.name;
    Participant mine;
    mine.prepare = delay_of(service.prepare, field + ".prepare");
    mine.yes = chance(service.vote_yes, field + ".vote_yes");
    mine.certain_yes = service.vote_yes >= 1;
    mine.read = chance(service.read_only, field + ".read_only");
    mine.certain_read = service.read_only >= 1;
    participants_.push_back(mine);
  }
}

std::string Plan::timer_field(Tag tag) const {
  return "timeouts." + std::string(machine_.timers[tag]);
}

void Plan::add_timers(const PlanOptions& options) {
  for (std::size_t k = 0; k < machine_.timers.size(); ++k) {
    const std::string field = timer_field(static_cast<Tag>(k));
    const std::optional<Latency> length = scenario_.timeout(machine_.timers[k]);
    if (!length) {
      timers_.emplace_back();
      continue;
    }
    const bool replace = options.erlang > 0 && length->is_constant() && !exponentials_.empty();
    if (!replace || length->is_zero()) {
      timers_.push_back(delay_of(*length, field));
      continue;
    }
    approximated_ = true;
    const WeightId mean = parameter(field, length->mean());
    const WeightId rate =
        weights_.product(weights_.constant(options.erlang), weights_.reciprocal(mean));
    timers_.push_back(Delay{0, rate, static_cast<std::uint16_t>(options.erlang)});
  }
}

void Plan::find_clocks() {
  clocks_ = exponentials_.empty() ? Clocks::constant
            : constants_.empty()  ? Clocks::exponential
                                  : Clocks::mixed;
}

void Plan::check_network() {
  const Network& n = scenario_.network;
  const bool random = clocks_ != Clocks::constant;
  if (n.send_gap != Duration{0} && random)
    refuse("network.send_gap is a constant time among exponential ones; remove it" + kElse);
  if (n.fifo && (random || n.send_gap != Duration{0}))
    refuse(
        "network.fifo keeps messages in order, which is solved only where nothing is random; "
        "remove it" +
        kElse);
  for (const Rule& rule : rules_) check_random_holds(rule);
}

bool Plan::can_crash(ProcessId p) const {
  const auto& rules = faults_.rules();
  return std::any_of(rules.begin(), rules.end(), [&](const FaultPlan::Rule& r) {
    return (r.fault->kind == Fault::Kind::crash || r.fault->kind == Fault::Kind::disk) && r.at[p];
  });
}

bool Plan::loses_messages() const {
  return std::any_of(links_.begin(), links_.end(),
                     [](const Link& link) { return link.loss.has_value(); });
}

bool Plan::always_concerns(std::size_t r) const {
  const Fault& fault = *rules_[r].fault;
  const Point::Where where = fault.when.point.where;
  const bool each_time = fault.when.kind == Trigger::Kind::at_point &&
                         (where == Point::Where::each_send || where == Point::Where::per_step);
  return each_time || fault.kind == Fault::Kind::message || fault.kind == Fault::Kind::disk ||
         (!rules_[r].probability && !rules_[r].never);
}

std::string Plan::not_markov(const std::string& what) const {
  const auto at = std::find_if(constants_.begin(), constants_.end(),
                               [&](const Named& each) { return each.field == what; });
  const std::string length = at == constants_.end() ? "constant" : "constant " + at->text;
  const Named& random = exponentials_.front();
  return "not Markov: " + what + " is " + length + ", started at a random time, while " +
         random.field + " is " + random.text + "; make it erlang, make the others constant" + kElse;
}

}  // namespace indoubt::markov
