#include "scenarios/values.h"

#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "scenarios/concat.h"
#include "scenarios/read_scalar.h"
#include "scenarios/value_schema.h"
#include "scenarios/words.h"
#include "sim/process/effect.h"

namespace indoubt {
namespace {

// ---- version, text ------------------------------------------------------------------------------

std::optional<int> read_version(Reader& reader, const Node& node) {
  const std::string* text = reader.scalar(node, kFormatVersion.wanted);
  if (text == nullptr) return std::nullopt;
  if (*text == "1") return 1;
  reader.error(node, "format version " + in_quotes(*text) + " is not known; the only one is 1");
  return std::nullopt;
}
Json version_schema() { return {{"enum", {1, "1"}}}; }

std::optional<std::string> read_text(Reader& reader, const Node& node) {
  constexpr std::size_t kMost = 200;
  const std::string* text = reader.scalar(node, kText.wanted);
  if (text == nullptr) return std::nullopt;
  std::string line = *text;
  while (!line.empty() && line.back() == '\n') line.pop_back();
  if (line.find('\n') == std::string::npos && line.size() <= kMost) return line;
  reader.error(node, "is longer than one line of 200 bytes; tell more in a # comment");
  return std::nullopt;
}
Json line_schema() { return {{"type", {"string", "number"}}, {"maxLength", 200}}; }

// ---- numbers and durations ----------------------------------------------------------------------

std::optional<double> read_probability(Reader& reader, const Node& node) {
  return read_parsed<double>(reader, node, kProbability.wanted, &parse_probability);
}
Json probability_schema() {
  return {
      {"anyOf",
       {{{"type", "number"}, {"minimum", 0}, {"maximum", 1}}, text_schema(kProbabilityPattern)}}};
}

std::optional<Duration> read_duration(Reader& reader, const Node& node) {
  return read_parsed<Duration>(reader, node, kDuration.wanted, &parse_duration);
}
std::optional<Duration> read_positive_duration(Reader& reader, const Node& node) {
  const auto length = read_duration(reader, node);
  if (!length || *length > Duration{0}) return length;
  reader.error(node, in_quotes(node.text) + " is too short; allowed: more than 0");
  return std::nullopt;
}
Json duration_schema() { return text_schema(kDurationPattern); }

constexpr std::string_view kWantedCount = "a whole number, like 1000";

template <std::uint64_t kLeast, std::uint64_t kMost, class V>
std::optional<V> read_count(Reader& reader, const Node& node) {
  return read_parsed<V>(reader, node, "a whole number",
                        [](std::string_view text) { return parse_count(text, kLeast, kMost); });
}
template <std::uint64_t kLeast, std::uint64_t kMost>
Json count_schema() {
  return {{"anyOf",
           {{{"type", "integer"}, {"minimum", kLeast}, {"maximum", kMost}},
            text_schema(kCountPattern)}}};
}

// ---- words --------------------------------------------------------------------------------------

constexpr std::array<std::string_view, 2> kRequestIds = {"new", "repeated"};
constexpr std::array<std::string_view, 2> kSitePlaces = {"own", "coordinator"};
constexpr std::array<std::string_view, 2> kOrders = {"none", "fifo"};
constexpr std::array<std::string_view, 2> kSiteKinds = {"fresh", "shared"};
constexpr std::array<std::string_view, 2> kNoYes = {"no", "yes"};

// ---- arrivals -----------------------------------------------------------------------------------

constexpr double kLeastPoissonGap = 10;  // nanoseconds: see sim/engine/arrival_gap.h
constexpr std::uint64_t kMostClients = 100'000;
constexpr std::string_view kArrivalsForms = "one-by-one, poisson 200/s, every 5ms or closed 20";

Parsed<Arrivals> parse_arrivals(std::string_view text) {
  if (text == "one-by-one") return Arrivals{};
  const std::size_t space = text.find(' ');
  const std::string_view word = text.substr(0, space);
  const std::size_t at = std::min(text.find_first_not_of(' ', space), text.size());
  const std::string_view rest = text.substr(at);
  if (word == "poisson") {
    const auto gap = parse_rate(rest);
    if (!gap) return shifted(gap.error, at);
    if (*gap.value < kLeastPoissonGap)
      return TextError{in_quotes(rest) +
                           " is too fast: virtual time has whole nanoseconds, which would distort "
                           "gaps of less than 10ns on average; allowed: at most 100000000/s",
                       at, rest.size()};
    return Arrivals{Arrivals::Kind::poisson, *gap.value, 0};
  }
  if (word == "every") {
    const auto gap = parse_duration(rest);
    if (!gap) return shifted(gap.error, at);
    if (*gap.value == Duration{0})
      return TextError{in_quotes(rest) + " is too short; a gap is more than 0", at, rest.size()};
    return Arrivals{Arrivals::Kind::constant, static_cast<double>(gap.value->count()), 0};
  }
  if (word == "closed") {
    std::uint64_t clients = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), clients);
    const bool whole = error == std::errc{} && end == rest.data() + rest.size();
    if (!whole || clients == 0 || clients > kMostClients)
      return TextError{in_quotes(rest) + " is no number of clients; allowed: 1 to 100000", at,
                       rest.size()};
    return Arrivals{Arrivals::Kind::closed, 0, static_cast<std::uint32_t>(clients)};
  }
  constexpr std::array<std::string_view, 4> kWords = {"one-by-one", "poisson", "every", "closed"};
  const std::string_view meant = nearest(word, kWords);
  return error_at({word, 0}, concat({in_quotes(word), " is no way to arrive; ",
                                     meant.empty() ? "" : "did you mean ", meant,
                                     meant.empty() ? "" : "? ", "write ", kArrivalsForms}));
}

std::optional<Arrivals> read_arrivals(Reader& reader, const Node& node) {
  return read_parsed<Arrivals>(reader, node, kArrivals.wanted, &parse_arrivals);
}
Json arrivals_schema() {
  return text_schema("one-by-one|poisson +" + std::string(kRatePattern) + "|every +" +
                     std::string(kDurationPattern) + "|closed +[1-9][0-9]*");
}

}  // namespace

const Syntax<int> kFormatVersion{{"`1`", "the number 1", &version_schema, "1"}, &read_version};
const Syntax<std::string> kText{{"text", "one line of text", &line_schema}, &read_text};
const Syntax<double> kProbability{
    {"probability", "a probability, like 0.99 or 99%", &probability_schema}, &read_probability};
const Syntax<Duration> kDuration{
    {"duration", "a number and its unit, like 5ms", &duration_schema, "5s"}, &read_duration};
const Syntax<Duration> kPositiveDuration{
    {"duration", "a number and its unit, like 5ms", &duration_schema}, &read_positive_duration};
const Syntax<std::uint64_t> kPositiveCount{
    {"whole number", kWantedCount, &count_schema<1, kMostTransactions>},
    &read_count<1, kMostTransactions, std::uint64_t>};
const Syntax<std::uint64_t> kSeed{{"whole number", kWantedCount, &count_schema<0, kNoLimit>},
                                  &read_count<0, kNoLimit, std::uint64_t>};
const Syntax<int> kParticipantCount{
    {"whole number", kWantedCount, &count_schema<1, kMostProcesses - 1>},
    &read_count<1, kMostProcesses - 1, int>};
const Syntax<int> kWeight{{"whole number", kWantedCount, &count_schema<0, kMostWeight>},
                          &read_count<0, kMostWeight, int>};
const Syntax<int> kAttempts{{"whole number", kWantedCount, &count_schema<1, 1000>},
                            &read_count<1, 1000, int>};
const Syntax<bool> kYesNo{{"`yes` or `no`", "yes or no", [] { return words_schema(kNoYes); }},
                          [](Reader& r, const Node& n) { return read_word<bool>(r, n, kNoYes); }};
const Syntax<bool> kRequestId{
    {"`new` or `repeated`", "new or repeated", [] { return words_schema(kRequestIds); }},
    [](Reader& r, const Node& n) { return read_word<bool>(r, n, kRequestIds); }};
const Syntax<bool> kSitePlace{
    {"`own` or `coordinator`", "own or coordinator", [] { return words_schema(kSitePlaces); }},
    [](Reader& r, const Node& n) { return read_word<bool>(r, n, kSitePlaces); }};
const Syntax<bool> kMessageOrder{
    {"`none` or `fifo`", "none or fifo", [] { return words_schema(kOrders); }},
    [](Reader& r, const Node& n) { return read_word<bool>(r, n, kOrders); }};
const Syntax<Sites> kSites{
    {"`fresh` or `shared`", "fresh or shared", [] { return words_schema(kSiteKinds); }},
    [](Reader& r, const Node& n) { return read_word<Sites>(r, n, kSiteKinds); }};
const Syntax<Arrivals> kArrivals{
    {"`one-by-one`, `poisson RATE`, `every DURATION` or `closed CLIENTS`", kArrivalsForms,
     &arrivals_schema},
    &read_arrivals};

}  // namespace indoubt
