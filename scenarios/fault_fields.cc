// faults: the keys of each kind.
#include <array>

#include "scenarios/fault_hints.h"
#include "scenarios/fault_kinds.h"
#include "scenarios/fault_values.h"
#include "scenarios/values.h"

namespace indoubt {
namespace {

/// A row of a fault whose value goes where the members of `kPath` lead.
template <const auto& kSyntax, auto... kPath>
void read_into(Reader& reader, const Node& node, void* owner) {
  if (auto value = kSyntax.read(reader, node))
    (*static_cast<Fault*>(owner).*....*kPath) = std::move(*value);
}

template <const auto& kSyntax, auto... kPath>
constexpr Field row(std::string_view name, std::string_view standard, std::string_view doc) {
  return {name, &kSyntax, standard, doc, &read_into<kSyntax, kPath...>};
}

constexpr Field required(Field field) {
  field.required = true;
  return field;
}

template <std::size_t... kSizes>
constexpr auto joined(const std::array<Field, kSizes>&... parts) {
  std::array<Field, (kSizes + ...)> out{};
  std::size_t n = 0;
  const auto add = [&](const auto& part) {
    for (const Field& f : part) out[n++] = f;
  };
  (add(parts), ...);
  return out;
}

// ---- when --------------------------------------------------------------------------------------

void read_at(Reader& reader, const Node& node, void* owner) {
  Trigger& when = static_cast<Fault*>(owner)->when;
  when.kind = Trigger::Kind::at_point;
  if (auto point = kPoint.read(reader, node)) when.point = std::move(*point);
}

void read_time(Reader& reader, const Node& node, void* owner) {
  Trigger& when = static_cast<Fault*>(owner)->when;
  when.kind = Trigger::Kind::at_time;
  if (const auto time = kDuration.read(reader, node)) when.time = *time;
}

void read_mttf(Reader& reader, const Node& node, void* owner) {
  Trigger& when = static_cast<Fault*>(owner)->when;
  when.kind = Trigger::Kind::random;
  if (auto gap = kFailureGap.read(reader, node)) when.gap = std::move(*gap);
}

void read_trace_key(Reader& reader, const Node& node, void* owner) {
  Trigger& when = static_cast<Fault*>(owner)->when;
  when.kind = Trigger::Kind::trace;
  if (auto trace = kTraceFile.read(reader, node)) when.trace = std::move(*trace);
}

void read_window(Reader& reader, const Node& node, void* owner) {
  read_section(reader, node, kWindowSection, &static_cast<Fault*>(owner)->when);
}

constexpr std::array<Field, 2> kWindowFields = {
    field<kDuration, &Trigger::from>("from", "0s", "Not before."),
    field<kDuration, &Trigger::until>("until", {}, "Not at this time or later.")};

constexpr std::array<Field, 1> kAtRow = {
    {{"at",
      &kPoint,
      {},
      "When a process comes to a point of the protocol's text: in each transaction once, the "
      "first time or the time that `occurrence` says.",
      &read_at}}};
constexpr std::array<Field, 1> kTimeRow = {
    {{"time",
      &kDuration,
      {},
      "At this time: since the transaction began with `sites: fresh`, of the run with `sites: "
      "shared`.",
      &read_time}}};
constexpr std::array<Field, 2> kRandomRows = {
    {{"mttf",
      &kFailureGap,
      {},
      "At random, again and again: so long after the beginning (counted as for `time`) and after "
      "each repair.",
      &read_mttf},
     {"trace",
      &kTraceFile,
      {},
      "In the intervals of a CSV file beside the scenario, which has `begin,end` in each line: "
      "times with their unit, or in milliseconds, counted as for `time`.",
      &read_trace_key}}};
constexpr auto kTriggerRows = joined(kAtRow, kTimeRow, kRandomRows);

constexpr std::array<Field, 1> kOccurrenceRow = {row<kOrdinal, &Fault::when, &Trigger::occurrence>(
    "occurrence", "1",
    "With `at`: the fault strikes the n-th time that the point is met in the transaction, by any "
    "of "
    "the sites named, before or after a restart; never again, and not at all if another condition "
    "does not hold then. Points that are drawn each time (`before each single send`, `per step`) "
    "do not count.")};
constexpr std::array<Field, 1> kProbabilityRow = {row<kProbability, &Fault::when,
                                                      &Trigger::probability>(
    "probability", "1",
    "That the fault strikes: drawn once for each transaction, or with `sites: shared` and no `at` "
    "once for the run; with `before each single send` and `per step` each time; for a `message` "
    "fault at each such message, for a `disk` fault at each forced write.")};
constexpr std::array<Field, 1> kTransactionsRow = {
    row<kTransactionNumbers, &Fault::when, &Trigger::transactions>(
        "transactions", {}, "Only in these transactions; the first is 1.")};
constexpr std::array<Field, 2> kWindowRows = {
    {{"window",
      nullptr,
      {},
      "Only in this time, counted as for `time`.",
      &read_window,
      false,
      &kWindowSection},
     row<kYesNo, &Fault::when, &Trigger::before_first_inquiry>(
         "before_first_inquiry", "no", "Only while no participant has sent an INQUIRY.")}};
constexpr auto kConditionRows =
    joined(kOccurrenceRow, kProbabilityRow, kTransactionsRow, kWindowRows);
constexpr std::array<Field, 1> kNameRow = {
    row<kFaultName, &Fault::name>("name", {}, "For reports; absent: the kind and a number.")};
constexpr auto kSharedRows = joined(kTriggerRows, kConditionRows, kNameRow);

constexpr std::array<Field, 1> kPointSiteRow = {
    row<kSiteNames, &Fault::sites>("site", {}, "With `at`, and needed there: whose point it is.")};

// ---- crash -------------------------------------------------------------------------------------

constexpr std::array<Field, 6> kCrashRows = {
    row<kSiteNames, &Fault::sites>("site", {},
                                   "Who crashes. At a point the one that comes there, otherwise "
                                   "all of them together."),
    row<kZoneNames, &Fault::sites>("zone", {}, "Instead of `site`: all sites of a zone."),
    row<kRepairTime, &Fault::lasts>("restart", "never",
                                    "How long the site stays down. Needed with `mttf`."),
    row<kProbability, &Fault::each>("each", "1",
                                    "Of several sites that fail together each one goes down with "
                                    "this probability: a common cause."),
    row<kLogLost, &Fault::log_lost>("log", "kept", "`lost`: the stable log is gone as well."),
    row<kMessagesHeld, &Fault::messages_held>(
        "messages", "lost",
        "What is sent to the site while it is down; `held` until it restarts.")};
constexpr auto kCrashFields = joined(kCrashRows, kSharedRows);

// ---- network -----------------------------------------------------------------------------------

constexpr std::array<Field, 2> kEndRows = {
    row<kSiteName, &Fault::from>("from", {}, "Sender; absent: any."),
    row<kSiteName, &Fault::to>("to", {}, "Receiver; absent: any.")};

constexpr Field heals(std::string_view doc) {
  return row<kRepairTime, &Fault::lasts>("heals", "never", doc);
}
constexpr Field lasts(std::string_view doc) {
  return row<kRepairTime, &Fault::lasts>("lasts", "never", doc);
}
constexpr std::string_view kHealsDoc = "How long until messages pass again. Needed with `mttf`.";
constexpr std::string_view kLastsDoc = "How long it goes on. Needed with `mttf`.";

constexpr std::array<Field, 2> kPartitionRows = {
    required(row<kGroups, &Fault::groups>(
        "groups", {},
        "Between sites of different groups nothing passes. Sites in no group reach all.")),
    heals(kHealsDoc)};
constexpr auto kPartitionFields = joined(kPartitionRows, kPointSiteRow, kSharedRows);

constexpr std::array<Field, 1> kHealsRow = {heals(kHealsDoc)};
constexpr auto kCutFields = joined(kEndRows, kHealsRow, kPointSiteRow, kSharedRows);

constexpr std::array<Field, 1> kFactorRow = {
    required(row<kFactor, &Fault::factor>("factor", {}, "So many times slower; 1 to 1000000."))};
constexpr std::array<Field, 1> kLastsRow = {lasts(kLastsDoc)};
constexpr auto kSlowFields = joined(kEndRows, kFactorRow, kLastsRow, kPointSiteRow, kSharedRows);
constexpr auto kStallFields = joined(kEndRows, kLastsRow, kPointSiteRow, kSharedRows);

// ---- messages ----------------------------------------------------------------------------------

using Action = Fault::Action;

template <Action kAction>
void read_action(Reader& reader, const Node& node, void* owner) {
  auto& fault = *static_cast<Fault*>(owner);
  fault.action = kAction;
  if (auto type = kMessageType.read(reader, node)) fault.type = std::move(*type);
}

template <Action kAction>
constexpr Field action(std::string_view name, std::string_view doc) {
  return {name, &kMessageType, {}, doc, &read_action<kAction>};
}

constexpr std::array<Field, 7> kMessageRows = {
    action<Action::lose>("lose", "Messages of this type are lost."),
    action<Action::duplicate>("duplicate", "They arrive twice."),
    action<Action::delay>("delay", "They arrive later, by `by`."),
    action<Action::hold>("hold", "They arrive not before the end of `for`."),
    row<kLatency, &Fault::delay>("by", {}, "With `delay`: added to the message's latency."),
    row<kLatency, &Fault::delay>("for", {}, "With `hold`: counted from the sending."),
    row<kOrdinal, &Fault::nth>("nth", {}, "Only the n-th such message of each link.")};
constexpr auto kMessageFields =
    joined(kMessageRows, kEndRows, kProbabilityRow, kTransactionsRow, kWindowRows, kNameRow);

// ---- clocks, slow sites, disks -----------------------------------------------------------------

constexpr std::array<Field, 4> kClockRows = {
    required(row<kSiteNames, &Fault::sites>("site", {}, "Whose clock.")),
    row<kSignedDuration, &Fault::offset>(
        "offset", "0s",
        "It shows so much more than the time, from the beginning "
        "on. Time-outs are lengths, so it changes nothing; `drift` "
        "and `jump` do."),
    row<kClockRate, &Fault::drift>("drift", "1",
                                   "Its rate, 0.01 to 100, from the beginning on; above 1 it runs "
                                   "fast and time-outs are shorter."),
    row<kSignedDuration, &Fault::jump>("jump", "0s",
                                       "It is set forward by so much, at `at` or `time`.")};
constexpr auto kClockFields = joined(kClockRows, kAtRow, kTimeRow, kConditionRows, kNameRow);

constexpr std::array<Field, 1> kSlowSiteRow = {
    required(row<kSiteNames, &Fault::sites>("site", {},
                                            "Who is slow: in its local work, its disk "
                                            "and its processor."))};
constexpr auto kSlowSiteFields = joined(kSlowSiteRow, kFactorRow, kLastsRow, kSharedRows);

constexpr std::array<Field, 4> kDiskRows = {
    required(row<kSiteNames, &Fault::sites>("site", {}, "Whose disk.")),
    row<kProbability, &Fault::when, &Trigger::probability>(
        "fails", "1", "Probability that a forced write fails, for each of them."),
    row<kLyingDisk, &Fault::lies>("then", "crash",
                                  "`crash`: the site crashes, and the record is not written; "
                                  "`lie`: the write seems done, and its record is lost in the "
                                  "next crash."),
    row<kRepairTime, &Fault::lasts>("restart", "never",
                                    "With `then: crash`: how long the site stays down.")};
constexpr std::array<Field, 1> kForceRow = {
    {{"at", &kPoint, {}, "Only this write: `before force RECORD`.", &read_at}}};
constexpr auto kDiskFields =
    joined(kDiskRows, kForceRow, kOccurrenceRow, kTransactionsRow, kWindowRows, kNameRow);

// ---- decisions from outside --------------------------------------------------------------------

constexpr std::array<Field, 3> kHeuristicRows = {
    required(row<kSiteNames, &Fault::sites>("site", {}, "Who decides alone.")),
    required(row<kDuration, &Fault::after>("after", {}, "So long in doubt.")),
    required(row<kDecision, &Fault::outcome>("decide", {}, "What it decides."))};
constexpr auto kHeuristicFields =
    joined(kHeuristicRows, kProbabilityRow, kTransactionsRow, kNameRow);

constexpr std::array<Field, 2> kOperatorRows = {
    required(row<kSiteNames, &Fault::sites>("site", {}, "Where; sites that are in doubt then.")),
    required(row<kDecision, &Fault::outcome>("decide", {}, "The outcome that is forced."))};
constexpr auto kOperatorFields = joined(kOperatorRows, std::array<Field, 1>{required(kTimeRow[0])},
                                        kProbabilityRow, kTransactionsRow, kNameRow);

// ---- the table ---------------------------------------------------------------------------------

constexpr Section section(std::string_view name, std::string_view wanted, std::string_view doc,
                          std::span<const Field> fields, std::span<const KeyHint> key_hints) {
  return {name, wanted, doc, fields, key_hints};
}

constexpr std::string_view kCrashWanted =
    "a mapping, like {site: payment, at: after force prepared}";
const Section kCrash =
    section("faults.crash", kCrashWanted,
            "Sites stop: they lose what is not in the stable log, and messages that reach them.",
            kCrashFields, kCrashHints);
const Section kPartition =
    section("faults.partition",
            "a mapping, like {groups: [[coordinator, payment], [transfer]], time: 12ms}",
            "The network falls apart, both ways. A message is lost if its link is cut at any "
            "moment between its sending and its arrival.",
            kPartitionFields, kHealsHints);
const Section kCut = section(
    "faults.cut", "a mapping, like {from: coordinator, to: payment, time: 12ms}",
    "Nothing passes from one side to the other; the way back stays open.", kCutFields, kHealsHints);
const Section kSlow =
    section("faults.slow", "a mapping, like {to: payment, factor: 10, time: 12ms}",
            "Messages take longer: their latency is multiplied.", kSlowFields, kLastsHints);
const Section kStall =
    section("faults.stall", "a mapping, like {to: payment, time: 12ms, lasts: 1s}",
            "Messages are held, and go on when the link does.", kStallFields, kLastsHints);
const Section kMessage =
    section("faults.message", "a mapping, like {lose: PREPARE, to: payment, nth: 1}",
            "Something happens to chosen messages.", kMessageFields, kMessageHints);
const Section kClock =
    section("faults.clock", "a mapping, like {site: payment, drift: 1.01}",
            "A clock is wrong, and the time-outs of its site with it.", kClockFields, kOtherHints);
const Section kSlowSite =
    section("faults.slow_site", "a mapping, like {site: payment, factor: 10}",
            "A site works slowly, though it works (a gray failure).", kSlowSiteFields, kLastsHints);
const Section kDisk = section("faults.disk", "a mapping, like {site: payment, fails: 1%}",
                              "A forced write fails.", kDiskFields, kOtherHints);
const Section kHeuristic =
    section("faults.heuristic", "a mapping, like {site: payment, after: 5s, decide: abort}",
            "A participant that is in doubt for too long decides alone, whatever the others do.",
            kHeuristicFields, kOtherHints);
const Section kOperator =
    section("faults.operator", "a mapping, like {site: payment, time: 10s, decide: abort}",
            "An operator forces an outcome at sites that are in doubt; at one that is down, as "
            "soon as it is "
            "up again.",
            kOperatorFields, kOtherHints);

}  // namespace

const Section kWindowSection{"window", "a mapping, like {from: 5ms, until: 50ms}",
                             "Of a fault: when it can strike.", kWindowFields};
const Section kConditionSection{"when", {}, "", kSharedRows};

bool is_condition(const Field& field) {
  for (const Field& shared : kSharedRows)
    if (shared.name == field.name && shared.doc == field.doc) return true;
  return false;
}

std::span<const FaultKind> fault_kinds() {
  using Kind = Fault::Kind;
  static const std::array<FaultKind, 11> kKinds = {
      {{"crash", Kind::crash, &kCrash,
        "{site: coordinator, at: before send COMMIT to transfer, probability: 10%, restart: 500ms}",
        "restart", true, &check_crash},
       {"partition", Kind::partition, &kPartition,
        "{groups: [[coordinator, payment], [settlement]], time: 12ms, heals: 100ms}", "heals"},
       {"cut", Kind::cut, &kCut,
        "{from: coordinator, to: payment, at: after send COMMIT to transfer, site: coordinator}",
        "heals", false, &check_ends},
       {"slow", Kind::slow_link, &kSlow,
        "{from: coordinator, to: payment, factor: 10, time: 5ms, lasts: 1s}", "lasts", false,
        &check_ends},
       {"stall", Kind::stall, &kStall, "{to: settlement, mttf: exponential 10s, lasts: 300ms}",
        "lasts", false, &check_ends},
       {"message",
        Kind::message,
        &kMessage,
        "{delay: COMMIT, by: 20ms, to: payment, nth: 1}",
        {},
        false,
        &check_message},
       {"clock",
        Kind::clock,
        &kClock,
        "{site: payment, drift: 1.01, jump: 5ms, time: 10ms}",
        {},
        false,
        &check_clock},
       {"slow_site", Kind::slow_site, &kSlowSite,
        "{site: transfer, factor: 100, mttf: weibull 20s 1.5, lasts: exponential 1s}", "lasts"},
       {"disk",
        Kind::disk,
        &kDisk,
        "{site: participant, fails: 1%, then: lie}",
        {},
        false,
        &check_disk},
       {"heuristic", Kind::heuristic, &kHeuristic, "{site: payment, after: 5s, decide: commit}"},
       {"operator", Kind::outcome, &kOperator, "{site: payment, time: 10s, decide: abort}"}}};
  return kKinds;
}

const FaultKind* find_fault_kind(std::string_view key) {
  for (const FaultKind& kind : fault_kinds())
    if (kind.key == key) return &kind;
  return nullptr;
}

}  // namespace indoubt
