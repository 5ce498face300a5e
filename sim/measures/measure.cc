#include "sim/measures/measure.h"

#include <array>

#include "sim/process/assert.h"

namespace indoubt {
namespace {

template <auto kMember>
std::uint64_t hits(const Totals& t, std::size_t) {
  return t.*kMember;
}
template <AbortCause kCause>
std::uint64_t aborted_by(const Totals& t, std::size_t) {
  return t.aborts_by_cause[static_cast<std::size_t>(kCause)];
}
template <Property kProperty>
std::uint64_t violating(const Totals& t, std::size_t) {
  return t.violations[static_cast<std::size_t>(kProperty)];
}
std::uint64_t undecided(const Totals& t, std::size_t) {
  return t.blocked + t.abandoned + t.unfinished;
}

template <auto kMember>
constexpr Measure proportion(std::string_view name, std::string_view doc) {
  return {name, Measure::Kind::proportion, doc, {&hits<kMember>}};
}
template <AbortCause kCause>
constexpr Measure abort_cause(std::string_view name, std::string_view doc) {
  return {name, Measure::Kind::proportion, doc, {&aborted_by<kCause>}};
}
template <auto kMember>
constexpr Measure of_payments(std::string_view name, std::string_view doc) {
  return {name,    Measure::Kind::proportion, doc, {&hits<kMember>},
          nullptr, {&hits<&Totals::payments>}};
}
template <Property kProperty>
constexpr Measure violation(std::string_view name, std::string_view doc) {
  return {name, Measure::Kind::proportion, doc, {&violating<kProperty>}};
}
template <auto kMember>
constexpr Measure mean(std::string_view name, Measure::Kind kind, std::string_view doc) {
  return {name, kind, doc, {}, [](const Totals& t) -> const Moments& { return t.*kMember; }};
}
/// A time that may not have ended when its transaction does.
template <auto kMember, auto kCutOff>
constexpr Measure open_time(std::string_view name, std::string_view doc) {
  Measure measure = mean<kMember>(name, Measure::Kind::time, doc);
  measure.cut_off = {&hits<kCutOff>};
  return measure;
}

constexpr Measure if_observed(Measure measure) {
  measure.if_observed = true;
  return measure;
}
/// Left out where the protocol does not have the role.
template <Role kRole, auto kMember>
constexpr Measure of_role(std::string_view name, std::string_view doc) {
  Measure measure = {name, Measure::Kind::count, doc, {}, [](const Totals& t) -> const Moments& {
                       return t.by_role[index_of(kRole)].*kMember;
                     }};
  measure.if_observed = kRole == Role::acceptor || kRole == Role::backup;
  return measure;
}

using T = Totals;
constexpr auto kTime = Measure::Kind::time;
constexpr auto kCount = Measure::Kind::count;

constexpr std::array kMeasures = {
    proportion<&T::commits>("commit", "Transactions whose decision is commit."),
    proportion<&T::aborts>("abort", "Transactions whose decision is abort."),
    abort_cause<AbortCause::no_vote>("abort.no_vote",
                                     "Transactions aborted because of the votes cast."),
    abort_cause<AbortCause::vote_timeout>(
        "abort.vote_timeout", "Transactions aborted because votes were missing at the time-out."),
    abort_cause<AbortCause::ack_timeout>("abort.ack_timeout",
                                         "Transactions aborted because acknowledgements of "
                                         "PRE-COMMIT were missing at the time-out."),
    abort_cause<AbortCause::unasked>(
        "abort.unasked",
        "Transactions aborted by a participant that was not asked for its vote in time."),
    abort_cause<AbortCause::recovery>(
        "abort.recovery",
        "Transactions aborted by a process that came back from a crash and knew of no decision."),
    abort_cause<AbortCause::termination>(
        "abort.termination",
        "Transactions aborted by processes that missed the decision and made one without the "
        "coordinator: a termination protocol, an election, an uncertain one's time-out."),
    abort_cause<AbortCause::heuristic>(
        "abort.heuristic",
        "Transactions aborted by a participant in doubt that decided alone, or by an operator."),
    abort_cause<AbortCause::other>("abort.other", "Transactions aborted for any other reason."),
    Measure{"no_decision",
            Measure::Kind::proportion,
            "Transactions that ended without a decision: blocked, abandoned or unfinished.",
            {&undecided}},
    proportion<&T::blocked>(
        "blocked",
        "Transactions without a decision in which a participant is in doubt and nothing that can "
        "still happen brings it one."),
    proportion<&T::abandoned>("abandoned",
                              "Transactions without a decision in which nobody is in doubt and "
                              "nothing that can still happen brings one."),
    proportion<&T::unfinished>(
        "unfinished",
        "Transactions without a decision at the horizon, although one was still possible."),
    proportion<&T::coordinator_decided>(
        "coordinator_decided",
        "Transactions in which the coordinator decided and forced a record of its decision; a "
        "record that is only logged does not count."),
    proportion<&T::some_committed>(
        "some_committed",
        "Transactions in which some process decided commit, crashed ones included."),
    proportion<&T::some_aborted>(
        "some_aborted", "Transactions in which some process decided abort, crashed ones included."),
    proportion<&T::all_committed>("all_committed",
                                  "Transactions in which every participant committed."),
    proportion<&T::none_committed>("none_committed",
                                   "Transactions in which no participant committed."),
    proportion<&T::all_aborted>("all_aborted", "Transactions in which every participant aborted."),
    proportion<&T::mixed>(
        "mixed",
        "Transactions in which at the end, of the participants that are up, one has committed and "
        "another has aborted or voted NO."),
    proportion<&T::all_learnt>(
        "all_learnt",
        "Transactions in which every participant learnt the decision; what one decided alone "
        "(heuristically) it has not learnt."),
    proportion<&T::stranded>("stranded",
                             "Transactions in which some participant is in doubt at the end."),
    proportion<&T::crashed>("crashed",
                            "Transactions caught by a crash: one of their sites went down while "
                            "they were under way."),
    proportion<&T::ever_blocked>(
        "ever_blocked",
        "Transactions in which some participant was blocked: up, in doubt, and nothing that could "
        "still happen brought it a decision unless a site restarted or a cut healed."),
    proportion<&T::blocked_at_end>("blocked_at_end",
                                   "Transactions in which some participant was so to the end."),
    proportion<&T::waited>(
        "waited",
        "Transactions in which some participant waited for a record that another one held."),
    of_payments<&T::payments_confirmed>("payment.confirmed",
                                        "Payments of which the client has learnt a commit."),
    of_payments<&T::payments_made>("payment.made",
                                   "Payments of which at least one attempt committed."),
    of_payments<&T::payments_doubled>("payment.doubled",
                                      "Payments of which more than one attempt committed."),
    violation<Property::agreement>(
        "violation.agreement", "Transactions in which two processes decided differently (AC1)."),
    violation<Property::stability>("violation.stability",
                                   "Transactions in which a process reversed its decision (AC2); "
                                   "not where all have voted READ."),
    violation<Property::validity>(
        "violation.validity",
        "Transactions in which commit was decided although not every participant voted YES (AC3)."),
    violation<Property::nontriviality>(
        "violation.nontriviality",
        "Transactions without failure in which all voted YES and commit was not decided (AC4)."),
    violation<Property::termination>(
        "violation.termination",
        "Transactions in which some process never decides, although every site that restarts has "
        "restarted and every cut that ends has healed; void while something stays down or cut "
        "(AC5)."),
    mean<&T::decision_time>(
        "decision_time", kTime,
        "From the start to the coordinator's decision, over the transactions in which it decided."),
    mean<&T::completion_time>("completion_time", kTime,
                              "From the start to the last participant's decision, over the "
                              "transactions in which all participants decided."),
    open_time<&T::in_doubt_time, &T::stranded>(
        "in_doubt_time",
        "From sending YES to learning the decision, or to the transaction's end without one: the "
        "average over its participants that were in doubt, over the transactions that had any."),
    open_time<&T::in_doubt_any_time, &T::stranded>(
        "in_doubt_any_time",
        "Time with at least one participant in doubt, to the transaction's end if it ends so, over "
        "the transactions in which there was one."),
    open_time<&T::in_doubt_sum_time, &T::stranded>(
        "in_doubt_sum_time", "The same, summed over the participants in doubt."),
    open_time<&T::in_doubt_down_time, &T::down_in_doubt_at_end>(
        "in_doubt_down_time",
        "Of in_doubt_sum_time, the time in which the participant's own site was down, over the "
        "transactions in which there was such a time."),
    open_time<&T::lock_time, &T::locked_at_end>(
        "lock_time",
        "From the beginning of its local work, which locks the data, to a participant's decision, "
        "which frees them, or to the transaction's end: the average over its participants that "
        "began, over the transactions that had any."),
    open_time<&T::wait_time, &T::waiting_at_end>(
        "wait_time",
        "Time for which a participant waited for a record that another transaction held, to the "
        "transaction's end if it waits in vain: the average over its participants that waited, "
        "over the transactions that had any."),
    mean<&T::time_per_transaction>(
        "time_per_transaction", kTime,
        "From one transaction's end to the next one's, where transactions share sites that fail or "
        "make them wait: its inverse is the throughput."),
    open_time<&T::blocked_time, &T::blocked_to_end>(
        "blocked_time",
        "Time with at least one blocked participant, to the transaction's end if it lasts for "
        "good, over the transactions in which there was one."),
    open_time<&T::blocked_sum_time, &T::blocked_to_end>(
        "blocked_sum_time", "The same, summed over the blocked participants."),
    mean<&T::blocked_participants>("blocked_participants", kCount,
                                   "Most participants that were blocked at one moment, over the "
                                   "transactions in which there was one."),
    mean<&T::messages>("messages", kCount,
                       "Messages sent in a transaction, those that were lost included."),
    mean<&T::forced_writes>("forced_writes", kCount, "Forced writes in a transaction, all roles."),
    mean<&T::unforced_writes>("unforced_writes", kCount,
                              "Unforced writes in a transaction, all roles."),
    of_role<Role::coordinator, &RoleCounts::messages>(
        "messages.coordinator", "Messages that the coordinator sent in a transaction."),
    of_role<Role::participant, &RoleCounts::messages>(
        "messages.participants", "Messages that the participants sent in a transaction."),
    of_role<Role::acceptor, &RoleCounts::messages>(
        "messages.acceptors", "Messages that the acceptors sent in a transaction."),
    of_role<Role::backup, &RoleCounts::messages>(
        "messages.backups",
        "Messages that participants sent while they led in the coordinator's place, in a "
        "termination, an election or a ballot, in a transaction."),
    of_role<Role::coordinator, &RoleCounts::forced_writes>(
        "forced_writes.coordinator", "Forced writes of the coordinator in a transaction."),
    of_role<Role::participant, &RoleCounts::forced_writes>(
        "forced_writes.participants", "Forced writes of the participants in a transaction."),
    of_role<Role::acceptor, &RoleCounts::forced_writes>(
        "forced_writes.acceptors", "Forced writes of the acceptors in a transaction."),
    of_role<Role::backup, &RoleCounts::forced_writes>(
        "forced_writes.backups",
        "Forced writes of participants while they led in the coordinator's place, in a "
        "termination, an election or a ballot, in a transaction."),
    of_role<Role::coordinator, &RoleCounts::unforced_writes>(
        "unforced_writes.coordinator", "Unforced writes of the coordinator in a transaction."),
    of_role<Role::participant, &RoleCounts::unforced_writes>(
        "unforced_writes.participants", "Unforced writes of the participants in a transaction."),
    of_role<Role::acceptor, &RoleCounts::unforced_writes>(
        "unforced_writes.acceptors", "Unforced writes of the acceptors in a transaction."),
    of_role<Role::backup, &RoleCounts::unforced_writes>(
        "unforced_writes.backups",
        "Unforced writes of participants while they led in the coordinator's place, in a "
        "termination, an election or a ballot, in a transaction."),
    if_observed(mean<&T::amortised_writes>(
        "amortised_writes", kCount,
        "Forced writes that serve several transactions together, as new presumed commit's bound, "
        "for each transaction; no other measure counts them.")),
    mean<&T::inquiry_rounds>(
        "inquiry_rounds", kCount,
        "The largest number of inquiries that one participant sent in a transaction; inquiries "
        "that it sends to several at once count as one."),
    mean<&T::attempts>("payment.attempts", kCount,
                       "Attempts of a payment, where a client retries."),
    mean<&T::asked>(
        "asked", kCount,
        "Participants that PREPARE reached and that began their local work in a transaction."),
    mean<&T::yes_votes>("yes_votes", kCount, "Participants that voted YES in a transaction."),
};

}  // namespace

std::span<const Measure> measure_catalogue() { return kMeasures; }

const Measure* find_measure(std::string_view name) {
  for (const Measure& measure : kMeasures)
    if (measure.name == name) return &measure;
  return nullptr;
}

std::string_view name(Property p) {
  static constexpr std::array<std::string_view, kProperties> kNames = {
      "agreement", "stability", "validity", "nontriviality", "termination"};
  INDOUBT_ASSERT(static_cast<std::size_t>(p) < kProperties);
  return kNames[static_cast<std::size_t>(p)];
}

std::string_view textbook_number(Property p) {
  static constexpr std::array<std::string_view, kProperties> kNumbers = {"AC1", "AC2", "AC3", "AC4",
                                                                         "AC5"};
  INDOUBT_ASSERT(static_cast<std::size_t>(p) < kProperties);
  return kNumbers[static_cast<std::size_t>(p)];
}

std::string_view name(AbortCause c) {
  static constexpr std::array<std::string_view, kAbortCauses> kNames = {
      "no_vote", "vote_timeout", "other",       "ack_timeout",
      "unasked", "recovery",     "termination", "heuristic"};
  INDOUBT_ASSERT(static_cast<std::size_t>(c) < kAbortCauses);
  return kNames[static_cast<std::size_t>(c)];
}

}  // namespace indoubt
