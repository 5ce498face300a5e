#include "scenarios/fault_values.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "scenarios/concat.h"
#include "scenarios/known_names.h"
#include "scenarios/points.h"
#include "scenarios/read_scalar.h"
#include "scenarios/text_file.h"
#include "scenarios/value_schema.h"
#include "scenarios/words.h"
#include "sim/latency/text.h"

namespace indoubt {
namespace {

constexpr std::string_view kNamePattern = "[A-Za-z0-9][A-Za-z0-9_.-]{0,39}";

// ---- names -------------------------------------------------------------------------------------

std::optional<std::string> read_fault_name(Reader& reader, const Node& node) {
  const std::string* text = reader.scalar(node, kFaultName.wanted);
  if (text == nullptr) return std::nullopt;
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  const bool ok = !text->empty() && text->size() <= 40 && is_word(text->front()) &&
                  std::all_of(text->begin(), text->end(), [&](char c) {
                    return is_word(c) || c == '_' || c == '.' || c == '-';
                  });
  if (ok) return *text;
  reader.error(node, in_quotes(*text) +
                         " is no name of a fault; a name is made of letters, "
                         "digits, -, _ and ., at most 40 of them");
  return std::nullopt;
}

// ---- points and messages -----------------------------------------------------------------------

/// A point that none of the file's protocols has, though each of its names is one of theirs.
bool check_exists(Reader& reader, const Node& node, const Point& point) {
  const std::vector<Machine>& machines = known_names(reader).machines;
  const bool exists =
      machines.empty() || std::any_of(machines.begin(), machines.end(),
                                      [&](const Machine& m) { return has_point(m, point); });
  if (!exists)
    reader.error(node, in_quotes(node.text) + " is no point of any protocol of this file");
  return exists;
}

std::optional<Point> read_point(Reader& reader, const Node& node) {
  const PointNames& names = known_names(reader).points;
  auto point = read_parsed<Point>(reader, node, kPoint.wanted,
                                  [&](std::string_view text) { return parse_point(text, names); });
  if (point && !check_exists(reader, node, *point)) return std::nullopt;
  return point;
}

std::optional<std::string> read_message_type(Reader& reader, const Node& node) {
  const std::string* text = reader.scalar(node, kMessageType.wanted);
  if (text == nullptr) return std::nullopt;
  if (*text == kAnySite) return std::string();
  auto known = known_names(reader).points.messages;
  if (known.empty() || std::find(known.begin(), known.end(), *text) != known.end()) return *text;
  known.push_back(kAnySite);
  reader.error(node, in_quotes(*text) + " is no message of this file's protocols" +
                         choices(*text, "messages", known));
  return std::nullopt;
}

// ---- traces ------------------------------------------------------------------------------------

std::optional<FailureTrace> read_trace_file(Reader& reader, const Node& node) {
  const std::string* text = reader.scalar(node, kTraceFile.wanted);
  if (text == nullptr) return std::nullopt;
  const auto path = reader.beside(*text);
  TextFile file = read_text_file(path);
  if (!file.text) {
    reader.error(node, "file " + in_quotes(path.string()) + ": " + file.error);
    return std::nullopt;
  }
  return read_trace(Source(path.string(), std::move(*file.text)), reader.errors());
}

// ---- numbers -----------------------------------------------------------------------------------

constexpr std::uint64_t kMostTransactionNumber = 1'000'000'000'000'000 - 1;

std::optional<std::uint64_t> read_transaction(Reader& reader, const Node& node) {
  return read_parsed<std::uint64_t>(
      reader, node, "the number of a transaction, from 1",
      [](std::string_view text) { return parse_count(text, 1, kMostTransactionNumber); });
}

std::optional<std::vector<std::uint64_t>> read_transactions(Reader& reader, const Node& node) {
  std::vector<const Node*> items{&node};
  if (node.kind == Node::Kind::sequence) items = node.items;
  if (items.empty()) {
    reader.error(node, concat({"found an empty list; write ", kTransactionNumbers.wanted}));
    return std::nullopt;
  }
  std::vector<std::uint64_t> numbers;
  for (const Node* item : items) {
    const auto n = read_transaction(reader, *item);
    if (!n) return std::nullopt;
    if (!numbers.empty() && *n <= numbers.back()) {
      reader.error(*item, in_quotes(item->text) + " does not follow " +
                              std::to_string(numbers.back()) +
                              "; transactions stand in order, "
                              "each once");
      return std::nullopt;
    }
    numbers.push_back(*n);
  }
  return numbers;
}

Json transaction_schema() {
  return {{"anyOf",
           {{{"type", "integer"}, {"minimum", 1}, {"maximum", kMostTransactionNumber}},
            text_schema(kCountPattern)}}};
}
Json transactions_schema() {
  Json list{{"type", "array"}, {"minItems", 1}, {"items", transaction_schema()}};
  return {{"anyOf", {transaction_schema(), std::move(list)}}};
}

constexpr std::uint64_t kMostOrdinal = 1'000'000;
std::optional<int> read_ordinal(Reader& reader, const Node& node) {
  return read_parsed<int>(reader, node, kOrdinal.wanted,
                          [](std::string_view text) { return parse_count(text, 1, kMostOrdinal); });
}
Json ordinal_schema() {
  return {{"anyOf",
           {{{"type", "integer"}, {"minimum", 1}, {"maximum", kMostOrdinal}},
            text_schema(kCountPattern)}}};
}

struct Limits {
  double least, most;
};
constexpr Limits kFactors{1, 1e6}, kClockRates{0.01, 100};

std::optional<double> read_number(Reader& reader, const Node& node, Limits limits,
                                  std::string_view wanted) {
  const bool negative = node.kind == Node::Kind::scalar && !node.text.empty() &&
                        node.text.front() == '-' && parse_number(node.text.substr(1));
  const auto number = negative ? std::optional<double>(-1)
                               : read_parsed<double>(reader, node, wanted, &parse_number);
  if (!number || (*number >= limits.least && *number <= limits.most)) return number;
  reader.error(node, concat({in_quotes(node.text), " is out of range; allowed: ",
                             number_text(limits.least), " to ", number_text(limits.most)}));
  return std::nullopt;
}
Json number_schema(Limits limits) {
  return {{"type", "number"}, {"minimum", limits.least}, {"maximum", limits.most}};
}

Parsed<Duration> parse_signed(std::string_view text) {
  if (text.substr(0, 1) != "-") return parse_duration(text);
  auto length = parse_duration(text.substr(1));
  if (!length) return shifted(std::move(length.error), 1);
  return -*length.value;
}

std::optional<Duration> read_signed(Reader& reader, const Node& node) {
  return read_parsed<Duration>(reader, node, kSignedDuration.wanted, &parse_signed);
}

// ---- words -------------------------------------------------------------------------------------

constexpr std::array<std::string_view, 2> kDecisions = {"commit", "abort"};
constexpr std::array<std::string_view, 2> kLogs = {"kept", "lost"};
constexpr std::array<std::string_view, 2> kMessagesTo = {"lost", "held"};
constexpr std::array<std::string_view, 2> kDiskFailures = {"crash", "lie"};

std::optional<Outcome> read_decision(Reader& reader, const Node& node) {
  const auto abort = read_word<bool>(reader, node, kDecisions);
  if (!abort) return std::nullopt;
  return *abort ? Outcome::abort : Outcome::commit;
}

}  // namespace

const Syntax<std::string> kFaultName{
    {"label", "a name, like first-crash", [] { return text_schema(kNamePattern); }},
    &read_fault_name};
const Syntax<Point> kPoint{
    {"[point](#points)", kPointWanted, [] { return text_schema(point_pattern()); }}, &read_point};
const Syntax<std::string> kMessageType{{"message, or `any`", "a message, like PREPARE, or any",
                                        [] { return text_schema("[A-Za-z][A-Za-z0-9_-]*"); }},
                                       &read_message_type};
const Syntax<FailureTrace> kTraceFile{
    {"CSV file", "the name of a CSV file beside this one, like failures.csv",
     [] { return text_schema(".+"); }},
    &read_trace_file};
const Syntax<std::vector<std::uint64_t>> kTransactionNumbers{
    {"whole number, or a list of them", "one or more transactions, like [1, 17]",
     &transactions_schema},
    &read_transactions};
const Syntax<int> kOrdinal{{"whole number", "a whole number, like 1", &ordinal_schema},
                           &read_ordinal};
const Syntax<double> kFactor{
    {"number", "a number from 1, like 10", [] { return number_schema(kFactors); }, "10"},
    [](Reader& r, const Node& n) { return read_number(r, n, kFactors, kFactor.wanted); }};
const Syntax<double> kClockRate{
    {"number", "a number above 0, like 1.01", [] { return number_schema(kClockRates); }},
    [](Reader& r, const Node& n) { return read_number(r, n, kClockRates, kClockRate.wanted); }};
const Syntax<Duration> kSignedDuration{
    {"duration, with or without a `-`", "a number and its unit, like 5ms or -5ms",
     [] {
       return text_schema(concat({"-?", kDurationPattern}));
     }},
    &read_signed};
const Syntax<Outcome> kDecision{
    {"`commit` or `abort`", "commit or abort", [] { return words_schema(kDecisions); }, "abort"},
    &read_decision};
const Syntax<bool> kLogLost{
    {"`kept` or `lost`", "kept or lost", [] { return words_schema(kLogs); }},
    [](Reader& r, const Node& n) { return read_word<bool>(r, n, kLogs); }};
const Syntax<bool> kMessagesHeld{
    {"`lost` or `held`", "lost or held", [] { return words_schema(kMessagesTo); }},
    [](Reader& r, const Node& n) { return read_word<bool>(r, n, kMessagesTo); }};
const Syntax<bool> kLyingDisk{
    {"`crash` or `lie`", "crash or lie", [] { return words_schema(kDiskFailures); }},
    [](Reader& r, const Node& n) { return read_word<bool>(r, n, kDiskFailures); }};

}  // namespace indoubt
