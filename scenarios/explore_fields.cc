// explore: the budget of an exhaustive exploration, and what is asked of it.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "scenarios/concat.h"
#include "scenarios/fault_values.h"
#include "scenarios/property_text.h"
#include "scenarios/read_scalar.h"
#include "scenarios/structures.h"
#include "scenarios/value_schema.h"
#include "scenarios/values.h"
#include "sim/predicates/built_in.h"

namespace indoubt {
namespace {

constexpr std::array<std::string_view, 3> kTimings = {"asynchronous", "bounded", "timed"};
constexpr std::array<std::string_view, 2> kVotes = {"scenario", "free"};
constexpr std::array<std::string_view, 2> kFaultsOf = {"budget", "scenario"};
constexpr std::array<std::string_view, 2> kBroadcasts = {"one-step", "separate"};
constexpr std::string_view kAny = "any";
constexpr std::uint64_t kMostBudget = 100;

std::optional<int> read_budget(Reader& reader, const Node& node) {
  return read_parsed<int>(reader, node, "a whole number, or any", [](std::string_view text) {
    if (text == kAny) return Parsed<std::uint64_t>(std::uint64_t(0) - 1);
    return parse_count(text, 0, kMostBudget);
  });
}
Json budget_schema() {
  return {{"anyOf",
           {{{"type", "integer"}, {"minimum", 0}, {"maximum", kMostBudget}}, {{"enum", {kAny}}}}}};
}
Json fault_count_schema() {
  return {{"type", "integer"}, {"minimum", 0}, {"maximum", kMostBudget}};
}

const Syntax<Timing> kTiming{
    {"`asynchronous`, `bounded` or `timed`", "asynchronous, bounded or timed",
     [] { return words_schema(kTimings); }},
    [](Reader& r, const Node& n) { return read_word<Timing>(r, n, kTimings); }};
const Syntax<bool> kVoteChoice{
    {"`scenario` or `free`", "scenario or free", [] { return words_schema(kVotes); }},
    [](Reader& r, const Node& n) { return read_word<bool>(r, n, kVotes); }};
const Syntax<bool> kBroadcast{
    {"`one-step` or `separate`", "one-step or separate", [] { return words_schema(kBroadcasts); }},
    [](Reader& r, const Node& n) { return read_word<bool>(r, n, kBroadcasts); }};
const Syntax<int> kFaultCount{
    {"0 to 100", "a whole number, like 1", &fault_count_schema}, [](Reader& r, const Node& n) {
      return read_parsed<int>(r, n, "a whole number", [](std::string_view text) {
        return parse_count(text, 0, kMostBudget);
      });
    }};
const Syntax<int> kBudget{{"0 to 100, or `any`", "a whole number, like 1, or any", &budget_schema},
                          &read_budget};
const Syntax<std::optional<std::uint32_t>> kRounds{
    {"1 to 100", "a whole number, like 2", &fault_count_schema},
    [](Reader& r, const Node& n) -> std::optional<std::optional<std::uint32_t>> {
      const auto rounds = read_parsed<std::uint32_t>(
          r, n, "a whole number",
          [](std::string_view text) { return parse_count(text, 1, kMostBudget); });
      if (!rounds) return std::nullopt;
      return std::optional(std::optional(*rounds));
    }};
const Syntax<std::optional<Duration>> kDelayBound{
    {"duration", "a number and its unit, like 5ms", kDuration.schema},
    [](Reader& r, const Node& n) -> std::optional<std::optional<Duration>> {
      const auto delay = kPositiveDuration.read(r, n);
      if (!delay) return std::nullopt;
      return std::optional(std::optional(*delay));
    }};

constexpr std::string_view kPropertiesWanted =
    "a list of properties, like [never violation.agreement, sometimes commit]";

Json properties_schema() {
  return {{"type", {"array", "null"}},
          {"items", text_schema("(never|always|sometimes|eventually|report) +[a-z][a-z0-9_.-]*")}};
}
const Syntax<std::vector<AskedProperty>> kProperties{
    {"list of properties", kPropertiesWanted, &properties_schema},
    [](Reader& reader, const Node& node) -> std::optional<std::vector<AskedProperty>> {
      if (!reader.is_list(node, kPropertiesWanted)) return std::nullopt;
      std::vector<AskedProperty> all;
      for (const Node* item : node.items) {
        const std::string* text = reader.scalar(*item, "a property, like: never split");
        if (text == nullptr) continue;
        auto parsed = parse_property(*text, property_names(reader.file().scenario));
        if (parsed)
          all.push_back(std::move(*parsed.value));
        else
          reader.error(*item, parsed.error);
      }
      return all;
    }};

const Syntax<bool> kFaultChoice{
    {"`budget` or `scenario`", "budget or scenario", [] { return words_schema(kFaultsOf); }},
    [](Reader& r, const Node& n) { return read_word<bool>(r, n, kFaultsOf); }};

constexpr std::array<Field, 18> kExploreFields = {
    field<kFaultChoice, &Exploration::faults_of_scenario>(
        "faults", "budget",
        "`budget`: faults strike anywhere, as often as the budget here says. `scenario`: those of "
        "`faults` and of the network, where and when they say; every random choice with a "
        "probability above 0 is a branch, and what is never found has probability 0 in `solve`, "
        "which asks of the end and not of every "
        "moment. "
        "Times are the scenario's, constant or exponential; only `properties` may stand beside."),
    field<kTiming, &Exploration::timing>(
        "timing", "asynchronous",
        "`asynchronous`: a message takes any time, a timer may fire at any moment. `bounded`: a "
        "message arrives within its link's largest delay, a timer fires exactly after its length, "
        "local work and forced writes take exactly their largest time. "
        "`timed`: every time is exactly as long as the scenario says."),
    field<kVoteChoice, &Exploration::free_votes>(
        "votes", "scenario",
        "`scenario`: the votes that have a probability above 0. `free`: each may vote YES or NO, "
        "and READ if its `read_only` is above 0; one whose `read_only` is 1 votes READ."),
    field<kFaultCount, &Exploration::crashes>("crashes", "0",
                                              "Crashes in one run, at any moment: also in the "
                                              "middle of a step, between any two of its effects."),
    field<kSiteNames, &Exploration::crashable>("sites", {}, "Only these crash; absent: any."),
    field<kYesNo, &Exploration::recoveries>(
        "recoveries", "yes", "Whether a site that is down may come back, at any moment."),
    field<kBudget, &Exploration::losses>(
        "losses", "0",
        "Messages that get lost, any of them. Equal messages under way from one process to another "
        "are one: one loss takes all copies, so that a way with one loss may lose a message and "
        "its repetitions, and what holds with one holds against that too."),
    field<kBudget, &Exploration::duplications>(
        "duplications", "0",

        "Messages that arrive a second time. Equal messages under way "
        "from one process to another arrive once: that somebody gets two "
        "of them after something that was sent later than both is looked "
        "at with a duplication only."),
    field<kFaultCount, &Exploration::partitions>(
        "partitions", "0",
        "How often the network parts, at any moment, in any two groups of sites; messages under "
        "way between them are lost."),
    field<kYesNo, &Exploration::heals>("heals", "yes",
                                       "Whether a partition may end, at any moment."),
    field<kBudget, &Exploration::timeouts>(
        "timeouts", "any", "Time-outs that fire at each process, of those that have a length."),
    field<kRounds, &Exploration::rounds>(
        "rounds", {},
        "Ballots or elections that are followed, in protocols that count them. Absent: 2, and "
        "where more were possible the verdict is *incomplete*."),
    field<kBroadcast, &Exploration::separate_sends>(
        "broadcasts", "separate", "Whether a crash may fall between the sends of one broadcast."),
    field<kDelayBound, &Exploration::delay>(
        "delay", {}, "With `bounded`: the largest delay of every link, instead of the network's."),
    field<kYesNo, &Exploration::symmetry>(
        "symmetry", "yes",
        "Whether participants that are alike are not told apart. Faster; a crash may then cut a "
        "broadcast as if its sends left in any order, for which up to six may be alike. Never "
        "where a predicate of the scenario's own is asked, which may name one of them."),
    field<kYesNo, &Exploration::reduction>(
        "reduction", "yes",
        "Whether local situations that behave alike are not told apart and messages that nothing "
        "can come of are dropped. Far fewer worlds, the same verdicts and shortest depths."),
    field<kYesNo, &Exploration::partial_order>(
        "partial_order", "no",
        "Whether a process goes first where no other process can send it anything before, and no "
        "fault is left: worlds that differ only in whose turn it is are left out. Fewer worlds, "
        "the same verdicts; if something is met, it is looked for once more without, so that the "
        "way shown is a shortest one. With `asynchronous` timing and `reduction`."),
    field<kProperties, &Exploration::properties>(
        "properties", {},
        "What is asked: `never`, `always`, `sometimes`, `eventually` or `report`, and a predicate. "
        "Absent: AC1 to AC5 are never violated; whether anybody can be blocked, and whether "
        "commit and abort can be reached, is reported.")};

}  // namespace

const Section kExploreSection{
    "explore", "a mapping, like {crashes: 1, votes: free}",
    "For `indoubt explore`: every run of one transaction within a budget of faults. Faults of "
    "`faults` and probabilities play no part in it, unless it says `faults: scenario`.",
    kExploreFields};

}  // namespace indoubt
